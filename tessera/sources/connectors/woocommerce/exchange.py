"""The requests of one page: lists of orders, and after each list the refunds of its orders."""

from __future__ import annotations

import collections
from collections.abc import Iterator, Sequence

from tessera.destinations.requests import Malformed, Response
from tessera.sources.connectors.json_values import Json, objects
from tessera.sources.connectors.woocommerce.orders import has_refunds, order_id
from tessera.sources.connectors.woocommerce.place import END, ORDERS, OrdersPlace

TOTAL = "x-wp-total"
_REFUNDS = "id,date_created_gmt,amount,line_items,shipping_lines,fee_lines"
_MISSING = 404


class Exchange:
    """Replays the responses of a page.

    Parameters
    ----------
    place
        Where the page begins. None at the beginning of a pull.
    since
        Where the pull begins: ISO 8601 in UTC, without an offset. Empty for everything.
    responses
        In the order of their requests.
    lists, size
        How many lists a page has at most, and how many orders or refunds a list.
    """

    def __init__(
        self,
        place: OrdersPlace | None,
        *,
        since: str,
        responses: Sequence[Response],
        lists: int,
        size: int,
    ) -> None:
        self._since = since
        self.place = place or (OrdersPlace(after=since) if since else OrdersPlace())
        self.listed = 0
        self._lists, self._size = lists, size
        self._orders: list[tuple[Json, str]] = []  # with the phase that listed them
        self._refunds: dict[str, list[Json]] = collections.defaultdict(list)
        self._gone: set[str] = set()
        self._asking: collections.deque[tuple[str, int]] = collections.deque()
        for response in responses:
            if self._asking:
                self._take_refunds(response)
            else:
                self._take_orders(response)

    @property
    def next_path(self) -> str:
        """The next request, empty when the page is complete."""
        if self._asking:
            name, page = self._asking[0]
            query = f"per_page={self._size}&page={page}&_fields={_REFUNDS}"
            return f"/orders/{name}/refunds?{query}"
        if self.place.phase == END or self.listed >= self._lists:
            return ""
        return self.place.path(self._size)

    def orders(self) -> Iterator[tuple[Json, list[Json], bool]]:
        """Yield each order as it was listed last, its refunds, and whether it is gone."""
        latest = {order_id(order): (order, phase) for order, phase in self._orders}
        for name, (order, phase) in latest.items():
            refunds = self._refunds[name] if has_refunds(order) else []
            yield order, refunds, phase != ORDERS or name in self._gone

    def _take_orders(self, response: Response) -> None:
        orders = _listed(response)
        if any(not order_id(order) for order in orders):
            raise Malformed("an order has no id")
        phase = self.place.phase
        self.place = self.place.following(
            orders, total=_total(response), size=self._size, since=self._since
        )
        self.listed += 1
        self._orders += [(order, phase) for order in orders]
        if phase == ORDERS:
            names = dict.fromkeys(order_id(order) for order in orders if has_refunds(order))
            self._asking.extend((name, 1) for name in names)
            for name in names:
                self._refunds.pop(name, None)  # of an order that an earlier list had too

    def _take_refunds(self, response: Response) -> None:
        name, page = self._asking.popleft()
        if response.status == _MISSING:
            self._gone.add(name)  # deleted since it was listed
            return
        refunds = _listed(response)
        self._refunds[name] += refunds
        if len(refunds) == self._size:
            self._asking.appendleft((name, page + 1))


def _listed(response: Response) -> list[Json]:
    listed = objects(response.body)
    if not isinstance(response.body, list) or len(listed) != len(response.body):
        raise Malformed(f"a response {response.status} is no list")
    return listed


def _total(response: Response) -> int:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if not headers.get(TOTAL, "").isdecimal():
        raise Malformed("a list has no header X-WP-Total: something on the way removes it")
    return int(headers[TOTAL])
