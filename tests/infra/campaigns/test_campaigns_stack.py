"""The stack of campaigns: what is deployed, and exactly what each function may touch."""

from __future__ import annotations

import json
import re

import pytest

from tessera.environments.campaigns import (
    AdvanceCampaignEnvironment,
    CampaignsEnvironment,
    ImportConsentEnvironment,
    KeepCampaignsEnvironment,
    PlanCampaignEnvironment,
    SendCampaignEnvironment,
    SendTestEnvironment,
    UnsubscribeEnvironment,
    WriteEventsEnvironment,
)
from tests.infra.rights import may
from tests.infra.template import listed

ENVIRONMENTS = {
    "advance_campaign": AdvanceCampaignEnvironment,
    "count_audience": PlanCampaignEnvironment,
    "import_consent": ImportConsentEnvironment,
    "keep_campaigns": KeepCampaignsEnvironment,
    "measure_campaign": CampaignsEnvironment,
    "plan_campaign": PlanCampaignEnvironment,
    "send_chunk": SendCampaignEnvironment,
    "send_test": SendTestEnvironment,
    "unsubscribe": UnsubscribeEnvironment,
    "write_events": WriteEventsEnvironment,
}
READERS = {"PlanCampaign", "CountAudience", "MeasureCampaign", "ImportConsent"}
SENDERS = {"AdvanceCampaign", "SendChunk", "SendTest", "WriteEvents", "Unsubscribe"}
ALL = READERS | SENDERS | {"KeepCampaigns"}


def who(app, action, resource):
    return {name for name in ALL if may(app, name, action, resource)}


@pytest.fixture
def data(campaigns):
    return f"arn:aws:s3:::{campaigns.outputs()['DataBucket']}/tenants/acme/"


@pytest.fixture
def identities(campaigns):
    return f"arn:aws:s3:::{campaigns.outputs()['IdentitiesBucket']}/tenants/acme/"


def test_a_stage_has_the_stack_only_if_it_says_so(app, console, campaigns):
    assert "campaigns" not in {**app.templates, **console.templates}
    assert campaigns.templates.keys() == {"data", "pipeline", "console", "campaigns"}


def test_each_function_gets_exactly_its_environment(campaigns):
    made = {
        each["Handler"].split(".")[1]: each["Environment"]["Variables"].keys()
        for each in campaigns.resources("AWS::Lambda::Function")
        if each["Handler"].startswith("lambdas.") and "Environment" in each
    }
    for folder, environment in ENVIRONMENTS.items():
        names = {name.upper() for name in environment.__dataclass_fields__}
        assert made[folder] == names, folder


# ---- who may do what -------------------------------------------------------------------------


def test_no_action_is_a_pattern(campaigns):
    for name in ALL:
        statements = campaigns.statements(f"{name}Role")
        assert statements, name
        for statement in statements:
            assert not [action for action in listed(statement["Action"]) if "*" in action], name


def test_only_what_plans_reads_addresses_and_the_sender_its_chunks(campaigns, identities):
    def readers(key):
        return who(campaigns, "s3:GetObject", identities + key)

    planners = {"PlanCampaign", "CountAudience"}
    assert readers("identities/upload=1/part-00000.parquet") == planners
    assert readers("campaigns/lists/vip.csv") == planners
    assert readers("campaigns/news-r001/chunks/000001.json") == planners | {"SendChunk"}
    assert readers("campaigns/news-r001/holdout/000001.json") == planners
    assert readers("consent/1.csv") == {"ImportConsent"}
    written = identities + "campaigns/news-r001/chunks/000001.json"
    assert who(campaigns, "s3:PutObject", written) == {"PlanCampaign"}


def test_no_sender_reads_purchases_and_what_sends_chunks_no_profiles(campaigns, data):
    readers = READERS - {"ImportConsent"}
    profiles = data + "profiles/as_of=2026-11-28/run=r/part-00000.parquet"
    assert who(campaigns, "s3:GetObject", data + "events/upload=1/a.parquet") == readers
    # It asks for newer labels, and never for an address.
    assert who(campaigns, "s3:GetObject", profiles) == readers | {"AdvanceCampaign"}


def test_only_what_sends_may_and_by_one_identity(campaigns):
    for kind, name in (
        ("identity", "mail.shop.example"),
        ("configuration-set", "tessera-mail-campaigns"),
    ):
        arn = f"arn:aws:ses:eu-central-1:111122223333:{kind}/{name}"
        assert who(campaigns, "ses:SendEmail", arn) == SENDERS - {"WriteEvents", "Unsubscribe"}
        assert not who(campaigns, "ses:SendEmail", arn.replace("mail", "other"))


def test_nobody_deletes_from_the_table_and_the_secret_is_for_what_hashes(campaigns):
    table = f"arn:aws:dynamodb:us-east-1:111122223333:table/{campaigns.outputs()['CampaignsTable']}"
    assert not who(campaigns, "dynamodb:DeleteItem", table)
    assert who(campaigns, "dynamodb:Query", table) == ALL
    holders = {
        name
        for name in ALL
        for statement in campaigns.statements(f"{name}Role")
        if "secretsmanager:GetSecretValue" in listed(statement["Action"])
        and "PseudonymSecret" in json.dumps(statement["Resource"])
    }
    hashing = {"PlanCampaign", "CountAudience", "ImportConsent", "KeepCampaigns", "SendTest"}
    assert holders == hashing


