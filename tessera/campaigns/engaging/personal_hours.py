"""The hour at which each person was met so far, where a campaign asks for it and it is proven.

It only delays the opening of a chunk, inside a window that was open anyway. So quiet hours, hours
and time zones hold as without it, and whatever is not sent then follows the campaign's hours.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import numpy as np

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.engaging.hours import HOURS, WINDOW, best_hours, learn_hours
from tessera.campaigns.engaging.reactions import NO_HOUR, MessageReactions
from tessera.campaigns.planning.planned_hours import HourCount, PlannedHours
from tessera.campaigns.planning.planned_recipients import PlannedRecipient
from tessera.campaigns.planning.send_times import SendWindow, instant_of

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
WindowOf = Callable[[tuple[str, ...]], SendWindow]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PersonalHours:
    """What is known of people's hours.

    Parameters
    ----------
    decision, reason
        As a test on everybody's latest click has it.
    hours
        The hour in the shop's time zone, by recipient. Only of those who have clicked.
    """

    decision: Literal["publish", "withhold"]
    reason: str
    hours: Mapping[str, int]


def personal_hours(messages: MessageReactions) -> PersonalHours:
    """Learn each person's hour, drawn to the shop's, and whether it may be used.

    Parameters
    ----------
    messages
        In order, without those that may still be read.
    """
    learnt = learn_hours(messages)
    if learnt.decision == "withhold":
        return PersonalHours(decision="withhold", reason=learnt.reason, hours={})
    clicked = messages.where(messages.hour != NO_HOUR)
    people, person = np.unique(clicked.recipient, return_inverse=True)
    clicks = np.zeros((len(people), HOURS), np.int64)
    np.add.at(clicks, (person, clicked.hour), 1)
    names = (one.decode() for one in people.tolist())
    best = best_hours(learnt, clicks).tolist()
    return PersonalHours(
        decision="publish", reason=learnt.reason, hours=dict(zip(names, best, strict=True))
    )


def window_at_hour(
    hour: int, *, windows: Iterable[SendWindow], zone: zoneinfo.ZoneInfo, latest: dt.datetime
) -> SendWindow | None:
    """Return the rest of the first window that an hour is in, None where it is in none.

    Parameters
    ----------
    hour
        In the shop's time zone.
    windows
        The next ones, by time.
    zone
        The shop's.
    latest
        A window from the hour on opens by then.
    """
    for window in windows:
        first = window.opens_at.astimezone(zone).date() - _DAY
        for ahead in range(4):
            at = instant_of(first + ahead * _DAY, 60 * hour, zone)
            # Within three hours of it people still have the message when they look.
            is_in = window.opens_at < at + WINDOW * _HOUR and at + _HOUR <= window.closes_at
            opens_at = max(at, window.opens_at)
            if is_in and opens_at <= latest:
                return window._replace(opens_at=opens_at)
    return None


class HourPlan:
    """Gives people their hour, and counts them.

    Parameters
    ----------
    known
        What is known of people's hours.
    definition
        Of the run.
    windows_from
        From a moment to the function from time zones to the next window.
    now
        The moment of the plan.
    zone
        The shop's.
    """

    def __init__(
        self,
        known: PersonalHours,
        *,
        definition: CampaignDefinition,
        windows_from: Callable[[dt.datetime], WindowOf],
        now: dt.datetime,
        zone: zoneinfo.ZoneInfo,
    ) -> None:
        self._known, self._zone = known, zone
        self._by_hour = Counter[int]()
        self._without_clicks = self._outside = 0
        finish = dt.timedelta(hours=definition.schedule.finish_within_hours)

        @functools.cache
        def window_of(zones: tuple[str, ...], hour: int) -> SendWindow | None:
            usual = windows_from(now)(zones)
            if known.decision == "withhold":
                return None
            after = windows_from(usual.closes_at)(zones)
            latest = usual.opens_at + min(_DAY, finish - _HOUR)
            return window_at_hour(hour, windows=(usual, after), zone=zone, latest=latest)

        self.window_of = window_of

    def placed(self, people: Iterable[PlannedRecipient]) -> Iterator[PlannedRecipient]:
        """Return the same people, those with a usable hour with it. Held-out people need none."""
        for one in people:
            yield one if one.is_held_out else one._replace(hour=self._hour_of(one))

    def _hour_of(self, one: PlannedRecipient) -> int | None:
        hour = self._known.hours.get(one.recipient.recipient)
        if hour is None:
            self._without_clicks += 1
            return None
        if self.window_of(one.place.zones, hour) is None:
            self._outside += 1
            return None
        self._by_hour[hour] += 1
        return hour

    def counted(self) -> PlannedHours:
        """Return how many have which hour, of the people who were placed."""
        return PlannedHours(
            decision=self._known.decision,
            reason=self._known.reason,
            by_hour=tuple(
                HourCount(hour=hour, recipients=count)
                for hour, count in sorted(self._by_hour.items())
            ),
            without_clicks=self._without_clicks,
            outside=self._outside,
        )
