"""An event as live labels count it: small, exact, and with the upload that it belongs to."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.events.names import (
    CANCELLED,
    EVENTS,
    PURCHASED,
    RETURNS,
    SUBSCRIPTIONS,
    VOIDS,
    WITHOUT_MONEY,
)

ELSEWHERE = 0  # the window of what came in other uploads than days of the stream
SEVERAL = 2**32 - 1  # stands for more than one window
KINDS = (*EVENTS, *VOIDS)
_HEX_DIGITS = 16  # of a key's 24: 8 bytes
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event of one customer.

    Parameters
    ----------
    kind
        One of ``KINDS``: an event, or why an order's row voids the order.
    at_us
        When it happened, in microseconds since 1970 UTC.
    amount
        Net money in minor units.
    order, mark
        The marks of its order and of its event id. None without one.
    window
        The day of the stream whose upload it belongs to, in days since 1970, or ``ELSEWHERE``.
    """

    kind: str
    at_us: int
    amount: int
    order: int | None
    mark: int | None
    window: int

    @property
    def is_order(self) -> bool:
        """Whether it is an order, or a line of one, as the customer summary counts orders."""
        return self.kind == PURCHASED or (self.kind in SUBSCRIPTIONS and self.amount > 0)

    @property
    def is_sale(self) -> bool:
        """Whether it is one of the purchase lines that an order's newest upload replaces."""
        return self.order is not None and self.kind == PURCHASED and self.amount >= 0

    @property
    def is_return(self) -> bool:
        """Whether it is one of an order's lines that take money back."""
        return (
            self.order is not None
            and not self.is_sale
            and (self.kind == PURCHASED or self.kind in RETURNS)
        )

    @property
    def depends_on_upload(self) -> bool:
        """Whether only its whole upload shows what it comes to.

        A cancellation without an order ends a subscription where the upload has any, and the price
        that it shows goes back to nobody. In other uploads it takes money back.
        """
        return self.kind == CANCELLED and self.order is None and self.amount != 0

    @property
    def voids(self) -> bool:
        """Whether it is no event, but says that its order is void."""
        return self.kind in VOIDS

    @property
    def moves_no_money(self) -> bool:
        """Whether only a definition that counts events of any kind reads it."""
        return self.kind in WITHOUT_MONEY


def mark_of(key: str) -> int:
    """Return the first 8 bytes of the key of an order or an event id, as a number.

    Of a customer's 50,000 ids, two share a mark in one of 10^10 cases.
    """
    return int(key[:_HEX_DIGITS], 16)


def instant_mark(at_us: int) -> int:
    """Return the mark of an order without an id: its instant, as 8 bytes."""
    return at_us % 2**64


def micros(instant: dt.datetime) -> int:
    """Return an instant in microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def instant(at_us: int) -> dt.datetime:
    """Return the instant that so many microseconds since 1970 UTC are."""
    return _EPOCH + at_us * _MICROSECOND
