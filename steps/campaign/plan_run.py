"""Plan a run: decide about everybody, freeze the chunks, and ask for approval."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
from typing import Protocol

from steps.campaign.runs import RunKeeper, move, run_of
from tessera.campaigns.definitions.channel import AUDIENCE
from tessera.campaigns.engaging.personal_hours import HourPlan, PersonalHours
from tessera.campaigns.planning.assigned import Assigned, assigned_of, joined, nobody
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.chunks import ChunkEntry, chunk_file
from tessera.campaigns.planning.known import KnownRecipients
from tessera.campaigns.planning.manifest import RunManifest, run_manifest
from tessera.campaigns.planning.plan import PlanTerms, make_plan
from tessera.campaigns.planning.planned_recipients import (
    PlannedRecipient,
    chunked,
    planned_recipients,
    without_address,
)
from tessera.campaigns.planning.send_times import SendWindow, windows_for
from tessera.campaigns.sending import states
from tessera.campaigns.sending.states import CampaignRun
from tessera.campaigns.sending.warming import is_of_gmail
from tessera.records.run_of_day import RunOfDay

_EPOCH = dt.date(1970, 1, 1)


class FrozenFiles(Protocol):
    """Keeps the files of one run."""

    def write(self, name: str, content: bytes) -> None:
        """Write a chunk."""

    def write_taken(
        self, people: Assigned, *, held_globally: Assigned, global_share: float
    ) -> None:
        """Write who the run takes, held-out people included, and the global holdout beside."""

    def write_manifest(self, manifest: RunManifest) -> None:
        """Write what was planned. It comes last: chunks that it does not list do not count."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunPlan:
    """What a run is planned by.

    Parameters
    ----------
    run_id
        The run, which is PLANNING.
    terms
        Definition, settings and day.
    shop_zone
        The shop's time zone, for recipients without one.
    now
        When.
    profiles
        The run whose profiles are read, None for none.
    refused_lines
        Lines of an uploaded list that nobody could be read from.
    hours
        People's own hours. None where the campaign asks for none.
    """

    run_id: str
    terms: PlanTerms
    shop_zone: str
    now: dt.datetime
    profiles: RunOfDay | None = None
    refused_lines: int = 0
    hours: PersonalHours | None = None


def plan_run(
    plan: RunPlan, *, candidates: Callable[[], Iterable[CampaignCandidates]],
    known: KnownRecipients, files: FrozenFiles, runs: RunKeeper,
) -> RunManifest:  # fmt: skip
    """Plan a run and let it await approval. Repeating it after a crash plans again.

    Parameters
    ----------
    plan
        What it is planned by.
    candidates
        Reads the customers. It is called twice, and has to return the same.
    known
        Consent, suppression, and what people got lately.
    files, runs
        Where chunks and states are kept.

    Raises
    ------
    InvalidInput
        The run is not PLANNING, or its customers changed between the two readings.
    """
    # Before anything is written: an approved audience must not be replaced.
    states.require(run_of(runs, plan.run_id), "plan")
    definition, settings = plan.terms.definition, plan.terms.settings
    decided = make_plan(candidates(), terms=plan.terms, known=known)
    facts = _PeopleFacts()
    people: Iterable[PlannedRecipient] = facts.counting(
        planned_recipients(decided, candidates(), definition=definition, shop_zone=plan.shop_zone)
    )
    window_of = windows_for(definition, settings=settings, today=plan.terms.today, now=plan.now)
    entries: list[ChunkEntry] = []
    taken = [nobody()]
    day = (plan.terms.today - _EPOCH).days
    if definition.channel.kind == AUDIENCE:
        people = map(without_address, people)  # the destination has its own
    by_hour = _hour_plan(plan)
    if by_hour is not None:
        chunks = chunked(
            by_hour.placed(people), window_of=window_of, hour_window_of=by_hour.window_of
        )
    else:
        chunks = chunked(people, window_of=window_of)
    for chunk in chunks:
        content, entry = chunk_file(chunk)
        files.write(entry.name, content)
        entries.append(entry)
        taken.append(assigned_of(chunk, day=day))
    manifest = run_manifest(
        plan.run_id, definition=definition, planned_at=plan.now, counts=decided.counts,
        zone_unknown=facts.zone_unknown, to_gmail=facts.to_gmail, entries=entries,
        profiles=plan.profiles, refused_lines=plan.refused_lines,
        hours=by_hour.counted() if by_hour else None,
    )  # fmt: skip
    files.write_taken(
        joined(taken), held_globally=decided.held_globally, global_share=settings.global_holdout
    )
    files.write_manifest(manifest)
    move(runs, plan.run_id, lambda run: _planned(run, manifest))
    return manifest


def _hour_plan(plan: RunPlan) -> HourPlan | None:
    """Return what gives people their hour, None where the campaign asks for none."""
    if plan.hours is None:
        return None
    terms = plan.terms

    def windows_from(moment: dt.datetime) -> Callable[[tuple[str, ...]], SendWindow]:
        return windows_for(terms.definition, settings=terms.settings, today=terms.today, now=moment)

    return HourPlan(
        plan.hours,
        definition=terms.definition,
        windows_from=windows_from,
        now=plan.now,
        zone=zoneinfo.ZoneInfo(plan.shop_zone),
    )


def _planned(run: CampaignRun, manifest: RunManifest) -> CampaignRun:
    return states.plan(
        run,
        recipients=manifest.counts.eligible,
        starts_at=manifest.starts_at,
        latest_start=manifest.start_by,
        deadline=max(manifest.start_by, manifest.finish_by),
        at=manifest.planned_at,
    )


class _PeopleFacts:
    """Counts people whose time zone is not known, and messages to Gmail."""

    def __init__(self) -> None:
        self.zone_unknown = self.to_gmail = 0

    def counting(self, people: Iterable[PlannedRecipient]) -> Iterable[PlannedRecipient]:
        """Return the same people."""
        for one in people:
            self.zone_unknown += not one.place.is_known
            self.to_gmail += not one.is_held_out and is_of_gmail(one.recipient.address)
            yield one
