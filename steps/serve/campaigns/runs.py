"""Runs of a tenant's campaigns: asked for, and watched."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter

from steps.campaign import ask_run
from steps.campaign.ask_run import RunDesk
from steps.serve.campaign_services import CampaignServices
from steps.serve.campaigns.audiences import summary_of
from steps.serve.campaigns.definitions import campaign_of, check_ready
from steps.serve.campaigns.enabled import campaigns_of
from steps.serve.services import Services
from steps.serve.settings import Author, run_settings
from tessera.api.documents.campaigns.runs import (
    CampaignRunDetail,
    CampaignRunFacts,
    CampaignRunList,
    DeliveryTally,
)
from tessera.api.refusals import conflict, missing
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.definitions.channel import AUDIENCE, EMAIL
from tessera.campaigns.definitions.document import CampaignReuse, reused
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.sending.outcomes import (
    CLAIMED,
    DEFERRED,
    REFUSED,
    SENT,
    SKIPPED,
    UNKNOWN,
    RunTally,
)
from tessera.campaigns.sending.progress import RunProgress
from tessera.campaigns.sending.states import CampaignRun
from tessera.campaigns.sending.warming import GMAIL_DOMAIN, gmail_flag
from tessera.campaigns.sending.watchdog import cause
from tessera.errors import InvalidInput
from tessera.insights.cost.messages import MessageCost, message_cost
from tessera.records.fields import part_of


def list_runs(tenant: str, campaign_id: str, *, services: Services) -> CampaignRunList:
    """Return the runs of a campaign, the newest first.

    Raises
    ------
    RequestRefusal
        The tenant has no such campaign.
    """
    campaign_of(tenant, campaign_id, services=services)
    kept = campaigns_of(services)
    runs = {run.run_id: run for run in kept.runs(tenant).all()}
    requests = [
        request
        for request in kept.requests(tenant).all()
        if request.definition.id == campaign_id and request.run_id in runs
    ]
    requests.sort(key=lambda request: request.asked_at, reverse=True)
    return CampaignRunList(
        items=tuple(facts_of(request, runs[request.run_id]) for request in requests)
    )


def ask_for_run(
    campaign_id: str, change: CampaignReuse, author: Author, *, services: Services
) -> CampaignRunFacts:
    """Plan the next run of a campaign, which then awaits approval.

    Raises
    ------
    RequestRefusal
        There is no such campaign, it has ended, or has problems.
    InvalidInput
        The changed parts do not fit the definition.
    """
    tenant = author.tenant
    campaign = campaign_of(tenant, campaign_id, services=services)
    definition = reused(campaign.definition, change)
    check_ready(definition, tenant=tenant, services=services)
    zone = zoneinfo.ZoneInfo(run_settings(tenant, services=services).time_zone)
    desk = desk_of(tenant, services)
    try:
        request = ask_run.ask_run(
            desk, campaign, day=author.now.astimezone(zone).date(), by=author.subject,
            at=author.now, definition=definition,
        )  # fmt: skip
    except InvalidInput as error:
        raise conflict(f"{error}.") from None
    return facts_of(*run_of(tenant, request.run_id, campaigns_of(services)))


def run_detail(tenant: str, run_id: str, *, services: Services) -> CampaignRunDetail:
    """Return a run with its plan, and what became of its messages so far.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    kept = campaigns_of(services)
    request, run = run_of(tenant, run_id, kept)
    files = kept.files(tenant, run_id)
    manifest = files.manifest() if files.is_planned() else None
    tally = kept.ledger(tenant, run_id).tally(planned=run.recipients)
    progress = kept.progress(tenant).read(run_id)
    sends_itself = request.definition.channel.kind != AUDIENCE
    return part_of(
        facts_of(request, run),
        CampaignRunDetail,
        definition=request.definition,
        audience=summary_of(manifest.counts) if manifest else None,
        planned_at=manifest.planned_at if manifest else None,
        zone_unknown=manifest.zone_unknown if manifest else None,
        hours=manifest.hours if manifest else None,
        notes=_notes(manifest),
        tally=_tally(tally) if manifest and sends_itself else None,
        cost=_cost(request, tally) if manifest and sends_itself else None,
        problem=progress.problem if progress else "",
        stuck=_stuck(run, tally, progress, kept=kept, at=services.clock()),
    )


def _notes(manifest: RunManifest | None) -> tuple[str, ...]:
    if manifest is None or manifest.definition.channel.kind != EMAIL:
        return ()
    # Neither the warm-up nor earlier runs are known here: a note too many is better than none.
    flag = gmail_flag(Counter({GMAIL_DOMAIN: manifest.to_gmail}), daily_cap=None, most_before=0)
    return (flag,) if flag else ()


def desk_of(tenant: str, services: Services) -> RunDesk:
    """Return where a tenant's runs are asked for and decided about."""
    kept = campaigns_of(services)
    return RunDesk(
        tenant=tenant,
        campaigns=kept.records(tenant),
        requests=kept.requests(tenant),
        runs=kept.runs(tenant),
        progress=kept.progress(tenant),
        executions=kept.executions,
    )


def run_of(tenant: str, run_id: str, kept: CampaignServices) -> tuple[RunRequest, CampaignRun]:
    """Return a run as it was asked for, and as it is.

    Raises
    ------
    RequestRefusal
        The tenant has no such run.
    """
    request, run = kept.requests(tenant).read(run_id), kept.runs(tenant).read(run_id)
    if request is None or run is None:
        raise missing("run of this id")
    return request, run


def facts_of(request: RunRequest, run: CampaignRun) -> CampaignRunFacts:
    """Return what a list shows of a run."""
    # The moments come with the plan: before it, all of them are the same one.
    is_planned = run.latest_start > run.starts_at
    return part_of(
        run,
        CampaignRunFacts,
        campaign=request.definition.id,
        day=request.day,
        asked_by=request.asked_by,
        asked_at=request.asked_at,
        is_approved=request.is_approved,
        recipients=run.recipients if is_planned else None,
        starts_at=run.starts_at if is_planned else None,
        latest_start=run.latest_start if is_planned else None,
        deadline=run.deadline if is_planned else None,
    )


def _stuck(
    run: CampaignRun,
    tally: RunTally,
    progress: RunProgress | None,
    *,
    kept: CampaignServices,
    at: dt.datetime,
) -> str:
    """Return why a run stands still, empty while it moves or only its result is awaited."""
    why = "" if run.state == "MEASURING" else cause(run, tally=tally, at=at)
    if not why or progress is None:
        return why
    is_executed = kept.executions.is_running(progress.execution)
    return cause(run, tally=tally, at=at, is_executed=is_executed)


def _cost(request: RunRequest, tally: RunTally) -> MessageCost:
    by_mail = request.definition.channel.kind == EMAIL
    return message_cost(tally.counts.get(SENT, 0), by_mail=by_mail)


def _tally(tally: RunTally) -> DeliveryTally:
    counts = tally.counts
    return DeliveryTally(
        planned=tally.planned,
        waiting=tally.waiting,
        deferred=counts.get(DEFERRED, 0),
        claimed=counts.get(CLAIMED, 0),
        sent=counts.get(SENT, 0),
        refused=counts.get(REFUSED, 0),
        skipped=counts.get(SKIPPED, 0),
        doubts=counts.get(UNKNOWN, 0),
        moved_at=tally.moved_at,
        last_deferral=tally.last_deferral,
    )
