"""Results, messages and tests. Each function imports its steps, as those of templates do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from lambdas.api.calls import Caller, attempt_of, body_of
from lambdas.api.parameters import (
    CampaignPath,
    CampaignRunPath,
    ConversionShare,
    CustomerPath,
    HeldOutShare,
    IsWeekly,
    LiftShare,
    PeopleCount,
    Requested,
    ResultDays,
    TemplatePath,
    Year,
)
from steps.serve.once import once
from tessera.api.documents.campaigns.messages import (
    CustomerMessages,
    TemplateTest,
    TemplateTestResult,
)
from tessera.campaigns.engaging.engagement import CampaignEngagement
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.outlook import EffectOutlook
from tessera.campaigns.results.quarters import GlobalHoldoutYear
from tessera.campaigns.results.run_figures import RunFigures
from tessera.campaigns.targeting.offer import Offer
from tessera.campaigns.targeting.offer_plan import OfferPlan
from tessera.campaigns.targeting.targets import CampaignTargets

_OfferBody = Annotated[Offer, Depends(body_of(Offer))]
_TestBody = Annotated[TemplateTest, Depends(body_of(TemplateTest))]


def campaign_results(call: Caller, campaign_id: CampaignPath) -> CampaignResults:
    """Return what a campaign changed."""
    from steps.serve.campaigns import results as steps

    return steps.campaign_results(call.tenant, campaign_id, services=call.services)


def global_holdout(call: Caller, year: Year) -> GlobalHoldoutYear:
    """Return what all campaigns of a year changed."""
    from steps.serve.campaigns import outlooks as steps

    return steps.global_holdout(call.tenant, year, services=call.services)


def effect_outlook(
    call: Caller,
    *,
    people: PeopleCount = 10_000,
    weekly: IsWeekly = False,
    conversion: ConversionShare = None,
    lift: LiftShare = 0.1,
    result_days: ResultDays = 30,
    holdout: HeldOutShare = None,
) -> EffectOutlook:
    """Return what a campaign could show."""
    from steps.serve.campaigns import outlooks as steps

    return steps.effect_outlook(
        call.tenant,
        services=call.services,
        people=people,
        is_weekly=weekly,
        conversion=conversion,
        lift=lift,
        result_days=result_days,
        holdout=holdout,
    )


def campaign_targets(call: Caller, campaign_id: CampaignPath) -> CampaignTargets:
    """Return who reacts to a campaign."""
    from steps.serve.campaigns import targets as steps

    return steps.campaign_targets(call.tenant, campaign_id, services=call.services)


def campaign_engagement(call: Caller, campaign_id: CampaignPath) -> CampaignEngagement:
    """Return how people react to a campaign's messages."""
    from steps.serve.campaigns import targets as steps

    return steps.campaign_engagement(call.tenant, campaign_id, services=call.services)


def plan_offer(call: Caller, campaign_id: CampaignPath, body: _OfferBody) -> OfferPlan:
    """Return to which customers an offer goes first."""
    from steps.serve.campaigns import targets as steps

    return steps.offer_plan(call.tenant, campaign_id, body, services=call.services)


def campaign_run_figures(call: Caller, campaign_run: CampaignRunPath) -> RunFigures:
    """Return what happened to a run's messages."""
    from steps.serve.campaigns import results as steps

    return steps.run_figures(call.tenant, campaign_run, services=call.services)


def customer_messages(call: Caller, customer_key: CustomerPath) -> CustomerMessages:
    """Return a customer's messages."""
    from steps.serve.campaigns import results as steps

    return steps.customer_messages(call.tenant, customer_key, services=call.services)


def send_template_test(
    call: Caller, template_id: TemplatePath, body: _TestBody, idempotency_key: Requested
) -> TemplateTestResult:
    """Send a template to one address."""
    from steps.serve.campaigns import template_tests as steps

    return once(
        attempt_of(
            call, key=idempotency_key, operation=f"send_template_test {template_id}", body=body
        ),
        lambda: steps.send_test(call.tenant, template_id, body, services=call.services),
        kind=TemplateTestResult,
        requests=call.services.requests,
    )
