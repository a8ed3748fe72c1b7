"""WooCommerce's REST API, version 3: https://woocommerce.github.io/woocommerce-rest-api-docs.

A store's owner makes the key under WooCommerce → Settings → Advanced → REST API, with the
permission *Read*. It is sent as basic authentication, and so over HTTPS alone.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn
from urllib.parse import urlsplit

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.requests import Malformed, Request, Response
from tessera.errors import InvalidInput
from tessera.events.reasons import CANCELLED_ORDER
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.json_values import Json
from tessera.sources.connectors.port import PulledPage, PulledRecord
from tessera.sources.connectors.woocommerce.exchange import Exchange
from tessera.sources.connectors.woocommerce.orders import order_id, rows_of, status_of, void_reason
from tessera.sources.connectors.woocommerce.place import END, OrdersPlace, moved
from tessera.sources.orders.money import Included

_API = "/wp-json/wc/v3"
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
_OTHER_STATUSES = "status"  # of the cursor's counts: statuses beside WooCommerce's own
_KNOWN = frozenset({"completed", "processing", "on-hold", "refunded"})


class WooCommerce:
    """A store.

    Parameters
    ----------
    account
        The store's address: ``shop.example.com``, with its folder where it has one.
    included
        What counts as a customer's money beside goods.
    lists
        How many lists of orders a page has: a pull that is killed asks for them again.
    size
        How many orders a list has. WooCommerce lists no more than 100.
    overlap
        What is asked for again, because an order may be stored later than its instant.

    Raises
    ------
    InvalidInput
        The account is no address that a key may be sent to.
    """

    NAME = "woocommerce"
    SECRET_FIELDS: tuple[str, ...] = ("consumer_key", "consumer_secret")
    # WooCommerce has no limit. One request after another is what a small server bears.
    CAPABILITIES = Capabilities(requests=True, requests_per_minute=600)

    def __init__(
        self,
        account: str,
        *,
        included: Included = Included(),  # noqa: B008 (frozen)
        lists: int = 20,
        size: int = 100,
        overlap: dt.timedelta = dt.timedelta(minutes=10),
    ) -> None:
        self.account = account_of(account)
        self.TITLE = f"WooCommerce at {self.account}"
        self.BASE_URL = f"https://{self.account}{_API}"
        self._included = included
        self._lists, self._size, self._overlap = lists, size, overlap

    def auth(self, secret: Mapping[str, str]) -> Mapping[str, str]:
        """Return the header with the key."""
        pair = f"{secret['consumer_key']}:{secret['consumer_secret']}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def base_url(self, secret: Mapping[str, str]) -> str:
        """Return the URL of the API. As somebody names it, it has to be a public one."""
        del secret
        return self.BASE_URL

    def next_request(self, cursor: PullCursor, responses: Sequence[Response]) -> Request | None:
        """Return the next request of a page."""
        if responses:
            self._check(responses[-1])
        path = self._exchange(cursor, responses).next_path
        return Request("GET", path) if path else None

    def read(self, cursor: PullCursor, responses: Sequence[Response]) -> PulledPage:
        """Return the orders of a page."""
        exchange = self._exchange(cursor, responses)
        records, counts = [], {"lists": exchange.listed, "refunded": 0}
        for order, refunds, gone in exchange.orders():
            records.append(self._record(cursor, order, refunds, gone=gone))
            counts["refunded"] += bool(refunds)
            status = status_of(order)
            if records[-1].rows and status not in _KNOWN:
                name = f"{_OTHER_STATUSES}:{status}"
                counts[name] = counts.get(name, 0) + 1
        done = exchange.place.phase == END
        return PulledPage(
            records=records,
            place=exchange.place.to_json(),
            done=done,
            next_since=(exchange.place.last or cursor.since) if done else "",
            counts=counts,
        )

    def conclude(self, cursor: PullCursor) -> tuple[str, ...]:
        """Return which statuses of plug-ins count as sales."""
        prefix = f"{_OTHER_STATUSES}:"
        own = [name.removeprefix(prefix) for name in cursor.counts if name.startswith(prefix)]
        if not own:
            return ()
        named = ", ".join(repr(name) for name in sorted(own))
        return (f"{self.TITLE}: orders of the status {named} count, as in WooCommerce's reports.",)

    def unreadable(self, response: Response) -> NoReturn:
        """Say what a response without JSON means.

        Raises
        ------
        InvalidInput
            The store's URL leads elsewhere.
        Malformed
            A page or a message came instead of orders.
        """
        headers = {name.lower(): value for name, value in response.headers.items()}
        if 300 <= response.status < 400:
            there = urlsplit(headers.get("location", ""))
            raise InvalidInput(
                f"{self.TITLE} redirects to {there.scheme}://{there.hostname}: name the "
                "address at which the store answers"
            )
        if "html" in headers.get("content-type", ""):
            raise Malformed(
                "a web page came instead of orders: open the address /wp-json/wc/v3 of the store, "
                "and look for maintenance, a security plug-in, or permalinks that are set to Plain"
            )
        raise Malformed(
            "there is other text before or in its JSON, as when PHP shows warnings of a plug-in: "
            "set WP_DEBUG_DISPLAY to false in the store's wp-config.php"
        )

    def _exchange(self, cursor: PullCursor, responses: Sequence[Response]) -> Exchange:
        place = OrdersPlace.parse(cursor.place) if cursor.place else None
        since = moved(cursor.since, -self._overlap) if cursor.since else ""
        return Exchange(place, since=since, responses=responses, lists=self._lists, size=self._size)

    def _record(
        self, cursor: PullCursor, order: Json, refunds: Sequence[Json], *, gone: bool
    ) -> PulledRecord:
        """Return an order as it is now. What is read later counts, whatever its shop's clock."""
        rows = () if gone else tuple(rows_of(order, refunds, included=self._included))
        reason = CANCELLED_ORDER.code if gone else void_reason(order)
        return PulledRecord(
            key=order_id(order),
            changed_at=cursor.started_at,
            rows=rows,
            reason="" if rows else reason,
        )

    def _check(self, response: Response) -> None:
        """Refuse to go on after an error that asking again does not mend."""
        if response.status < 400:
            return
        body = response.body if isinstance(response.body, Mapping) else {}
        code = str(body.get("code", ""))[:80]
        if response.status == 404 and code in ("", "rest_no_route"):
            raise InvalidInput(
                f"{self.TITLE} has no REST API at {_API}: check its address, that WooCommerce "
                "is active, and that Settings → Permalinks is not set to Plain"
            )
        if response.status != 404:
            raise InvalidInput(
                f"{self.TITLE} refuses a request ({response.status} {code}): WooCommerce 5.8 or "
                "newer is needed. If it is, a plug-in changes its REST API"
            )


def account_of(address: str) -> str:
    """Return a store by its address: its host, and its folder where it has one.

    Raises
    ------
    InvalidInput
        It is none that a key may be sent to.
    """
    text = address.strip()
    url = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port = "", None
    extra = url.username or url.password or url.query or url.fragment
    if url.scheme != "https" or not _HOST.fullmatch(host) or extra:
        raise InvalidInput(
            f"{text[:100]!r} is no address of a store: expected https and its host, such as "
            "shop.example.com"
        )
    return f"{host}{f':{port}' if port else ''}{url.path.rstrip('/')}"
