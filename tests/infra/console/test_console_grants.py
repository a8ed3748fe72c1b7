"""What the console's roles may do: exact actions, and no function reads more than it shows.

``Tenant`` is the role that the API assumes for one tenant, here for ``acme``.
"""

from __future__ import annotations

import pytest

from tests.infra.policies import allows
from tests.infra.template import listed

ROLES = {"Api", "Tenant", "Authorizer", "FindCustomer"}
OF_ACME = {"aws:PrincipalTag/tenant": ["acme"]}


def who(app, action, resource, **context):
    return {
        name
        for name in ROLES
        if allows(app.statements(f"Functions{name}Role"), action, resource, OF_ACME | context)
    }


def on(partition):
    """The condition keys of a call of DynamoDB on one partition."""
    return {"dynamodb:LeadingKeys": [partition]}


@pytest.fixture
def data(console):
    return f"arn:aws:s3:::{console.outputs()['DataBucket']}/"


@pytest.fixture
def identities(console):
    return f"arn:aws:s3:::{console.outputs()['IdentitiesBucket']}/"


@pytest.fixture
def table(console):
    return f"arn:aws:dynamodb:us-east-1:111122223333:table/{console.outputs()['ApiTable']}"


def test_no_action_of_a_function_is_a_pattern(console):
    for role in ROLES:
        statements = console.statements(f"Functions{role}Role")
        assert statements, role
        for statement in statements:
            assert not [action for action in listed(statement["Action"]) if "*" in action]


@pytest.mark.parametrize(
    "key",
    [
        "latest.json",
        "profiles/as_of=2026-11-28/run=r/part-00000.parquet",
        "transitions/as_of=2026-11-28/run=r/part-00000.parquet",
        "runs/r/insights.json",
        "runs/r/ticket.json",
        "runs/r/score/score.json",
        "runs/r/error.json",
        "settings.toml",
        "templates/welcome/drafts/000001.json",
        "templates/welcome/v1.json",
        "brand/000001.json",
    ],
)
def test_the_api_reads_what_it_shows_by_the_role_of_the_tenant_alone(console, data, key):
    assert who(console, "s3:GetObject", f"{data}tenants/acme/{key}") == {"Tenant"}
    assert who(console, "s3:GetObject", f"{data}tenants/zenith/{key}") == set()


@pytest.mark.parametrize("key", ["events/upload=1/content=a/part-00000.parquet", "attributes/a"])
def test_nobody_reads_events_and_attributes(console, data, key):
    assert who(console, "s3:GetObject", f"{data}tenants/acme/{key}") == set()


def test_the_api_signs_where_an_upload_goes_and_reads_none(console, data):
    key = f"{data}uploads/acme/orders.csv"
    assert who(console, "s3:PutObject", key) == {"Tenant"}
    assert who(console, "s3:GetObject", key) == set()
    bucket, below = data.rstrip("/"), {"s3:prefix": ["uploads/acme/"]}
    assert who(console, "s3:ListBucket", bucket, **below) == {"Tenant"}


def test_the_api_writes_settings_and_uploads_and_nothing_else(console, data, identities):
    assert who(console, "s3:PutObject", f"{data}tenants/acme/settings.toml") == {"Tenant"}
    for key in ("latest.json", "runs/r/insights.json", "profiles/as_of=1/run=1/part-0.parquet"):
        assert who(console, "s3:PutObject", f"{data}tenants/acme/{key}") == set()
    assert who(console, "s3:PutObject", f"{identities}tenants/acme/anything") == set()
    assert who(console, "s3:DeleteObject", f"{data}tenants/acme/settings.toml") == set()


def test_the_api_asks_for_erasures_and_cannot_read_who_is_to_be_erased(console, data, identities):
    case = "tenants/acme/erasures/dsr-1/"
    assert who(console, "s3:PutObject", f"{identities}{case}request.json") == {"Tenant"}
    for name in ("request.json", "people.json"):
        assert who(console, "s3:GetObject", f"{identities}{case}{name}") == set()
    assert who(console, "s3:PutObject", f"{identities}{case}people.json") == set()
    assert who(console, "s3:GetObject", f"{data}{case}receipt.json") == {"Tenant"}
    assert who(console, "s3:PutObject", f"{data}{case}receipt.json") == set()
    assert who(console, "s3:PutObject", f"{data}{case}state.json") == {"Tenant"}
    keys = {
        each["AliasName"]: console.resolve(each["TargetKeyId"])
        for each in console.resources("AWS::KMS::Alias")
    }
    own = keys["alias/tessera-dev-identities"]
    assert "Tenant" in who(console, "kms:GenerateDataKey", own)
    assert who(console, "kms:Decrypt", own) == {"FindCustomer"}
    machine = "arn:aws:states:us-east-1:111122223333:stateMachine:tessera-dev-erasures"
    assert who(console, "states:StartExecution", machine) == {"Api"}


def test_the_search_reads_the_index_of_identities_and_no_function_more(console, identities):
    file = "upload=1/content=a/part-00000.parquet"
    index = f"{identities}tenants/default/search/v1/{file}"
    assert who(console, "s3:GetObject", index) == {"FindCustomer"}
    for other in (f"identities/{file}", f"order_ids/{file}", "runs/r1/rejects.csv.gz"):
        assert who(console, "s3:GetObject", f"{identities}tenants/default/{other}") == set()
    listed_there = [
        pattern
        for statement in console.statements("FunctionsFindCustomerRole")
        if "s3:ListBucket" in listed(statement["Action"])
        for pattern in listed(statement["Condition"]["StringLike"]["s3:prefix"])
    ]
    assert "tenants/*/identities/*" in listed_there, "or it takes what is not indexed for nobody"
    secrets = {
        statement["Resource"]
        for role in ROLES
        for statement in console.statements(f"Functions{role}Role")
        if "secretsmanager" in str(statement["Action"])
    }
    assert secrets == set()


def test_keys_are_read_by_the_authorizer_and_items_of_a_tenant_by_its_role(console, table):
    assert who(console, "dynamodb:GetItem", table, **on("KEY#1")) == {"Authorizer"}
    for action in ("PutItem", "DeleteItem"):
        assert who(console, f"dynamodb:{action}", table, **on("KEY#1")) == {"Api"}
    for action in ("PutItem", "DeleteItem", "Query", "UpdateItem"):
        assert who(console, f"dynamodb:{action}", table, **on("acme#KEYS")) == {"Tenant"}
        assert who(console, f"dynamodb:{action}", table, **on("zenith#KEYS")) == set()
    assert who(console, "dynamodb:Scan", table) == set()


def test_the_api_starts_and_decides_runs_of_its_stage(console):
    states = "arn:aws:states:us-east-1:111122223333:"
    for action in ("StartExecution", "SendTaskSuccess", "SendTaskFailure"):
        assert who(console, f"states:{action}", f"{states}stateMachine:tessera-dev") == {"Api"}
        assert not who(console, f"states:{action}", f"{states}stateMachine:tessera-prod")
    history = f"{states}execution:tessera-dev:r"
    assert who(console, "states:GetExecutionHistory", history) == {"Api"}


def test_the_api_calls_the_search_alone_and_lists_users(console):
    actions = {
        action: listed(statement["Resource"])
        for statement in console.statements("FunctionsApiRole")
        for action in listed(statement["Action"])
    }
    [called] = actions["lambda:InvokeFunction"]
    assert "FindCustomer" in called
    assert called.endswith(":live")
    assert {name for name in actions if name.startswith("cognito-idp:")} == {
        "cognito-idp:ListUsersInGroup"
    }
