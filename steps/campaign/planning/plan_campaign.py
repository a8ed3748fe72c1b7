"""Plan a run that somebody asked for, from what its tenant has now."""

from __future__ import annotations

import datetime as dt

from adapters.campaigns.taken import PlannedFiles
from steps.campaign.plan_run import RunPlan, plan_run
from steps.campaign.planning.audience import plan_sources, problems_of
from steps.campaign.planning.earlier import check_turn
from steps.campaign.planning.hours import hours_for
from steps.campaign.planning.services import PlanningServices
from steps.campaign.runs import fail_plan, run_of
from tessera.campaigns.campaign_record import RunRequest
from tessera.campaigns.planning.manifest import RunManifest
from tessera.campaigns.sending import states
from tessera.errors import InvalidInput


def plan_campaign(run_id: str, *, services: PlanningServices, now: dt.datetime) -> RunManifest:
    """Plan a run and let it await approval. Repeating it after a crash plans again.

    A run that cannot be planned has failed, for the reason that its state then has. A run that was
    planned already keeps its plan.

    Parameters
    ----------
    run_id
        The run, which is PLANNING.
    services
        The tenant's.
    now
        The moment.

    Raises
    ------
    InvalidInput
        The run is not PLANNING, or cannot be planned.
    Retryable
        Another run is being planned, or the customers changed meanwhile.
    """
    run = run_of(services.runs, run_id)
    files = PlannedFiles(services.identities, tenant=services.tenant, run_id=run_id)
    if run.state != "PLANNING" and files.is_planned():
        return files.manifest()  # an answer was lost: the plan is frozen, and stays
    states.require(run, "plan")
    check_turn(services.runs.all(), own=run, now=now)
    try:
        return _planned(run_id, services, now=now)
    except InvalidInput as error:
        fail_plan(services.runs, run_id, reason=str(error), at=now)
        raise


def _planned(run_id: str, services: PlanningServices, *, now: dt.datetime) -> RunManifest:
    request = _request(run_id, services)
    definition = request.definition
    if problems := problems_of(definition, services, now=now):
        raise InvalidInput(" ".join(problems))
    files = PlannedFiles(services.identities, tenant=services.tenant, run_id=run_id)
    with plan_sources(definition, services, run_id=run_id, now=now) as sources:
        plan = RunPlan(
            run_id=run_id,
            terms=sources.terms,
            shop_zone=services.settings.time_zone,
            now=now,
            profiles=sources.profiles,
            refused_lines=len(sources.refused),
            hours=hours_for(definition, services, run_id=run_id, now=now),
        )
        return plan_run(
            plan,
            candidates=sources.candidates,
            known=sources.known,
            files=files,
            runs=services.runs,
        )


def _request(run_id: str, services: PlanningServices) -> RunRequest:
    request = services.requests.read(run_id)
    if request is None:
        raise InvalidInput(f"run {run_id!r} has no request: ask for the run again")
    return request
