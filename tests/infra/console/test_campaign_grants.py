"""What the API may do with campaigns, and only where a stage has them."""

from __future__ import annotations

import json

import pytest

from tests.infra.console.stages import GIVEN
from tests.infra.policies import allows
from tests.infra.rights import may

REGION = "eu-central-1:111122223333"
FUNCTION = f"arn:aws:lambda:{REGION}:function:tessera-mail-count-audience:live"
IMPORT = f"arn:aws:lambda:{REGION}:function:tessera-mail-import-consent:live"
MACHINE = f"arn:aws:states:{REGION}:stateMachine:tessera-mail-campaigns"


def api_may(app, action, resource):
    return may(app, "FunctionsApi", action, resource)


def for_acme(app, action, resource, **context):
    """Return whether the API may do something for ``acme``, and for no other tenant."""
    statements = app.statements("FunctionsTenantRole")
    may_do = [
        allows(statements, action, resource, {"aws:PrincipalTag/tenant": [tenant], **context})
        for tenant in ("acme", "zenith")
    ]
    assert not may_do[1]
    assert not api_may(app, action, resource)
    return may_do[0]


@pytest.fixture
def identities(campaigns):
    return f"arn:aws:s3:::{campaigns.outputs()['IdentitiesBucket']}/tenants/acme/"


def test_the_api_keeps_campaigns_and_deletes_nothing(campaigns):
    table = f"arn:aws:dynamodb:us-east-1:111122223333:table/{campaigns.outputs()['CampaignsTable']}"
    own = {"dynamodb:LeadingKeys": ["acme#CAMPAIGN", "acme#RUN#spring-r001#0"]}
    for action in ("GetItem", "PutItem", "Query", "BatchGetItem"):
        assert for_acme(campaigns, f"dynamodb:{action}", table, **own), action
    for action in ("DeleteItem", "UpdateItem", "Scan", "BatchWriteItem"):
        assert not for_acme(campaigns, f"dynamodb:{action}", table, **own), action


def test_the_api_reads_plans_and_no_address(campaigns, identities):
    assert for_acme(campaigns, "s3:GetObject", f"{identities}campaigns/spring-r001/manifest.json")
    for key in ("campaigns/spring-r001/chunks/000001.json", "identities/upload=1/a.parquet"):
        assert not for_acme(campaigns, "s3:GetObject", identities + key)


@pytest.mark.parametrize("key", ["campaigns/lists/vip.csv", "consent/1.csv"])
def test_the_api_signs_where_lists_and_consents_go_and_reads_none(campaigns, identities, key):
    assert for_acme(campaigns, "s3:PutObject", identities + key)
    assert not for_acme(campaigns, "s3:GetObject", identities + key)
    assert not for_acme(campaigns, "s3:PutObject", f"{identities}campaigns/a-r001/manifest.json")


def test_a_browser_may_send_them_from_the_console_alone(campaigns, console):
    def origins(app):
        return [
            rule["AllowedOrigins"]
            for bucket in app.resources("AWS::S3::Bucket")
            for rule in bucket.get("CorsConfiguration", {}).get("CorsRules", [])
        ]

    assert origins(campaigns) == [[f"https://{GIVEN}"]] * 2
    assert origins(console) == [[f"https://{GIVEN}"]]


def test_the_api_starts_the_machine_and_calls_what_reads_addresses(campaigns):
    assert api_may(campaigns, "states:StartExecution", MACHINE)
    execution = MACHINE.replace(":stateMachine:", ":execution:") + ":acme--spring-r001--send-1"
    assert api_may(campaigns, "states:DescribeExecution", execution)
    assert not api_may(campaigns, "states:StopExecution", execution)
    assert api_may(campaigns, "lambda:InvokeFunction", FUNCTION)
    assert api_may(campaigns, "lambda:InvokeFunction", IMPORT)


@pytest.mark.parametrize(
    "key", ["campaigns/spring/results.json", "campaigns/spring-r001/figures.json", "consent/1.json"]
)
def test_the_api_shows_what_was_measured(campaigns, key):
    data = f"arn:aws:s3:::{campaigns.outputs()['DataBucket']}/tenants/acme/"
    assert for_acme(campaigns, "s3:GetObject", data + key)
    assert not for_acme(campaigns, "s3:PutObject", data + key)


def test_where_campaigns_are_off_it_may_do_none_of_it(console):
    here = "us-east-1:111122223333"
    for action, resource in (
        ("states:StartExecution", f"arn:aws:states:{here}:stateMachine:tessera-dev-campaigns"),
        (
            "lambda:InvokeFunction",
            f"arn:aws:lambda:{here}:function:tessera-dev-count-audience:live",
        ),
    ):
        assert not api_may(console, action, resource)


def places(app):
    return next(
        made["Environment"]["Variables"]["CAMPAIGNS"]
        for made in app.resources("AWS::Lambda::Function")
        if "CAMPAIGNS" in made["Environment"]["Variables"]
    )


def test_the_api_gets_where_campaigns_are(campaigns, console):
    known = json.loads(campaigns.resolve(places(campaigns)))
    assert known["machine_arn"] == f"{MACHINE}:live"
    assert (known["count_audience"], known["import_consent"]) == (FUNCTION, IMPORT)
    assert known["table"] == campaigns.outputs()["CampaignsTable"]
    assert places(console) == ""
