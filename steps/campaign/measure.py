"""Measure a campaign from what its runs froze, and end runs whose days of result are over."""

from __future__ import annotations

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
from tessera.campaigns.results.measuring import measure
from tessera.campaigns.sending import states
from tessera.campaigns.sending.states import CampaignRun, RunState
from tessera.errors import InvalidInput

_EPOCH = dt.date(1970, 1, 1)
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


def measure_campaign(
    runs: Sequence[tuple[CampaignRun, TakenReader]], *, purchases: PurchaseRows,
    definition: CampaignDefinition, today: dt.date, settings: CampaignSettings | None = None,
) -> CampaignResults:  # fmt: skip
    """Return what a campaign changed, by assignment.

    Parameters
    ----------
    runs
        Its runs, each with who it took. Those that never began to send do not count.
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
    assigned = [taken.read() for run, taken in runs if has_sent(run)]
    require_sent(assigned, campaign=definition.id)
    return measure(assigned, purchases, definition=definition, today=today, settings=settings)


def assigned_people(files: FrozenRun, *, shop_zone: str) -> Iterator[Assigned]:
    """Return who a run took, a chunk at a time, held-out people included."""
    manifest = files.manifest()
    planned_on = manifest.planned_at.astimezone(zoneinfo.ZoneInfo(shop_zone)).date()
    day = (planned_on - _EPOCH).days
    for entry in (*manifest.chunks, *manifest.holdout):
        yield assigned_of(files.chunk(entry), day=day)


def end_measured(
    runs: RunKeeper, run_id: str, *, planned_on: dt.date, result_days: int, at: dt.datetime
) -> CampaignRun:
    """End a run that is MEASURING once its days of result are over."""

    def ended(run: CampaignRun) -> CampaignRun:
        is_over = at.date() >= planned_on + dt.timedelta(days=result_days)
        return states.finish(run, at=at) if run.state == "MEASURING" and is_over else run

    return move(runs, run_id, ended)


def require_sent(runs: Collection[object], *, campaign: str) -> None:
    """Raise InvalidInput if there is no run that has begun to send."""
    if not runs:
        raise InvalidInput(f"no run of {campaign!r} has begun to send: measure it later")


def has_sent(run: CampaignRun) -> bool:
    """Return whether a run has begun to send, so that its people count."""
    # One that was cancelled or failed while it was sending wrote to some of its people.
    return run.state in _SENT_STATES or run.ends_as != "MEASURING"
