"""What the console's functions may do: exact actions, and no function reads more than it shows."""

from __future__ import annotations

import pytest

from tests.infra.rights import may
from tests.infra.template import listed

FUNCTIONS = {"Api", "Authorizer", "FindCustomer"}


def who(app, action, resource):
    return {name for name in FUNCTIONS if may(app, f"Functions{name}", action, resource)}


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
    for function in FUNCTIONS:
        statements = console.statements(f"Functions{function}Role")
        assert statements, function
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
def test_the_api_alone_reads_what_it_shows(console, data, key):
    assert who(console, "s3:GetObject", f"{data}tenants/default/{key}") == {"Api"}


@pytest.mark.parametrize("key", ["events/upload=1/content=a/part-00000.parquet", "attributes/a"])
def test_nobody_reads_events_and_attributes(console, data, key):
    assert who(console, "s3:GetObject", f"{data}tenants/default/{key}") == set()


def test_the_api_signs_where_an_upload_goes_and_reads_none(console, data):
    key = f"{data}uploads/acme/orders.csv"
    assert who(console, "s3:PutObject", key) == {"Api"}
    assert who(console, "s3:GetObject", key) == set()
    below = [
        pattern
        for statement in console.statements("FunctionsApiRole")
        if "s3:ListBucket" in listed(statement["Action"])
        for pattern in listed(statement["Condition"]["StringLike"]["s3:prefix"])
    ]
    assert "uploads/*" in below


def test_the_api_writes_settings_and_uploads_and_nothing_else(console, data, identities):
    assert who(console, "s3:PutObject", f"{data}tenants/default/settings.toml") == {"Api"}
    for key in ("latest.json", "runs/r/insights.json", "profiles/as_of=1/run=1/part-0.parquet"):
        assert who(console, "s3:PutObject", f"{data}tenants/default/{key}") == set()
    assert who(console, "s3:PutObject", f"{identities}tenants/default/anything") == set()
    assert who(console, "s3:DeleteObject", f"{data}tenants/default/settings.toml") == set()


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
        for function in FUNCTIONS
        for statement in console.statements(f"Functions{function}Role")
        if "secretsmanager" in str(statement["Action"])
    }
    assert secrets == set()


def test_the_authorizer_reads_keys_and_changes_none(console, table):
    assert who(console, "dynamodb:GetItem", table) == {"Api", "Authorizer"}
    for action in ("PutItem", "DeleteItem", "Query", "UpdateItem"):
        assert who(console, f"dynamodb:{action}", table) == {"Api"}
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
