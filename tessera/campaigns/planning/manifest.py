"""The manifest of a run: what was planned, frozen. Whatever is sent later is listed here."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.planning.chunks import ChunkEntry
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.campaigns.planning.planned_hours import PlannedHours
from tessera.campaigns.planning.send_times import deadlines
from tessera.errors import InvalidInput
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunManifest:
    """A planned run.

    Parameters
    ----------
    run
        Its id, such as ``win-back-r001``.
    definition
        As this run uses it.
    planned_at
        When.
    counts
        What became of everybody.
    zone_unknown
        Of those who are planned, how many have neither a time zone nor a country: the shop's time
        zone is used for them.
    chunks, holdout
        Files of those who are written to, and of those who are held out.
    start_by, finish_by
        A run that has not begun by the first never does. What is not sent by the second is not
        sent.
    profiles
        The run whose profiles were read. None for a list of receivers without customers.
    refused_lines
        Lines of the uploaded list that nobody could be read from. They are in no count.
    to_gmail
        Those who are written to at addresses of Gmail, which counts a domain's messages for good.
    hours
        At which hours people are written to. None where the campaign's hours are everybody's.
    """

    run: str
    definition: CampaignDefinition
    planned_at: dt.datetime
    counts: AudienceCounts
    zone_unknown: int
    chunks: tuple[ChunkEntry, ...]
    holdout: tuple[ChunkEntry, ...]
    start_by: dt.datetime
    finish_by: dt.datetime
    profiles: RunOfDay | None = None
    refused_lines: int = 0
    to_gmail: int = 0
    hours: PlannedHours | None = None

    @property
    def starts_at(self) -> dt.datetime:
        """When its first message should leave."""
        return _first_opening(self.chunks, default=self.planned_at)


def run_id(campaign: str, *, number: int) -> str:
    """Return a run's id. Runs of a campaign are counted from 1."""
    return f"{campaign}-r{number:03d}"


def run_manifest(
    run: str,
    *,
    definition: CampaignDefinition,
    planned_at: dt.datetime,
    counts: AudienceCounts,
    zone_unknown: int,
    entries: Sequence[ChunkEntry],
    profiles: RunOfDay | None = None,
    refused_lines: int = 0,
    to_gmail: int = 0,
    hours: PlannedHours | None = None,
) -> RunManifest:
    """Return a run's manifest.

    Raises
    ------
    InvalidInput
        The chunks hold others than the plan counted.
    """
    holdout = tuple(one for one in entries if one.is_held_out)
    chunks = tuple(one for one in entries if not one.is_held_out)
    for what, files, expected in (
        ("chunks", chunks, counts.eligible),
        ("holdout", holdout, counts.held_out),
    ):
        held = sum(one.recipients for one in files)
        if held != expected:
            raise InvalidInput(
                f"run {run}: {what} hold {held} people, expected {expected} as planned: plan the "
                "run again"
            )
    limits = deadlines(definition.schedule, starts_at=_first_opening(chunks, default=planned_at))
    return RunManifest(
        run=run,
        definition=definition,
        planned_at=planned_at,
        counts=counts,
        zone_unknown=zone_unknown,
        chunks=chunks,
        holdout=holdout,
        start_by=limits.start_by,
        finish_by=limits.finish_by,
        profiles=profiles,
        refused_lines=refused_lines,
        to_gmail=to_gmail,
        hours=hours,
    )


def _first_opening(chunks: Sequence[ChunkEntry], *, default: dt.datetime) -> dt.datetime:
    return min((one.opens_at for one in chunks), default=default)