@pytest.mark.parametrize(
    ("priced", "kind"),
    [
        ("customer managed key", "AWS::KMS::Key"),
        ("secret", "AWS::SecretsManager::Secret"),
        ("alarm", "AWS::CloudWatch::Alarm"),
    ],
)
def test_the_cost_page_counts_what_campaigns_add_at_rest(campaigns, root, priced, kind):
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8").partition("Campaigns](")[2]
    [count, *_others] = re.findall(rf"\| (\d+) more {priced}s? \|", page)
    resources = campaigns.templates["campaigns"]["Resources"]
    kept = campaigns.templates["data"]["Resources"]
    added = [*resources.values(), *(kept[name] for name in kept if name.startswith("Campaigns"))]
    assert int(count) == len([each for each in added if each["Type"] == kind])


# ---- mail ------------------------------------------------------------------------------------


def test_the_identity_signs_and_has_its_own_mail_from_domain(campaigns):
    [identity] = campaigns.resources("AWS::SES::EmailIdentity")
    assert identity["EmailIdentity"] == "mail.shop.example"
    assert identity["DkimAttributes"]["SigningEnabled"]
    assert identity["MailFromAttributes"]["MailFromDomain"] == "bounce.mail.shop.example"
    outputs = campaigns.outputs()
    assert outputs["MailFromSpf"].endswith('TXT "v=spf1 include:amazonses.com ~all"')
    assert len([name for name in outputs if name.startswith("DkimRecord")]) == 3


def test_events_of_every_kind_reach_the_queue_of_write_events(campaigns):
    from infra.campaigns.constructs.mail import EVENT_TYPES

    [destination] = [
        each["EventDestination"]
        for each in campaigns.resources("AWS::SES::ConfigurationSetEventDestination")
    ]
    assert destination["MatchingEventTypes"] == list(EVENT_TYPES)
    bus = campaigns.resolve(destination["EventBridgeDestination"]["EventBusArn"])
    assert bus.endswith(":event-bus/default")
    [rule] = [
        each
        for each in campaigns.resources("AWS::Events::Rule")
        if "aws.ses" in json.dumps(each.get("EventPattern", {}))
    ]
    tags = rule["EventPattern"]["detail"]["mail"]["tags"]
    assert tags == {"ses:configuration-set": ["tessera-mail-campaigns"]}
    [mapping] = campaigns.resources("AWS::Lambda::EventSourceMapping")
    [target] = rule["Targets"]
    assert campaigns.resolve(mapping["EventSourceArn"]) == campaigns.resolve(target["Arn"])


# ---- links -----------------------------------------------------------------------------------


def test_unsubscribe_links_need_no_login_and_are_served_at_the_consoles_address(campaigns):
    routes = {
        each["RouteKey"]: each["AuthorizationType"]
        for each in campaigns.resources("AWS::ApiGatewayV2::Route")
    }
    assert {key: kind for key, kind in routes.items() if kind == "NONE"} == {
        "GET /u/{token}": "NONE", "POST /u/{token}": "NONE",
    }  # fmt: skip
    [distribution] = campaigns.resources("AWS::CloudFront::Distribution")
    paths = {one["PathPattern"] for one in distribution["DistributionConfig"]["CacheBehaviors"]}
    assert paths == {"/v1/*", "/u/*"}


# ---- the machine -----------------------------------------------------------------------------


@pytest.fixture
def machine(campaigns):
    made = campaigns.resources("AWS::StepFunctions::StateMachine")
    definitions = [json.loads(campaigns.resolve(each["DefinitionString"])) for each in made]
    return next(each for each in definitions if "PlanCampaign" in each["States"])


def test_a_plan_that_fails_is_recorded_before_the_execution_fails(machine):
    states = machine["States"]
    [catch] = states["PlanCampaign"]["Catch"]
    assert catch["ErrorEquals"] == ["States.ALL"]
    record = states[catch["Next"]]
    assert set(record["Arguments"]["Payload"]) == {"tenant", "run", "failed"}
    assert states[record["Next"]]["Type"] == "Fail"


def test_the_machine_asks_what_comes_next_until_there_is_an_end(machine):
    states = machine["States"]
    assert states["PlanCampaign"]["Next"] == "AdvanceCampaign"
    assert states["AdvanceCampaign"]["Next"] == "Next?"
    ways = {one["Next"] for one in states["Next?"]["Choices"]}
    assert ways == {"SendChunks", "WaitUntil"}
    assert {states[way]["Next"] for way in ways} == {"AdvanceCampaign"}
    assert states["Next?"]["Default"] == "Ended"


def test_a_worker_that_fails_stops_no_other_and_is_not_repeated_at_once(machine):
    inside = machine["States"]["SendChunks"]["ItemProcessor"]["States"]
    [catch] = inside["SendChunk"]["Catch"]
    assert catch["ErrorEquals"] == ["States.ALL"]
    assert inside[catch["Next"]]["Seconds"] >= 60


def test_only_what_sends_reads_the_key_of_webhooks(campaigns):
    secrets = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tessera/mail/destinations"
    for name in ("webhook-a1b2c3", "webhook/acme-a1b2c3"):
        readers = who(campaigns, "secretsmanager:GetSecretValue", f"{secrets}/{name}")
        assert readers == {"AdvanceCampaign", "SendChunk"}
    other = f"{secrets}/klaviyo-a1b2c3"
    assert who(campaigns, "secretsmanager:GetSecretValue", other) == set()
