"""Batches of a warehouse: one that is rejected is halved until the customers to blame are alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from adapters.destinations.warehouse.errors import Wrong
from tessera.destinations.port import Item, Outcome
from tessera.destinations.requests import sort_out
from tessera.destinations.warehouse import tables as warehouse
from tessera.destinations.warehouse.tables import Dialect
from tessera.errors import Refused
from tessera.records.loads.load import Refusal

_LATE = ("late", "there was no time for it")
_HOPELESS = 5  # customers refused one by one and none taken: it isn't the customers


class Bisection:
    """Sends a warehouse's batches, and isolates the customers that it refuses.

    Parameters
    ----------
    load
        Brings a batch into the tables, or raises Wrong and leaves them as they were.
    dialect, schema
        The warehouse, and where its tables are.
    seconds
        The time limit for one batch.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        load: Callable[[Sequence[Item]], Outcome],
        *,
        dialect: Dialect,
        schema: Callable[[], str],
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._dialect = dialect
        self._schema = schema
        self._seconds = seconds
        self._clock = clock
        self._taken = False
        self._alone = 0

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert a batch atomically. If it is rejected, bisect it to isolate the customers."""
        misfits = {
            index: why
            for index, item in enumerate(items)
            if (why := warehouse.misfit(item, dialect=self._dialect))
        }
        fitting = [item for index, item in enumerate(items) if index not in misfits]
        refused = Outcome(refused=sort_out(items, misfits).refused)
        until = self._clock() + self._seconds
        return refused + self._send(fitting, until) if fitting else refused

    def _send(self, items: Sequence[Item], until: float) -> Outcome:
        try:
            outcome = self._load(items)
        except Wrong as wrong:
            if len(items) == 1:
                return self._refused(items[0], wrong)
        else:
            self._taken = self._taken or bool(outcome.acknowledged)
            return outcome
        if self._clock() >= until:
            return sort_out(items, {}, again=_LATE)
        middle = len(items) // 2
        return self._send(items[:middle], until) + self._send(items[middle:], until)

    def _refused(self, item: Item, wrong: Wrong) -> Outcome:
        self._alone += 1
        if self._alone >= _HOPELESS and not self._taken:
            raise Refused(
                f"{self._dialect.title} rejected every customer ({wrong.code}): check what changed "
                f"in the tables of schema {self._schema()!r}"
            )
        refusal = Refusal(item.key, item.customer_id, wrong.code, wrong.words)
        return Outcome(refused=(refusal,))
