"""What a stage may choose about Customer Profiles: upload jobs, what exists already, a campaign."""

from __future__ import annotations

import json

import pytest

from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tests.infra.linting import findings
from tests.infra.synthesis import synthesize
from tests.infra.template import listed

UPLOADS = {
    "profile:CreateUploadJob",
    "profile:GetUploadJob",
    "profile:GetUploadJobPath",
    "profile:ListUploadJobs",
    "profile:StartUploadJob",
}
DOMAIN, TYPE = "amazon-connect-shop", "ShopCustomer"
TEMPLATE = "arn:aws:wisdom:us-east-1:111122223333:message-template/kb/template"
FLOW = "arn:aws:connect:us-east-1:111122223333:instance/i/contact-flow/f"
WHEN = {"start_at": "2026-12-01T09:00:00Z", "end_at": "2026-12-31T09:00:00Z"}
CAMPAIGN = {"connect_instance_id": "0a1b-2c3d", "segment": "_RFM_At_Risk", **WHEN}
MAIL = {"email_address": "shop@example.com", "email_template_arn": TEMPLATE}


def context(**settings):
    return {"stage": "dev", "tessera": {"stages": {"dev": {"retain": False, **settings}}}}


@pytest.fixture(scope="module")
def chosen():
    """A stage with upload jobs into what exists already, and a campaign."""
    settings = {
        "customer_profiles": {"domain": DOMAIN, "object_type": TYPE, "loader": "upload"},
        "connect_campaign": {**CAMPAIGN, **MAIL, "refresh": "P1D"},
    }
    return synthesize(context(**settings))


def allowed(app, step):
    return {action for each in app.statements(f"{step}Role") for action in listed(each["Action"])}


def test_upload_jobs_take_rights_of_one_function_where_a_stage_chooses_them(app, chosen):
    assert allowed(chosen, "PollLoad") >= UPLOADS | {"profile:BatchPutProfileObject"}
    assert not allowed(chosen, "StartLoad") & UPLOADS
    assert not allowed(chosen, "EnsureSegments") & UPLOADS
    assert not allowed(app, "PollLoad") & UPLOADS


def test_the_functions_get_what_the_stage_chose(chosen):
    options = [
        json.loads(chosen.resolve(each["Environment"]["Variables"]["OPTIONS"]))
        for each in chosen.resources("AWS::Lambda::Function")
        if "OPTIONS" in each.get("Environment", {}).get("Variables", {})
    ]
    wanted = {"domain": DOMAIN, "object_type": TYPE, "loader": "upload"}
    assert len(options) >= 3
    assert all(each["customer_profiles"] == wanted for each in options)


def test_what_exists_already_is_not_made_again(chosen):
    assert not chosen.resources("AWS::CustomerProfiles::Domain")
    assert not chosen.resources("AWS::CustomerProfiles::ObjectType")


def test_a_campaign_gets_the_segment_of_the_default_tenant(chosen):
    (made,) = chosen.resources("AWS::ConnectCampaignsV2::Campaign")
    assert chosen.resolve(made["Source"]["CustomerProfilesSegmentArn"]) == (
        f"arn:aws:profile:us-east-1:111122223333:domains/{DOMAIN}/segment-definitions/_RFM_At_Risk"
    )
    assert made["ConnectInstanceId"] == "0a1b-2c3d"
    assert made["Schedule"] == {
        "StartTime": WHEN["start_at"],
        "EndTime": WHEN["end_at"],
        "RefreshFrequency": "P1D",
    }
    mail = made["ChannelSubtypeConfig"]["Email"]["DefaultOutboundConfig"]
    assert mail == {
        "ConnectSourceEmailAddress": "shop@example.com",
        "WisdomTemplateArn": TEMPLATE,
    }
    tags = {tag["Key"]: chosen.resolve(tag["Value"]) for tag in made["Tags"]}
    assert tags["owner"] == "arn:aws:connect:us-east-1:111122223333:instance/0a1b-2c3d"


def test_no_campaign_unless_a_stage_says_so(app, other):
    for made in (app, other):
        assert "AWS::ConnectCampaignsV2::Campaign" not in made.kinds()


def test_cfn_lint_has_nothing_to_say(chosen):
    assert not findings(chosen.templates.values(), region="us-east-1")


@pytest.mark.parametrize(
    ("campaign", "words"),
    [
        ({"segment": "_RFM_Lost"}, "'connect_campaign.segment'.*connect_instance_id"),
        (CAMPAIGN, "'connect_campaign.flow_arn'.*email_address"),
        ({**CAMPAIGN, **MAIL, "flow_arn": FLOW}, "'connect_campaign.flow_arn'"),
        ({**CAMPAIGN, "flow_arn": "flow"}, "'connect_campaign.flow_arn'"),
        ({**CAMPAIGN, **MAIL, "email_address": "shop"}, "'connect_campaign.email_address'"),
        (
            {**CAMPAIGN, "email_address": "shop@example.com"},
            "'connect_campaign.email_template_arn'",
        ),
        ({**CAMPAIGN, **MAIL, "segment": "_RFM_At Risk"}, "'connect_campaign.segment'"),
        ({**CAMPAIGN, **MAIL, "start_at": "tomorrow"}, "'connect_campaign.start_at'.*UTC"),
        (
            {**CAMPAIGN, **MAIL, "start_at": "2026-12-01T09:00:00+01:00"},
            "'connect_campaign.start_at'",
        ),
        ({**CAMPAIGN, **MAIL, "end_at": WHEN["start_at"]}, "'connect_campaign.end_at'.*after"),
        ({**CAMPAIGN, **MAIL, "refresh": "daily"}, "'connect_campaign.refresh'.*P1D"),
        (
            {**CAMPAIGN, **MAIL, "connect_instance_id": FLOW},
            "'connect_campaign.connect_instance_id'.*ARN",
        ),
    ],
)
def test_a_campaign_that_could_not_be_made_is_refused_by_name(campaign, words):
    with pytest.raises(InvalidInput, match=words):
        StageSettings.parse("dev", context(connect_campaign=campaign)["tessera"])


def test_a_campaign_needs_customer_profiles():
    settings = context(connect_campaign={**CAMPAIGN, "flow_arn": FLOW}, destinations=["export"])
    with pytest.raises(InvalidInput, match=r"'destinations'.*customer_profiles"):
        StageSettings.parse("dev", settings["tessera"])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"loader": "bulk"}, "'customer_profiles.loader'.*upload"),
        ({"object_type": TYPE}, "'customer_profiles.object_type'.*domain"),
        ({"domain": DOMAIN, "object_type": "a b"}, "'customer_profiles.object_type'"),
    ],
)
def test_a_choice_that_is_none_is_refused_by_name(settings, words):
    with pytest.raises(InvalidInput, match=words):
        StageSettings.parse("dev", context(customer_profiles=settings)["tessera"])
