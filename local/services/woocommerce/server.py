"""A WooCommerce store on the loopback interface: lists of orders, and refunds of an order.

Strict about what the controllers of its REST API, version 3, say of our requests. Any other
request gets 404.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from local.services.frame.http_service import HttpService, ReceivedRequest, Rejected
from local.services.woocommerce.book import OrderBook
from local.services.woocommerce.parameters import parameters_of

REDIRECTS, WARNINGS, MARK = "redirects", "warnings", "mark"  # what a site may do wrong
_REFUNDS = re.compile(r"/orders/(\d+)/refunds")
_CODES = {
    400: "rest_invalid_param",
    401: "woocommerce_rest_cannot_view",
    404: "rest_no_route",
    429: "too_many_requests",
    500: "internal_server_error",
}
_PHP = b"<br />\n<b>Warning</b>:  Undefined array key in /plugins/extra.php on line 7<br />\n"


class WooCommerceStore(HttpService):
    """A store.

    Attributes
    ----------
    book
        Its orders.
    oddity
        What its site does wrong with all responses, empty for nothing.
    """

    DESTINATION = "woocommerce"
    REMEMBERS = ("book",)
    KEY, SECRET = "ck_" + "0" * 40, "cs_" + "0" * 40

    def __init__(self, book: OrderBook | None = None) -> None:
        super().__init__()
        self.book = OrderBook() if book is None else book
        self.oddity = ""
        self._headers: dict[str, str] = {}

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return nobody: a shop is only read."""
        return {}

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error as WordPress has it."""
        data = {"status": status, **({"params": pointer} if pointer else {})}
        return {"code": _CODES.get(status, "error"), "message": words, "data": data}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Route a request with a valid key."""
        self._headers = {}
        self._check_key(request)
        if request.method != "GET":
            raise Rejected(404, "No route was found matching the URL and request method.")
        if request.path == "/orders":
            return 200, self._orders(request)
        matched = _REFUNDS.fullmatch(request.path)
        if matched:
            return 200, self._refunds(int(matched[1]), request)
        raise Rejected(404, "No route was found matching the URL and request method.")

    def _handled(self, request: ReceivedRequest) -> Response:
        response = super()._handled(request)
        response.headers.update(self._headers)
        if self.oddity == REDIRECTS:
            moved = {"Location": f"https://www.shop.example.com{request.path}"}
            return Response("", 301, moved, content_type="text/html")
        if self.oddity == WARNINGS:
            response.data = _PHP + response.data
        if self.oddity == MARK:
            response.data = "\ufeff".encode() + response.data
        return response

    def _check_key(self, request: ReceivedRequest) -> None:
        scheme, _, pair = request.headers.get("authorization", "").partition(" ")
        expected = base64.b64encode(f"{self.KEY}:{self.SECRET}".encode()).decode()
        if scheme != "Basic" or pair != expected:
            raise Rejected(401, "Sorry, you cannot list resources.")

    def _orders(self, request: ReceivedRequest) -> list[Any]:
        asked = parameters_of(request.query)
        if asked["orderby"] not in ("id", "modified") or asked["order"] != "asc":
            raise Rejected(501, "only ascending lists by id and by modification are served locally")
        if asked["status"] not in ("any", "trash"):
            raise Rejected(501, "only the statuses any and trash are served locally")
        ids = self.book.ids(
            after=asked["modified_after"],
            before=asked["modified_before"],
            by_id=asked["orderby"] == "id",
            trash=asked["status"] == "trash",
        )
        listed = self._page(ids, asked).tolist()
        return [_chosen(self.book.get(one)[0], asked) for one in listed]

    def _refunds(self, order_id: int, request: ReceivedRequest) -> list[Any]:
        """List an order's refunds. Of an order that is gone WooCommerce lists none."""
        asked = parameters_of(request.query)
        refunds = self.book.get(order_id)[1] if self.book.has(order_id) else []
        refunds.sort(key=lambda one: (one["date_created_gmt"], one["id"]), reverse=True)
        return [_chosen(one, asked) for one in self._page(refunds, asked)]

    def _page(self, listed: Any, asked: Mapping[str, Any]) -> Any:
        size, start = asked["per_page"], (asked["page"] - 1) * asked["per_page"]
        pages = -(-len(listed) // size)
        self._headers = {"X-WP-Total": str(len(listed)), "X-WP-TotalPages": str(pages)}
        return listed[start : start + size]


def _chosen(document: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    fields = asked["_fields"]
    return {name: value for name, value in document.items() if not fields or name in fields}
