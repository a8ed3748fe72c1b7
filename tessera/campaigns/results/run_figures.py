"""Figures of a run as they were last measured: a file of the data bucket, which the API shows."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.campaigns.events.figures import EventFigures


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """Recipients of one group by what happened to their message.

    Parameters
    ----------
    group
        A churn band or a variant. Empty for all recipients.
    recipients
        How many the plan has.
    events
        What happened.
    unsubscribed
        Who opted out by a link of this run.
    """

    group: str
    recipients: int
    events: EventFigures
    unsubscribed: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class HourFigures:
    """Recipients by the hour in which something first happened to their message.

    Parameters
    ----------
    hour
        Its beginning, UTC.
    events
        What happened.
    """

    hour: dt.datetime
    events: EventFigures


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFigures:
    """What happened to the messages of a run.

    Parameters
    ----------
    run_id, campaign
        The run, and its campaign's id.
    measured_at
        When. Later events are not in it.
    simulated
        Whether the simulator made the reactions, and no person.
    total
        All recipients.
    by_band, by_variant
        The same by churn band, and by variant.
    by_hour
        Over time, by the hour.
    notes
        What to know before reading them, a sentence each.
    """

    run_id: str
    campaign: str
    measured_at: dt.datetime
    simulated: bool
    total: GroupFigures
    by_band: tuple[GroupFigures, ...]
    by_variant: tuple[GroupFigures, ...]
    by_hour: tuple[HourFigures, ...]
    notes: tuple[str, ...]
