"""When a campaign sends: its schedule, its trigger, and the hours in which it may."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from tessera.campaign_settings import CLOCK
from tessera.campaigns.definitions.checks import are_distinct, require

_CLOCK_WORDS = "a time of day such as '09:00'"
_HOURS = "from 1 to 720 hours"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DayHours:
    """Hours of every day, by the clock.

    Parameters
    ----------
    start
        The first minute, such as ``09:00``.
    end
        The first minute after them. At or before ``start``, the hours go past midnight.
    """

    start: str = dataclasses.field(metadata={"name": "from"})
    end: str = dataclasses.field(metadata={"name": "until"})

    def __post_init__(self) -> None:
        """Refuse what is no time of day, and hours that are none or all."""
        checks = {name: CLOCK.fullmatch(getattr(self, name)) for name in ("start", "end")}
        require(self, {name: (bool(good), _CLOCK_WORDS) for name, good in checks.items()})
        require(self, {"end": (self.end != self.start, "another time than that of 'from'")})

    @property
    def minutes(self) -> tuple[int, int]:
        """First and last minute since midnight, the last one not included."""
        start, end = (60 * int(at[:2]) + int(at[3:]) for at in (self.start, self.end))
        return start, end

    @property
    def goes_past_midnight(self) -> bool:
        """Whether the hours end on the next day."""
        start, end = self.minutes
        return end < start


@dataclasses.dataclass(frozen=True, kw_only=True)
class SendSchedule:
    """The days of a campaign's runs, and the hours of its messages.

    Parameters
    ----------
    kind
        ``once`` writes to everybody in the audience. ``daily`` writes each day to those who have
        newly entered it.
    first_day
        The day of the first run, in the shop's time zone.
    last_day
        The day of the last daily run. None for no end.
    hours
        When messages may be sent.
    send_at
        ``hours``: from the beginning of the hours on. ``best_hour``: inside them, from the hour on
        at which each person was met so far. It is used where a test on later clicks proves it, for
        people who have clicked. All others are written to from the beginning on.
    zone
        Whose clock counts: the ``customer``'s or the ``shop``'s.
    include_present
        Whether the first daily run also writes to those who are already in the audience.
    start_within_hours
        A run that has not begun to send by then never does. It protects from a queue, or a copy of
        the account's state, that comes back late.
    finish_within_hours
        What is not sent by then, from the start on, is not sent.
    """

    kind: Literal["once", "daily"]
    first_day: dt.date
    last_day: dt.date | None = None
    hours: DayHours = DayHours(start="09:00", end="20:00")
    send_at: Literal["hours", "best_hour"] = "hours"
    zone: Literal["customer", "shop"] = "customer"
    include_present: bool = False
    start_within_hours: int = 24
    finish_within_hours: int = 72

    def __post_init__(self) -> None:
        """Refuse days and hours that fit no run."""
        daily = self.kind == "daily"
        require(
            self,
            {
                "first_day": (2000 <= self.first_day.year < 2200, "a day from 2000 to 2199"),
                "last_day": (
                    self.last_day is None or (daily and self.last_day >= self.first_day),
                    "null, or of a daily schedule a day from 'first_day' on",
                ),
                "hours": (
                    not self.hours.goes_past_midnight,
                    "hours within one day, 'from' before 'until'",
                ),
                "include_present": (daily or not self.include_present, "false for 'once'"),
                "start_within_hours": (1 <= self.start_within_hours <= 720, _HOURS),
                "finish_within_hours": (1 <= self.finish_within_hours <= 720, _HOURS),
            },
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class EntryTrigger:
    """A customer's move from one label to another, such as from Champions to At Risk.

    Parameters
    ----------
    set
        The set of labels.
    into
        A customer who has one of these now, and had none of them in the run before, has entered.
        Losing the label ends it: what is not sent by then is not sent.
    out_of
        Only from these. Empty for any other label, and for customers who had none.
    """

    set: Literal["segment", "churn_band", "value_tier"]
    into: tuple[str, ...]
    out_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a move that nobody can make."""
        require(
            self,
            {
                "into": (bool(self.into) and are_distinct(self.into), "labels, all different"),
                "out_of": (
                    are_distinct(self.out_of) and not set(self.out_of) & set(self.into),
                    "different labels, and none of 'into'",
                ),
            },
        )

    def is_met(self, *, before: str, now: str) -> bool:
        """Return whether a customer has entered.

        Parameters
        ----------
        before, now
            The customer's label in the run before and in this one, empty for none.
        """
        came_from = before in self.out_of if self.out_of else before not in self.into
        return now in self.into and came_from

    def is_over(self, *, now: str) -> bool:
        """Return whether a customer has left again, so that nothing more is sent."""
        return now not in self.into
