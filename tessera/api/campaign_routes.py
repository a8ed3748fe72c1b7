"""The routes of campaigns, in the table of ``tessera.api.routes``."""

from __future__ import annotations

from tessera.api.documents.campaigns import (
    audiences,
    consent,
    definitions,
    messages,
    postmaster,
    runs,
)
from tessera.api.documents.runs import RunDecision
from tessera.api.route import Route, read_route
from tessera.campaigns.consent.report import ConsentReport
from tessera.campaigns.definitions.document import CampaignReuse
from tessera.campaigns.engaging.engagement import CampaignEngagement
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.outlook import EffectOutlook
from tessera.campaigns.results.quarters import GlobalHoldoutYear
from tessera.campaigns.results.run_figures import RunFigures
from tessera.campaigns.sending.brakes import PostmasterFigure
from tessera.campaigns.targeting.offer import Offer
from tessera.campaigns.targeting.offer_plan import OfferPlan
from tessera.campaigns.targeting.targets import CampaignTargets

_CAMPAIGNS = (
    read_route("/v1/campaigns", "campaigns", "The campaigns, by id", definitions.CampaignList),
    read_route(
        "/v1/campaigns/{campaign_id}",
        "campaign",
        "A campaign's definition, and why a run of it would not work",
        definitions.SavedCampaign,
    ),
    Route(
        method="PUT",
        path="/v1/campaigns/{campaign_id}",
        name="save_campaign",
        scope="campaigns:write",
        does="Save a campaign's definition; version 0 makes a new campaign",
        answers=definitions.SavedCampaign,
        takes=definitions.CampaignChange,
        judges="Its parts do not fit each other, or its earlier runs.",
    ),
    Route(
        method="POST",
        path="/v1/campaigns/{campaign_id}/activate",
        name="activate_campaign",
        scope="campaigns:send",
        does="Let a campaign's schedule start runs, which need no further approval",
        answers=definitions.SavedCampaign,
        takes=definitions.CampaignActivation,
    ),
    Route(
        method="POST",
        path="/v1/campaigns/{campaign_id}/end",
        name="end_campaign",
        scope="campaigns:write",
        does="End a campaign: no further run begins",
        answers=definitions.SavedCampaign,
    ),
    Route(
        method="POST",
        path="/v1/campaigns/{campaign_id}/duplicate",
        name="duplicate_campaign",
        scope="campaigns:write",
        does="Make a new campaign with this one's definition",
        answers=definitions.SavedCampaign,
        takes=definitions.CampaignCopy,
        status=201,
        creates=True,
        judges="The id is one that no campaign may have.",
    ),
    read_route(
        "/v1/ready-campaigns",
        "ready_campaigns",
        "Definitions that ship with Tessera, without templates",
        definitions.ReadyCampaignList,
    ),
)
_RUN = "/v1/campaign-runs/{campaign_run}"
_RUNS = (
    Route(
        method="POST",
        path="/v1/audiences/count",
        name="count_audience",
        scope="campaigns:write",
        does="Who a definition would write to now, and who is omitted and why",
        answers=audiences.AudienceCount,
        takes=audiences.AudienceQuestion,
        judges="It is no definition, or its list of receivers cannot be read.",
    ),
    read_route(
        "/v1/campaigns/{campaign_id}/runs",
        "campaign_runs",
        "The runs of a campaign, the newest first",
        runs.CampaignRunList,
    ),
    Route(
        method="POST",
        path="/v1/campaigns/{campaign_id}/runs",
        name="ask_campaign_run",
        scope="campaigns:write",
        does="Plan a run of a campaign, also with another audience or schedule",
        answers=runs.CampaignRunFacts,
        takes=CampaignReuse,
        status=202,
        creates=True,
        judges="The changed parts do not fit the definition.",
    ),
    read_route(
        _RUN,
        "campaign_run",
        "A run of a campaign: its plan, its messages by state, and why it stands still",
        runs.CampaignRunDetail,
    ),
    Route(
        method="POST",
        path=f"{_RUN}/approve",
        name="approve_campaign_run",
        scope="campaigns:send",
        does="Let a planned run send at its time",
        answers=runs.CampaignRunFacts,
    ),
    Route(
        method="POST",
        path=f"{_RUN}/pause",
        name="pause_campaign_run",
        scope="campaigns:write",
        does="Stop sending, until somebody resumes",
        answers=runs.CampaignRunFacts,
        takes=RunDecision,
    ),
    Route(
        method="POST",
        path=f"{_RUN}/resume",
        name="resume_campaign_run",
        scope="campaigns:send",
        does="Go on sending",
        answers=runs.CampaignRunFacts,
    ),
    Route(
        method="POST",
        path=f"{_RUN}/cancel",
        name="cancel_campaign_run",
        scope="campaigns:write",
        does="Stop a run for good; what is sent stays sent",
        answers=runs.CampaignRunFacts,
        takes=RunDecision,
    ),
    Route(
        method="GET",
        path=f"{_RUN}/doubts",
        name="campaign_run_doubts",
        scope="customers:read",
        does="Recipients in doubt: nothing proves whether their message was sent",
        answers=runs.DoubtList,
    ),
    Route(
        method="POST",
        path=f"{_RUN}/doubts/release",
        name="release_doubts",
        scope="campaigns:send",
        does="Send recipients in doubt the message again",
        answers=runs.CampaignRunFacts,
        takes=runs.DoubtRelease,
    ),
)
_PEOPLE = (
    Route(
        method="GET",
        path="/v1/receivers",
        name="receiver_lists",
        scope="campaigns:write",
        does="The uploaded lists of receivers, by name",
        answers=consent.ReceiverLists,
    ),
    Route(
        method="POST",
        path="/v1/receivers/{list_name}",
        name="upload_receivers",
        scope="campaigns:write",
        does="Where to send a list of receivers, which replaces the one of this name",
        answers=consent.FileTarget,
        takes=consent.FileSize,
    ),
    read_route(
        "/v1/consent",
        "consents",
        "How many people have consented, by state and basis",
        consent.ConsentCounts,
    ),
    Route(
        method="POST",
        path="/v1/consent/imports",
        name="create_consent_import",
        scope="campaigns:write",
        does="Where to send a file of consents",
        answers=consent.FileTarget,
        takes=consent.FileSize,
        status=201,
        creates=True,
    ),
    Route(
        method="POST",
        path="/v1/consent/imports/{import_id}/start",
        name="start_consent_import",
        scope="campaigns:write",
        does="Import a file of consents that was sent; the same report once it is done",
        answers=ConsentReport,
        judges="The file has not the columns of consents.",
    ),
)
_BRAKES = (
    read_route(
        "/v1/postmaster",
        "spam_rate",
        "Gmail's spam rate, as it was entered last: Gmail reports no complaints",
        postmaster.SpamRate,
    ),
    Route(
        method="PUT",
        path="/v1/postmaster",
        name="enter_spam_rate",
        scope="campaigns:write",
        does="Enter the spam rate of a day from Postmaster Tools; from 0.1 % on, runs pause",
        answers=postmaster.SpamRate,
        takes=PostmasterFigure,
        judges="The day is still to come, or too long ago.",
    ),
)
_MEASURED = (
    read_route(
        "/v1/campaigns/{campaign_id}/results",
        "campaign_results",
        "What a campaign changed, by churn band and variant, as last measured",
        CampaignResults,
    ),
    read_route(
        "/v1/global-holdout/{year}",
        "global_holdout",
        "What all campaigns of a year changed together, by quarter, against the global holdout",
        GlobalHoldoutYear,
    ),
    read_route(
        "/v1/effect-outlook",
        "effect_outlook",
        "What a campaign could show before it is sent: effect size, holdout, weeks until known",
        EffectOutlook,
    ),
    read_route(
        "/v1/campaigns/{campaign_id}/targets",
        "campaign_targets",
        "Who reacts to a campaign, in groups, and why this may be used or not",
        CampaignTargets,
    ),
    read_route(
        "/v1/campaigns/{campaign_id}/engagement",
        "campaign_engagement",
        "How far people's own chances to open, click and unsubscribe and their hours are known",
        CampaignEngagement,
    ),
    Route(
        method="POST",
        path="/v1/campaigns/{campaign_id}/offer",
        name="plan_offer",
        scope="insights:read",
        does="To which customers an offer goes first, by its cost, margin and budget",
        answers=OfferPlan,
        takes=Offer,
        judges="It has an amount that no offer has.",
    ),
    read_route(
        f"{_RUN}/figures",
        "campaign_run_figures",
        "What happened to a run's messages, by hour, churn band and variant",
        RunFigures,
    ),
    Route(
        method="GET",
        path="/v1/customers/{customer_key}/messages",
        name="customer_messages",
        scope="customers:read",
        does="The messages that a customer was sent, and what happened to them",
        answers=messages.CustomerMessages,
    ),
    Route(
        method="POST",
        path="/v1/templates/{template_id}/test-sends",
        name="send_template_test",
        scope="campaigns:send",
        does="Send a published template to one address",
        answers=messages.TemplateTestResult,
        takes=messages.TemplateTest,
        status=201,
        creates=True,
        judges="The sender is not set up.",
    ),
)
CAMPAIGN_ROUTES = (*_CAMPAIGNS, *_RUNS, *_PEOPLE, *_BRAKES, *_MEASURED)
