"""Runs of campaigns. Each function imports its steps, as those of templates do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, author_of, body_of
from lambdas.api.parameters import CampaignPath, CampaignRunPath, Requested
from steps.serve.once import once
from tessera.api.documents.campaigns.runs import (
    CampaignRunDetail,
    CampaignRunFacts,
    CampaignRunList,
    DoubtList,
    DoubtRelease,
)
from tessera.api.documents.runs import RunDecision
from tessera.campaigns.definitions.document import CampaignReuse

_ReuseBody = Annotated[CampaignReuse, Depends(body_of(CampaignReuse))]
_DecisionBody = Annotated[RunDecision, Depends(body_of(RunDecision))]
_ReleaseBody = Annotated[DoubtRelease, Depends(body_of(DoubtRelease))]


def campaign_runs(call: Caller, campaign_id: CampaignPath) -> CampaignRunList:
    """Return a campaign's runs."""
    from steps.serve.campaigns import runs as steps

    return steps.list_runs(call.tenant, campaign_id, services=call.services)


def ask_campaign_run(
    call: Caller, campaign_id: CampaignPath, body: _ReuseBody, idempotency_key: Requested
) -> CampaignRunFacts:
    """Plan a run."""
    from steps.serve.campaigns import runs as steps

    return once(
        attempt_of(
            call, key=idempotency_key, operation=f"ask_campaign_run {campaign_id}", body=body
        ),
        lambda: steps.ask_for_run(campaign_id, body, author_of(call), services=call.services),
        kind=CampaignRunFacts,
        requests=call.services.requests,
    )


def campaign_run(call: Caller, campaign_run: CampaignRunPath) -> CampaignRunDetail:
    """Return one run."""
    from steps.serve.campaigns import runs as steps

    return steps.run_detail(call.tenant, campaign_run, services=call.services)


def approve_campaign_run(call: Caller, campaign_run: CampaignRunPath) -> CampaignRunFacts:
    """Let a run send."""
    from steps.serve.campaigns import decisions as steps

    return steps.approve(call.tenant, campaign_run, services=call.services)


def pause_campaign_run(
    call: Caller, campaign_run: CampaignRunPath, body: _DecisionBody
) -> CampaignRunFacts:
    """Stop sending for now."""
    from steps.serve.campaigns import decisions as steps

    return steps.pause(campaign_run, body, author_of(call), services=call.services)


def resume_campaign_run(call: Caller, campaign_run: CampaignRunPath) -> CampaignRunFacts:
    """Go on sending."""
    from steps.serve.campaigns import decisions as steps

    return steps.resume(call.tenant, campaign_run, services=call.services)


def cancel_campaign_run(
    call: Caller, campaign_run: CampaignRunPath, body: _DecisionBody
) -> CampaignRunFacts:
    """Stop for good."""
    from steps.serve.campaigns import decisions as steps

    return steps.cancel(campaign_run, body, author_of(call), services=call.services)


def campaign_run_doubts(call: Caller, campaign_run: CampaignRunPath) -> DoubtList:
    """Return the recipients in doubt."""
    from steps.serve.campaigns import decisions as steps

    return steps.list_doubts(call.tenant, campaign_run, services=call.services)


def release_doubts(
    call: Caller, campaign_run: CampaignRunPath, body: _ReleaseBody
) -> CampaignRunFacts:
    """Send recipients in doubt the message again."""
    from steps.serve.campaigns import decisions as steps

    return steps.release(campaign_run, body, author_of(call), services=call.services)
