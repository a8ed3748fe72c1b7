"""When a message may be sent: the campaign's hours less quiet hours, by the recipient's clock.

Clocks change. A time of day that a change skips is the moment of the change. Of a time that comes
twice the stricter one counts: hours open late and close early, quiet hours the other way round.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import zoneinfo
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.timing import DayHours, SendSchedule
from tessera.errors import InvalidInput

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)
_DAYS_AHEAD = 8  # a window of one of these days is open, or none ever is

Span = tuple[dt.datetime, dt.datetime]


class SendWindow(NamedTuple):
    """A time in which messages may be sent.

    Parameters
    ----------
    opens_at, closes_at
        Instants in UTC. The last one is no longer in it.
    """

    opens_at: dt.datetime
    closes_at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunDeadlines:
    """Until when a run does anything.

    Parameters
    ----------
    start_by
        A run that has not begun by then never does.
    finish_by
        What is not sent by then is not sent.
    """

    start_by: dt.datetime
    finish_by: dt.datetime


def windows_for(
    definition: CampaignDefinition, *, settings: CampaignSettings, today: dt.date, now: dt.datetime
) -> Callable[[tuple[str, ...]], SendWindow]:
    """Return the function from time zones to the next window of a campaign.

    Parameters
    ----------
    definition
        As the run uses it.
    settings
        The tenant's, whose quiet hours hold beside the campaign's.
    today
        In the shop's time zone.
    now
        Windows that have closed by then are past.
    """
    quiet = [definition.quiet_hours] if definition.quiet_hours else []
    if settings.quiet_from:
        quiet.append(DayHours(start=settings.quiet_from, end=settings.quiet_until))
    day = max(today, definition.schedule.first_day)

    @functools.cache
    def window_of(zones: tuple[str, ...]) -> SendWindow:
        return next_window(
            hours=definition.schedule.hours, quiet=quiet, zones=zones, day=day, now=now
        )

    return window_of


def deadlines(schedule: SendSchedule, *, starts_at: dt.datetime) -> RunDeadlines:
    """Return a run's deadlines.

    Parameters
    ----------
    schedule
        The definition's.
    starts_at
        When its first message should leave.
    """
    return RunDeadlines(
        start_by=starts_at + dt.timedelta(hours=schedule.start_within_hours),
        finish_by=starts_at + dt.timedelta(hours=schedule.finish_within_hours),
    )


def next_window(
    *,
    hours: DayHours,
    quiet: Sequence[DayHours],
    zones: Sequence[str],
    day: dt.date,
    now: dt.datetime,
) -> SendWindow:
    """Return the first time in which a message may be sent.

    Parameters
    ----------
    hours
        The campaign's, by the first zone's clock.
    quiet
        Hours in which nothing is sent, by the clock of each zone.
    zones
        Where the recipient may be, the likeliest first (``zones.whereabouts``).
    day
        Not before this day of the first zone.
    now
        Not before this moment.

    Raises
    ------
    InvalidInput
        The quiet hours leave nothing of the hours.
    """
    first = max(day, now.astimezone(zoneinfo.ZoneInfo(zones[0])).date())
    for ahead in range(_DAYS_AHEAD):
        for opens_at, closes_at in _open(first + ahead * _DAY, hours, quiet, zones):
            if closes_at > now:
                since = max(opens_at, now.astimezone(dt.UTC))
                return SendWindow(opens_at=since, closes_at=closes_at)
    silent = " and ".join(f"{one.start} to {one.end}" for one in quiet)
    raise InvalidInput(
        f"nothing is left of the hours {hours.start} to {hours.end} in {', '.join(zones)}: quiet "
        f"are {silent}. Widen the campaign's hours, or give these customers a time zone"
    )


def _open(
    day: dt.date, hours: DayHours, quiet: Sequence[DayHours], zones: Sequence[str]
) -> list[Span]:
    """Return the open spans of a day, in order."""
    here = zoneinfo.ZoneInfo(zones[0])
    start, end = hours.minutes
    spans = [(_instant(day, start, here, late=True), _instant(day, end, here, late=False))]
    for name in zones:
        for one in quiet:
            for silent in _silent(day, one, zoneinfo.ZoneInfo(name)):
                spans = [part for span in spans for part in _without(span, silent)]
    return [span for span in spans if span[0] < span[1]]


def _silent(day: dt.date, hours: DayHours, zone: zoneinfo.ZoneInfo) -> Iterator[Span]:
    """Return the quiet hours around a day, which another zone's clock may begin a day off."""
    start, end = hours.minutes
    for first in (day - 2 * _DAY, day - _DAY, day, day + _DAY):
        last = first + _DAY if hours.goes_past_midnight else first
        yield _instant(first, start, zone, late=False), _instant(last, end, zone, late=True)


def _without(span: Span, silent: Span) -> Iterator[Span]:
    (start, end), (first, last) = span, silent
    if last <= start or first >= end:
        yield span
        return
    if start < first:
        yield start, first
    if last < end:
        yield last, end


def instant_of(day: dt.date, minutes: int, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return when a clock shows a time of day, in UTC. Of a time that comes twice, the later."""
    return _instant(day, minutes, zone, late=True)


def _instant(day: dt.date, minutes: int, zone: zoneinfo.ZoneInfo, *, late: bool) -> dt.datetime:
    """Return when a clock shows a time of day, in UTC."""
    clock = dt.datetime.combine(day, dt.time(*divmod(minutes, 60)), tzinfo=zone)
    first, second = (clock.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if second < first:  # the clock never shows it
        return _change(second, first, zone)
    return second if late else first


def _change(low: dt.datetime, high: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """Return the first minute after a change of the clock between two instants."""
    before = low.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + (high - low) // 2
        middle -= dt.timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
