"""At which hours a run writes, in numbers."""

from __future__ import annotations

import dataclasses
from typing import Literal


@dataclasses.dataclass(frozen=True, kw_only=True)
class HourCount:
    """How many are written to from an hour on.

    Parameters
    ----------
    hour
        From 0 to 23, in the shop's time zone.
    recipients
        How many. Everybody within three hours of it when the plan was made is in it too.
    """

    hour: int
    recipients: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlannedHours:
    """At which hours a run writes, and why. The three counts add to those who are written to.

    Parameters
    ----------
    decision, reason
        ``withhold``: everybody has the campaign's hours, and why.
    by_hour
        People who have their own hour, by the hour.
    without_clicks
        People who have not clicked yet, or everybody where it is withheld. They have the
        campaign's hours, and so have
    outside
        people whose hour is not within the campaign's hours, less quiet ones, of the next day.
    """

    decision: Literal["publish", "withhold"]
    reason: str
    by_hour: tuple[HourCount, ...]
    without_clicks: int
    outside: int
