"""A store's orders: made up by their number, or given one by one, and listed as WordPress does."""

from __future__ import annotations

import copy
import datetime as dt
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

Order = dict[str, Any]
_SMALL = 10_000


def second_of(instant: str) -> int:
    """Return an instant without an offset as seconds of UTC."""
    return int(dt.datetime.fromisoformat(instant).replace(tzinfo=dt.UTC).timestamp())


def instant_of(second: int) -> str:
    """Return seconds of UTC as WooCommerce writes them, without an offset."""
    moment = dt.datetime.fromtimestamp(second, tz=dt.UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds")


class OrderBook:
    """Orders with their refunds.

    Parameters
    ----------
    made
        The seconds at which made-up orders were modified, by their number. Their ids begin with 1.
    make
        Makes one of them, with its refunds.
    """

    def __init__(
        self,
        made: Iterable[int] = (),
        *,
        make: Callable[[int], tuple[Order, list[Order]]] | None = None,
    ) -> None:
        self._make = make
        self._own: dict[int, tuple[Order, list[Order]]] = {}
        self._modified = dict(enumerate(made, 1))
        self._sorted: tuple[np.ndarray, np.ndarray] | None = None
        self._trash: set[int] = set()
        self._salt = 0

    def put(self, order: Order, refunds: Iterable[Order] = ()) -> None:
        """Add an order, or replace one."""
        self._trash.discard(order["id"])
        self._own[order["id"]] = (copy.deepcopy(order), copy.deepcopy(list(refunds)))
        self._modified[order["id"]] = second_of(order["date_modified_gmt"])
        self._sorted = None

    def change(self, order_id: int, at: str, **fields: Any) -> None:
        """Change fields of an order at an instant."""
        order, refunds = self.get(order_id)
        self.put({**order, **fields, "date_modified_gmt": at}, refunds)

    def refund(self, order_id: int, refund: Order) -> None:
        """Give money of an order back, which modifies it."""
        order, refunds = self.get(order_id)
        listed = [*order["refunds"], {"id": refund["id"], "total": f"-{refund['amount']}"}]
        changed = {**order, "refunds": listed, "date_modified_gmt": refund["date_created_gmt"]}
        self.put(changed, [*refunds, refund])

    def trash(self, order_id: int, at: str) -> None:
        """Put an order into the trash at an instant. Lists of orders omit it then."""
        self.change(order_id, at, status="trash")
        self._trash.add(order_id)

    def delete(self, order_id: int) -> None:
        """Delete an order for good: nothing shows that it was there."""
        self._own.pop(order_id, None)
        self._trash.discard(order_id)
        del self._modified[order_id]
        self._sorted = None

    def get(self, order_id: int) -> tuple[Order, list[Order]]:
        """Return an order and its refunds."""
        if order_id in self._own:
            return copy.deepcopy(self._own[order_id])
        assert self._make is not None  # noqa: S101 (only made-up orders are not given)
        return self._make(order_id)

    def has(self, order_id: int) -> bool:
        """Return whether the order is there."""
        return order_id in self._modified

    def in_trash(self, order_id: int) -> bool:
        """Return whether the order is in the trash."""
        return order_id in self._trash

    def __len__(self) -> int:
        return len(self._modified)

    def ids(self, *, after: int | None, before: int | None, by_id: bool, trash: bool) -> np.ndarray:
        """Return the ids of orders that were modified between two seconds, without these.

        Either those in the trash, or the others.

        Orders of one second come in any order, and in another one at each call, as from a
        database without a second column to sort by.
        """
        seconds, ids = self._by_modification()
        low = 0 if after is None else int(np.searchsorted(seconds, after, side="right"))
        high = len(ids) if before is None else int(np.searchsorted(seconds, before, side="left"))
        chosen = ids[low:high]
        if trash or self._trash:
            chosen = chosen[np.isin(chosen, list(self._trash)) == trash]
        return np.sort(chosen) if by_id else chosen

    def _by_modification(self) -> tuple[np.ndarray, np.ndarray]:
        self._salt += 1
        if self._sorted is None or len(self._modified) <= _SMALL:
            ids = np.fromiter(self._modified.keys(), dtype=np.int64, count=len(self._modified))
            seconds = np.fromiter(self._modified.values(), dtype=np.int64, count=len(ids))
            chance = [zlib.crc32(f"{self._salt} {one}".encode()) for one in ids.tolist()[:_SMALL]]
            ties = np.array(chance, dtype=np.int64) if len(ids) <= _SMALL else ids
            places = np.lexsort((ties, seconds))
            self._sorted = (seconds[places], ids[places])
        return self._sorted
