"""What may remove a tenant: by a session that names it, and only what operators have asked for."""

from __future__ import annotations

import json

import pytest

from tests.infra.policies import allows
from tests.infra.template import listed

TAG = "aws:PrincipalTag/tenant"
STATES = "arn:aws:states:us-east-1:111122223333:"


@pytest.fixture(scope="module")
def role(campaigns):
    return campaigns.statements("RemovingTenantRole")


def may(statements, action, resource, tenant, **context):
    return allows(statements, action, resource, {TAG: [tenant], **context})


def test_a_session_deletes_versions_of_its_tenant_and_reads_none(campaigns, role):
    outputs = campaigns.outputs()
    data, identities = outputs["DataBucket"], outputs["IdentitiesBucket"]
    for bucket, key in (
        (data, "tenants/acme/profiles/a"), (data, "uploads/acme/o.csv"),
        (data, "streams/open/acme/stream-2026-11-29/p"), (data, "latest_runs/acme.csv"),
        (identities, "tenants/acme/identities/a"),
    ):  # fmt: skip
        arn = f"arn:aws:s3:::{bucket}/{key}"
        assert may(role, "s3:DeleteObjectVersion", arn, "acme"), key
        assert not may(role, "s3:DeleteObjectVersion", arn, "zenith"), key
        assert not may(role, "s3:GetObject", arn, "acme"), key
    for key in ("removals/acme-1.json", "tenants/acme-2/a", "uploads/o.csv"):
        assert not may(role, "s3:DeleteObjectVersion", f"arn:aws:s3:::{data}/{key}", "acme")
    listing = {"s3:prefix": ["tenants/acme/"]}
    assert may(role, "s3:ListBucketVersions", f"arn:aws:s3:::{data}", "acme", **listing)
    assert not may(role, "s3:ListBucketVersions", f"arn:aws:s3:::{data}", "zenith", **listing)


def test_a_session_deletes_items_of_its_tenant(campaigns, role):
    outputs = campaigns.outputs()
    for table in ("RunsTable", "ApiTable", "CampaignsTable"):
        arn = f"arn:aws:dynamodb:us-east-1:111122223333:table/{outputs[table]}"
        for key in ("acme", "acme#KEYS", "acme/00000001"):
            own = {"dynamodb:LeadingKeys": [key]}
            assert may(role, "dynamodb:DeleteItem", arn, "acme", **own)
            assert not may(role, "dynamodb:DeleteItem", arn, "zenith", **own)
        assert may(role, "dynamodb:Scan", arn, "acme")
        assert not may(role, "dynamodb:PutItem", arn, "acme", **own)
    tenants = f"arn:aws:dynamodb:us-east-1:111122223333:table/{outputs['TenantsTable']}"
    assert not may(role, "dynamodb:DeleteItem", tenants, "acme", **own)


def test_a_session_deletes_secrets_of_its_tenant(role):
    secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tessera/{}-AbCdEf"
    action = "secretsmanager:DeleteSecret"
    assert may(role, action, secret.format("mail/destinations/klaviyo/acme"), "acme")
    assert may(role, action, secret.format("mail/sources/shopify/acme"), "acme")
    for other in (
        "mail/destinations/klaviyo",
        "mail/destinations/klaviyo/acme-2",
        "prod/sources/x/acme",
    ):
        assert not may(role, action, secret.format(other), "acme"), other
    assert not may(
        role, "secretsmanager:GetSecretValue", secret.format("mail/sources/x/acme"), "acme"
    )


def test_the_function_itself_reaches_no_data_of_a_tenant(campaigns):
    own = campaigns.statements("FunctionsRemoveTenantRole")
    bucket = campaigns.outputs()["DataBucket"]
    for action in ("s3:GetObject", "s3:DeleteObjectVersion", "s3:PutObject"):
        assert not allows(own, action, f"arn:aws:s3:::{bucket}/tenants/acme/a", {})
    receipt = f"arn:aws:s3:::{bucket}/removals/acme-1.json"
    assert allows(own, "s3:PutObject", receipt, {})
    assert not allows(own, "s3:DeleteObjectVersion", receipt, {})
    signing = [one for one in own if "kms:Sign" in listed(one["Action"])]
    assert len(signing) == 1


def test_the_api_alone_starts_removals_and_cannot_sign_a_receipt(console):
    machine = f"{STATES}stateMachine:tessera-dev-removals"
    may_start = {
        owner
        for owner, statement in console.all_statements()
        if "states:StartExecution" in listed(statement["Action"])
        and machine in listed(statement["Resource"])
    }
    assert len(may_start) == 1
    assert "FunctionsApiRole" in may_start.pop()
    api = console.statements("FunctionsApiRole")
    assert not [one for one in api if "kms:Sign" in listed(one["Action"])]
    receipts = f"arn:aws:s3:::{console.outputs()['DataBucket']}/removals/"
    assert allows(api, "s3:GetObject", f"{receipts}acme-1.json", {})
    assert not allows(api, "s3:PutObject", f"{receipts}acme-1.json", {})


def test_operators_are_served_by_the_functions_own_role(console):
    api, outputs = console.statements("FunctionsApiRole"), console.outputs()
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/"
    for action in ("GetItem", "Scan", "UpdateItem"):
        assert allows(api, f"dynamodb:{action}", table + outputs["TenantsTable"], {})
    for action in ("DeleteItem", "PutItem"):
        assert not allows(api, f"dynamodb:{action}", table + outputs["TenantsTable"], {})
    requests = {"dynamodb:LeadingKeys": ["#REQUESTS"]}
    assert allows(api, "dynamodb:PutItem", table + outputs["ApiTable"], requests)


def test_the_machine_calls_again_until_all_is_gone(console):
    [made] = [
        one
        for one in console.resources("AWS::StepFunctions::StateMachine")
        if one["StateMachineName"] == "tessera-dev-removals"
    ]
    definition = json.loads(console.resolve(made["DefinitionString"]))
    states = definition["States"]
    assert definition["StartAt"] == "Remove"
    assert states["Remove"]["Next"] == "AllGone?"
    assert states["AllGone?"]["Choices"][0]["Next"] == "Removed"
    assert states["Pause"]["Next"] == "Remove"
    assert "wait_seconds" in states["Pause"]["Seconds"]
    assert definition["TimeoutSeconds"] > 3 * 86_400
    assert any("#removalfailed" in each["AlarmDescription"]
               for each in console.resources("AWS::CloudWatch::Alarm"))  # fmt: skip
