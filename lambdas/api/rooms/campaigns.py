"""Campaigns. Each function imports its steps, as those of templates do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, author_of, body_of
from lambdas.api.parameters import CampaignPath, Requested
from steps.serve.once import once
from tessera.api.documents.campaigns.audiences import AudienceCount, AudienceQuestion
from tessera.api.documents.campaigns.definitions import (
    CampaignActivation,
    CampaignChange,
    CampaignCopy,
    CampaignList,
    ReadyCampaignList,
    SavedCampaign,
)

_ChangeBody = Annotated[CampaignChange, Depends(body_of(CampaignChange))]
_ActivationBody = Annotated[CampaignActivation, Depends(body_of(CampaignActivation))]
_QuestionBody = Annotated[AudienceQuestion, Depends(body_of(AudienceQuestion))]
_CopyBody = Annotated[CampaignCopy, Depends(body_of(CampaignCopy))]


def campaigns(call: Caller) -> CampaignList:
    """Return every campaign."""
    from steps.serve.campaigns import definitions as steps

    return steps.list_campaigns(call.tenant, services=call.services)


def campaign(call: Caller, campaign_id: CampaignPath) -> SavedCampaign:
    """Return one campaign."""
    from steps.serve.campaigns import definitions as steps

    return steps.read_campaign(call.tenant, campaign_id, services=call.services)


def save_campaign(call: Caller, campaign_id: CampaignPath, body: _ChangeBody) -> SavedCampaign:
    """Save a definition."""
    from steps.serve.campaigns import definitions as steps

    return steps.save_campaign(campaign_id, body, author_of(call), services=call.services)


def activate_campaign(
    call: Caller, campaign_id: CampaignPath, body: _ActivationBody
) -> SavedCampaign:
    """Let the schedule start runs."""
    from steps.serve.campaigns import definitions as steps

    return steps.activate_campaign(campaign_id, body, author_of(call), services=call.services)


def end_campaign(call: Caller, campaign_id: CampaignPath) -> SavedCampaign:
    """Begin no further run."""
    from steps.serve.campaigns import definitions as steps

    return steps.end_campaign(campaign_id, author_of(call), services=call.services)


def duplicate_campaign(
    call: Caller, campaign_id: CampaignPath, body: _CopyBody, idempotency_key: Requested
) -> SavedCampaign:
    """Make a copy."""
    from steps.serve.campaigns import definitions as steps

    return once(
        attempt_of(
            call, key=idempotency_key, operation=f"duplicate_campaign {campaign_id}", body=body
        ),
        lambda: steps.duplicate_campaign(
            campaign_id, body, author_of(call), services=call.services
        ),
        kind=SavedCampaign,
        requests=call.services.requests,
    )


def ready_campaigns(call: Caller) -> ReadyCampaignList:
    """Return the shipped definitions."""
    from steps.serve.campaigns import ready as steps

    return steps.list_ready(call.tenant, services=call.services)


def count_audience(call: Caller, body: _QuestionBody) -> AudienceCount:
    """Return who a definition would write to."""
    from steps.serve.campaigns import audiences as steps

    return steps.count_audience(body, call.tenant, services=call.services)
