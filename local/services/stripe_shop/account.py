"""An account's charges, refunds and disputes, listed as Stripe does: the newest first."""

from __future__ import annotations

import bisect
import copy
from collections.abc import Callable, Sequence
from typing import Any

Document = dict[str, Any]


class ObjectList:
    """Objects of one kind, by when they were created and then by their id."""

    def __init__(self) -> None:
        self._places: list[tuple[int, str]] = []
        self._documents: dict[str, Document | Callable[[], Document]] = {}

    def put(self, name: str, created: int, document: Document | Callable[[], Document]) -> None:
        """Add an object, or replace one. A function makes it when it is listed."""
        if name not in self._documents:
            bisect.insort(self._places, (created, name))
        self._documents[name] = document

    def get(self, name: str) -> Document | None:
        """Return an object, None when there is none."""
        document = self._documents.get(name)
        return document() if callable(document) else copy.deepcopy(document)

    def remove(self, name: str) -> None:
        """Let an object be gone."""
        del self._documents[name]
        self._places = [place for place in self._places if place[1] != name]

    def names(self) -> list[str]:
        """Return the ids of all objects, the oldest first."""
        return [name for _, name in self._listed()]

    def newest(
        self, *, since: int | None, until: int | None, after: str, limit: int
    ) -> tuple[list[Document], bool] | None:
        """Return objects between two seconds, these included, and whether there are more.

        None where ``after`` is no object.
        """
        places = self._listed()
        low = 0 if since is None else bisect.bisect_left(places, (since, ""))
        high = len(places) if until is None else bisect.bisect_left(places, (until + 1, ""))
        if after:
            last = self.get(after)
            if last is None:
                return None
            high = min(high, bisect.bisect_left(places, (last["created"], after)))
        chosen = places[max(low, high - limit) : high]
        documents = [self.get(name) for _, name in reversed(chosen)]
        return [one for one in documents if one is not None], high - len(chosen) > low

    def _listed(self) -> Sequence[tuple[int, str]]:
        return self._places


class AccountContent:
    """Charges with their customers and balance transactions, refunds and disputes.

    Objects name each other by id, as Stripe's do. ``expand`` puts one in place of its id.

    Attributes
    ----------
    others
        Customers and balance transactions, by id.
    make_other
        Makes one of them that is not there, or returns None.
    """

    def __init__(self) -> None:
        self.charges, self.refunds, self.disputes = ObjectList(), ObjectList(), ObjectList()
        self.others: dict[str, Document] = {}
        self.make_other: Callable[[str], Document | None] = lambda _name: None

    def expanded(self, document: Document, paths: Sequence[Sequence[str]]) -> Document:
        """Return an object with the objects of these paths in place of their ids."""
        for field, *deeper in paths:
            value = document.get(field)
            if isinstance(value, str):
                value = document[field] = self._named(field, value) or value
            if deeper and isinstance(value, dict):
                self.expanded(value, [deeper])
        return document

    def _named(self, field: str, name: str) -> Document | None:
        if field == "charge":
            return self.charges.get(name)
        return copy.deepcopy(self.others.get(name)) or self.make_other(name)
