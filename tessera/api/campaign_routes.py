"""The routes of campaigns, in the table of ``tessera.api.routes``."""

from __future__ import annotations

from tessera.api.documents.campaigns import definitions
from tessera.api.route import Route, read_route

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
CAMPAIGN_ROUTES = _CAMPAIGNS
