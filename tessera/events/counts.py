"""How many rows and events there are, and what became of each: every row is accounted for."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from tessera.errors import InvalidInput
from tessera.events.reasons import (
    AFTER_AS_OF,
    ANONYMOUS,
    BEFORE_WINDOW,
    BY_CODE,
    DUPLICATE_EVENT,
    KNOWN_ALREADY,
    VOIDING,
)
from tessera.records.runs.prepare import NO_SALES, Anonymous, Rows


@dataclasses.dataclass(frozen=True, kw_only=True)
class Span:
    """Some events.

    Parameters
    ----------
    events
        How many.
    first, last
        The instants of the first and the last. None without events.
    money
        The sum of their amounts without their signs.
    """

    events: int
    first: dt.datetime | None
    last: dt.datetime | None
    money: Decimal = Decimal(0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stored:
    """An upload's events: their span, and how many have an event_id, an order_id and a product.

    ``categories`` counts the events with a category of a product, and ``voided`` the orders that it
    shows cancelled, refunded, unpaid or as tests.
    """

    span: Span
    event_ids: int
    order_ids: int
    voided: int = 0
    products: int = 0
    categories: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Doubt:
    """Ids of one kind that are no person's, or were changed.

    Parameters
    ----------
    rows, ids
        How many rows have one, and how many different ones there are.
    example
        One of them. It may be personal data.
    """

    rows: int
    ids: int
    example: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class People:
    """Whose an upload's rows are.

    Parameters
    ----------
    anonymous
        Events of nobody.
    stood_in
        Rows that count for an e-mail address, a phone number or another id.
    doubts
        By kind of doubt.
    """

    anonymous: Anonymous = NO_SALES
    stood_in: int = 0
    doubts: Mapping[str, Doubt] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tally:
    """An upload's rows: those read, those rejected and those that are no events, by code."""

    read: int
    rejected: Mapping[str, int]
    not_events: Mapping[str, int]

    @property
    def stored(self) -> int:
        """Rows that are events."""
        return self.read - sum(self.rejected.values()) - sum(self.not_events.values())

    @property
    def may_void(self) -> bool:
        """Whether some rows show an order as void."""
        return any(self.not_events.get(reason.code) for reason in VOIDING)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    """An upload's events in the history, each id once: all, and those outside the period."""

    events: int
    after: int
    before: int


def account_of(tally: Tally, kept: Kept, *, known: int = 0) -> Rows:
    """Return what became of an upload's rows.

    Parameters
    ----------
    tally, kept
        The rows as they were read, and those of them in the history.
    known
        Rows that are not in the history because another upload has them, or the order.

    Raises
    ------
    AssertionError
        A row is in no group, or in two.
    """
    ignored = {
        AFTER_AS_OF.code: kept.after,
        BEFORE_WINDOW.code: kept.before,
        DUPLICATE_EVENT.code: tally.stored - kept.events - known,
        KNOWN_ALREADY.code: known,
        **tally.not_events,
    }
    counted = kept.events - kept.after - kept.before
    if counted + sum(ignored.values()) + sum(tally.rejected.values()) != tally.read or any(
        count < 0 for count in ignored.values()
    ):
        raise AssertionError(
            f"rows went missing: {counted} accepted, {ignored} ignored and "
            f"{dict(tally.rejected)} rejected are not the {tally.read} read"
        )
    return Rows(
        read=tally.read,
        accepted=counted,
        ignored={code: count for code, count in sorted(ignored.items()) if count},
        rejected=dict(tally.rejected),
    )


def check_share(tally: Tally, *, name: str, max_bad_share: float, rejects: str) -> None:
    """Refuse an upload with no rows, or with too many bad ones.

    Parameters
    ----------
    name
        The upload's file, or the first of them.
    max_bad_share
        The setting.
    rejects
        The address of rejects.csv.gz, for the message.

    Raises
    ------
    InvalidInput
        It has no rows, too many bad ones, or no row that names a customer.
    """
    bad = sum(tally.rejected.values())
    if tally.read == 0:
        raise InvalidInput(f"{name} has a header but no rows: nothing to do")
    if bad <= max_bad_share * tally.read:
        _check_customers(tally, name=name)
        return
    most = sorted(tally.rejected.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{code} {count}" for code, count in most)
    raise InvalidInput(
        f"{bad} of {tally.read} rows are bad ({bad / tally.read:.1%}), more than "
        f"'max_bad_share' = {max_bad_share:.1%} allows: {listed}. "
        f"{BY_CODE[most[0][0]].advice}. The rows, with their lines, are in {rejects}; "
        "nothing was stored"
    )


def _check_customers(tally: Tally, *, name: str) -> None:
    anonymous = tally.not_events.get(ANONYMOUS.code, 0)
    if anonymous and not tally.stored:
        raise InvalidInput(
            f"{name}: none of its {anonymous} sales names a customer. Name the column of ids or "
            "e-mail addresses in the setting 'columns', or export the file with it; nothing was "
            "stored"
        )
