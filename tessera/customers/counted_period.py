"""Which days a run counts."""

from __future__ import annotations

import datetime as dt

from tessera.customers.summary import Period, day_after
from tessera.errors import InvalidInput
from tessera.events.counts import Span
from tessera.settings import RunSettings

_FUTURE = dt.timedelta(days=2)


def counted_period(
    history: Span, *, as_of: dt.date | None, settings: RunSettings, started_at: dt.datetime
) -> tuple[Period, tuple[str, ...]]:
    """Return the days that a run counts, and what its owner should know about them.

    Parameters
    ----------
    history
        All events of the tenant.
    as_of
        The day that was asked for. None takes the day after the last event.
    settings
        Give the window and the time zone.
    started_at
        When the run began. Events far after it are suspicious.

    Raises
    ------
    InvalidInput
        The history has no events.
    """
    if history.last is None:
        raise InvalidInput("no row of the history is an event: there is nothing to count")
    warnings: tuple[str, ...] = ()
    if as_of is None and history.last > started_at + _FUTURE:
        warnings = (
            f"the last event is dated {history.last.date()}, in the future, and as_of follows it: "
            "correct the date, or give as_of",
        )
    period = Period(
        as_of=as_of or day_after(history.last, time_zone=settings.time_zone),
        window_months=settings.window_months,
        time_zone=settings.time_zone,
    )
    return period, warnings


def nothing_counts(period: Period, history: Span) -> InvalidInput:
    """Return the error of a history whose events are all outside the period."""
    start = f" and on or after {period.start.date()}" if period.start else ""
    first, last = (each.isoformat() if each else None for each in (history.first, history.last))
    return InvalidInput(
        f"no event is before as_of {period.as_of}{start}: the history runs from "
        f"{first} to {last}; choose another as_of or 'window_months'"
    )
