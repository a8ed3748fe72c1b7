"""A Stripe account on the loopback interface: lists of charges, refunds and disputes.

Strict about what Stripe's OpenAPI description says of our requests. Any other request gets 404.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request, Response

from local.services.frame.http_service import HttpService, ReceivedRequest, Rejected
from local.services.stripe_shop.account import AccountContent, ObjectList
from local.services.stripe_shop.parameters import EXPANDABLE, asked_for

VERSION = "2026-08-26.dahlia"
_KEY = re.compile(r"Bearer rk_live_[A-Za-z0-9]+")
_OURS = 500


class StripeAccount(HttpService):
    """An account in live mode.

    Attributes
    ----------
    account
        What it has.
    """

    DESTINATION = "stripe"
    REMEMBERS = ("account",)
    KEY = "rk_live_" + "0" * 24

    def __init__(self, account: AccountContent | None = None) -> None:
        super().__init__()
        self.account = AccountContent() if account is None else account
        self._asking = threading.Lock()
        self._query: list[tuple[str, str]] = []

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return nobody: an account is only read."""
        return {}

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error as Stripe has it."""
        kind = "api_error" if status >= _OURS else "invalid_request_error"
        parameter = {"param": pointer} if pointer else {}
        return {"error": {"type": kind, "message": words, **parameter}}

    def respond(self, request: Request) -> Response:
        """Respond to one request, in which ``expand[]`` may come several times."""
        with self._asking:
            self._query = parse_qsl(request.query_string.decode(), keep_blank_values=True)
            return super().respond(request)

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Route a request with valid headers."""
        if not _KEY.fullmatch(request.headers.get("authorization", "")):
            raise Rejected(401, "Invalid API Key provided")
        if request.headers.get("stripe-version") != VERSION:
            raise Rejected(400, f"expected the header Stripe-Version: {VERSION}")
        name = request.path.removeprefix("/v1/")
        if request.method != "GET" or name not in EXPANDABLE:
            raise Rejected(404, f"Unrecognized request URL ({request.method}: {request.path})")
        asked = asked_for(name, self._query)
        objects: ObjectList = getattr(self.account, name)
        page = objects.newest(
            since=asked.since, until=asked.until, after=asked.after, limit=asked.limit
        )
        if page is None:
            raise Rejected(400, f"No such object: '{asked.after}'", pointer="starting_after")
        data = [self.account.expanded(one, asked.expand) for one in page[0]]
        return 200, {"object": "list", "url": f"/v1/{name}", "has_more": page[1], "data": data}
