"""What is known of a customer: enough to score, and to know an event that comes again.

Each value is a sum, a least, a greatest or a set. So the order of events decides nothing, and an
event that comes again changes nothing. What would need a subtraction is left to the next run: an
order of two uploads, of which the newer replaces the older, and an order that was both cancelled
and refunded. So is a cancellation that names no order. Such a customer *waits for the batch*.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from tessera.events.names import CANCELLED, REFUNDED, VIEWED
from tessera.labels.events import LiveEvent, instant, instant_mark

MOST_MARKS = 20_000  # 160 kB, of the 400 kB of DynamoDB's largest item


@dataclasses.dataclass(slots=True)
class LiveState:
    """A customer.

    Parameters
    ----------
    orders
        The marks of orders. The instant in microseconds stands for an order without an id.
    sales, returns
        The marks of orders with purchase lines, and with lines that take money back, each with the
        upload that they are of (``LiveEvent.window``). ``SEVERAL`` where lines of several uploads
        count, because they are too far apart to be of one order: a further line can join them.
    cancelled, refunded
        The marks of orders with money back for one of these reasons.
    ids
        The marks of event ids. Of earlier runs, only those of the last days.
    days
        Local calendar days with an order, as ordinals.
    first_us, last_us
        The first and the last order, in microseconds since 1970. None without one.
    last_event_us
        The last event of any kind that counts. 0 without one.
    monetary
        Net money in minor units.
    events, views
        How many events count, and how many of them are views.
    waits
        Whether only the next run knows the label.
    """

    orders: set[int] = dataclasses.field(default_factory=set)
    sales: dict[int, int] = dataclasses.field(default_factory=dict)
    returns: dict[int, int] = dataclasses.field(default_factory=dict)
    cancelled: set[int] = dataclasses.field(default_factory=set)
    refunded: set[int] = dataclasses.field(default_factory=set)
    ids: set[int] = dataclasses.field(default_factory=set)
    days: set[int] = dataclasses.field(default_factory=set)
    first_us: int | None = None
    last_us: int | None = None
    last_event_us: int = 0
    monetary: int = 0
    events: int = 0
    views: int = 0
    waits: bool = False

    @property
    def marks(self) -> int:
        """How many marks there are to keep."""
        unnumbered = len(self.orders) - len(self.sales)
        returned = len(self.returns) + len(self.cancelled) + len(self.refunded)
        return len(self.sales) + max(unnumbered, 0) + returned + len(self.ids)

    @property
    def must_wait(self) -> bool:
        """Whether the label waits for the next run."""
        return self.waits or self.marks > MOST_MARKS

    def fold(self, event: LiveEvent, *, zone: dt.tzinfo, start_us: int | None = None) -> bool:
        """Take an event. Return whether anything changed.

        Parameters
        ----------
        event
            Of this customer.
        zone
            Says when a day begins.
        start_us
            The first instant that counts. None when everything does.
        """
        changed = event.order is not None and self._take_line(event)
        if event.voids or (start_us is not None and event.at_us < start_us):
            return changed
        if event.mark is not None:
            if event.mark in self.ids:
                return changed
            self.ids.add(event.mark)
        self._count(event, zone=zone)
        return True

    def void(self, order: int, *, window: int) -> None:
        """Note an order that a day of the stream voids."""
        for lines in (self.sales, self.returns):
            self.waits |= lines.setdefault(order, window) != window

    def fold_all(
        self, events: Iterable[LiveEvent], *, zone: dt.tzinfo, start_us: int | None = None
    ) -> list[LiveEvent]:
        """Take several events. Return those that changed anything, each once."""
        return [event for event in events if self.fold(event, zone=zone, start_us=start_us)]

    def _count(self, event: LiveEvent, *, zone: dt.tzinfo) -> None:
        self.events += 1
        self.waits |= event.depends_on_upload
        self.monetary += event.amount
        self.views += event.kind == VIEWED
        self.last_event_us = max(self.last_event_us, event.at_us)
        if not event.is_order:
            return
        self.orders.add(instant_mark(event.at_us) if event.order is None else event.order)
        self.days.add(instant(event.at_us).astimezone(zone).toordinal())
        self.first_us = event.at_us if self.first_us is None else min(self.first_us, event.at_us)
        self.last_us = event.at_us if self.last_us is None else max(self.last_us, event.at_us)

    def _take_line(self, event: LiveEvent) -> bool:
        """Note which upload an order's line is of. Return whether that was not known."""
        order = event.order
        assert order is not None  # noqa: S101 (the caller looked)
        before = self.waits, len(self.sales), len(self.returns)
        if event.is_sale or event.voids:
            self._note(self.sales, order, event)
        if event.is_return or event.voids:
            self._note(self.returns, order, event)
        if event.amount < 0:
            ended = {CANCELLED: self.cancelled, REFUNDED: self.refunded}.get(event.kind)
            if ended is not None:
                ended.add(order)
        is_line = event.is_sale or event.amount < 0
        if is_line and order in self.cancelled and order in self.refunded:
            self.waits = True
        return before != (self.waits, len(self.sales), len(self.returns))

    def _note(self, lines: dict[int, int], order: int, event: LiveEvent) -> None:
        known = lines.setdefault(order, event.window)
        if known != event.window:
            lines[order] = min(known, event.window)
            self.waits = True
