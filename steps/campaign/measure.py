"""Measure a campaign from what its runs froze, and end runs whose days of result are over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterator, Sequence
from typing import Protocol

from steps.campaign.runs import RunKeeper, move
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.assigned import Assigned, assigned_of
from tessera.campaigns.planning.chunks import ChunkEntry, RecipientChunk
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.draws import DrawnRun, drawn_alike, drawn_otherwise_words
from tessera.campaigns.results.measuring import measure
from tessera.campaigns.sending import states
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.errors import InvalidInput
from tessera.plurals import plural

_EPOCH = dt.date(1970, 1, 1)
# Monthly uploads come within it, and a shop that uploads nothing more is not measured for ever.
_WEEKS_OF_WAITING = 8
# A run that never began to send changed nothing.
_SENT_STATES: tuple[RunState, ...] = ("SENDING", "PAUSED", "SETTLING", "MEASURING", "FINISHED")


class FrozenRun(Protocol):
    """Reads the files of one run."""

    def manifest(self) -> RunManifest:
        """Return what was planned."""

    def chunk(self, entry: ChunkEntry) -> RecipientChunk:
        """Return a chunk as it was frozen."""


class TakenReader(Protocol):
    """Reads who one run took."""

    def read(self) -> Assigned:
        """Return everybody, held-out people included."""


class PlannedReader(TakenReader, Protocol):
    """Reads who one run took, and knows how it was planned."""

    @property
    def definition(self) -> CampaignDefinition:
        """The definition that it was planned by."""


def measure_campaign(
    runs: Sequence[tuple[CampaignRun, PlannedReader]], *, purchases: PurchaseRows,
    definition: CampaignDefinition, today: dt.date, settings: CampaignSettings | None = None,
) -> CampaignResults:  # fmt: skip
    """Return what a campaign changed, by assignment.

    Runs that were planned before its shares were edited are not put together with those since.

    Parameters
    ----------
    runs
        Its runs, each with who it took and the definition that it was planned by. Those that never
        began to send do not count.
    purchases
        From a year before the first run on.
    definition
        The campaign's.
    today
        Purchases until the day before are known.
    settings
        The tenant's. None for the defaults.

    Raises
    ------
    InvalidInput
        No run has begun to send.
    """
    drawn = [DrawnRun(taken.read(), taken.definition) for run, taken in runs if has_sent(run)]
    require_sent(drawn, campaign=definition.id)
    alike = drawn_alike(drawn, definition)
    return measure(
        [alike.people],
        purchases,
        definition=alike.definition,
        today=today,
        settings=settings,
        others=drawn_otherwise_words(alike) if alike.drawn_otherwise else "",
    )


def assigned_people(files: FrozenRun, *, shop_zone: str) -> Iterator[Assigned]:
    """Return who a run took, a chunk at a time, held-out people included."""
    manifest = files.manifest()
    planned_on = manifest.planned_at.astimezone(zoneinfo.ZoneInfo(shop_zone)).date()
    day = (planned_on - _EPOCH).days
    for entry in (*manifest.chunks, *manifest.holdout):
        yield assigned_of(files.chunk(entry), day=day)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResultDays:
    """The days of result of one run, and how far they are known.

    Parameters
    ----------
    planned_on
        The day of its plan, in the shop's time zone.
    result_days
        The definition's.
    as_of
        Purchases until the day before are known.
    today
        In the shop's time zone.
    """

    planned_on: dt.date
    result_days: int
    as_of: dt.date
    today: dt.date

    @property
    def are_known(self) -> bool:
        """Whether purchases are known until their end."""
        return self.as_of >= self._end

    @property
    def are_given_up(self) -> bool:
        """Whether they have been over for 8 weeks, and are not known yet."""
        patience = dt.timedelta(weeks=_WEEKS_OF_WAITING)
        return not self.are_known and self.today >= self._end + patience

    @property
    def _end(self) -> dt.date:
        return self.planned_on + dt.timedelta(days=self.result_days)


def end_measured(runs: RunKeeper, run_id: str, *, days: ResultDays, at: dt.datetime) -> CampaignRun:
    """End a run that is MEASURING once its days of result are known, or given up."""
    is_over = days.are_known or days.are_given_up

    def ended(run: CampaignRun) -> CampaignRun:
        return states.finish(run, at=at) if run.state == "MEASURING" and is_over else run

    return move(runs, run_id, ended)


def given_up_note(days: Collection[ResultDays]) -> tuple[str, ...]:
    """Return what to know where days of result are given up, and nothing where none are."""
    count = sum(one.are_given_up for one in days)
    if not count:
        return ()
    return (
        f"The days of result of {plural(count, 'run', 'runs')} were over {_WEEKS_OF_WAITING} weeks "
        "ago, and no upload has the orders of all of them. They are waited for no longer, and "
        "these people do not count.",
    )


def require_sent(runs: Collection[object], *, campaign: str) -> None:
    """Raise InvalidInput if there is no run that has begun to send."""
    if not runs:
        raise InvalidInput(f"no run of {campaign!r} has begun to send: measure it later")


def has_sent(run: CampaignRun) -> bool:
    """Return whether a run has begun to send, so that its people count."""
    # One that was cancelled or failed while it was sending wrote to some of its people.
    return run.state in _SENT_STATES or run.ends_as != "MEASURING"
