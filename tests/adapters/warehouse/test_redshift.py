"""Statements through the Data API, checked against its service model."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from adapters.warehouse.redshift import DataApi, UsageLimit
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.warehouse.redshift.statements import Statement

PLACE = {"WorkgroupName": "tessera-dev", "Database": "tessera"}
ONE = Statement(name="schema", texts=("CREATE SCHEMA IF NOT EXISTS tessera",))
BOTH = Statement(name="load of orders", texts=("DELETE FROM a", "COPY a"))
ONCE = Statement(name="clicks", texts=("CREATE MATERIALIZED VIEW a",), once=True)
ARN = "arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/1"


@pytest.fixture
def api(aws_environment):
    client = boto3.client("redshift-data")
    with Stubber(client) as stub:
        waited: list[float] = []

        def run(statement, *endings, budget_seconds=100.0):
            named = {**PLACE, "StatementName": f"tessera {statement.name}"}
            if len(statement.texts) == 1:
                stub.add_response(
                    "execute_statement", {"Id": "1"}, {**named, "Sql": statement.texts[0]}
                )
            else:
                stub.add_response(
                    "batch_execute_statement", {"Id": "1"}, {**named, "Sqls": [*statement.texts]}
                )
            for ending in endings:
                stub.add_response("describe_statement", {"Id": "1", **ending}, {"Id": "1"})
            DataApi(
                client, workgroup="tessera-dev", database="tessera", sleep=waited.append,
                clock=lambda: sum(waited), budget_seconds=budget_seconds,
            ).run(statement)  # fmt: skip
            stub.assert_no_pending_responses()

        run.stub, run.waited = stub, waited
        yield run


def test_a_statement_is_waited_for(api):
    api(ONE, {"Status": "SUBMITTED"}, {"Status": "STARTED"}, {"Status": "FINISHED"})
    assert len(api.waited) == 2


def test_several_texts_are_one_transaction(api):
    api(BOTH, {"Status": "FINISHED"})


def test_rows_are_read_page_by_page_as_texts(aws_environment):
    client = boto3.client("redshift-data")
    with Stubber(client) as stub:
        stub.add_response("execute_statement", {"Id": "1"})
        stub.add_response("describe_statement", {"Id": "1", "Status": "FINISHED"})
        for token, cells in (
            ("", [{"stringValue": "acme"}, {"longValue": 3}]),
            ("n", [{"isNull": True}]),
        ):
            page = {"Records": [cells], **({} if token else {"NextToken": "n"})}
            asked = {"Id": "1", **({"NextToken": token} if token else {})}
            stub.add_response("get_statement_result", page, asked)
        api = DataApi(client, workgroup="tessera-dev", database="tessera", budget_seconds=9)
        assert api.query(ONE) == [("acme", "3"), ("",)]


def test_what_redshift_says_is_passed_on(api):
    with pytest.raises(InvalidInput, match="'schema': ERROR: permission denied"):
        api(ONE, {"Status": "FAILED", "Error": "ERROR: permission denied"})


def test_what_is_made_once_may_exist(api):
    exists = {"Status": "FAILED", "Error": 'ERROR: relation "a" already exists'}
    api(ONCE, exists)
    with pytest.raises(InvalidInput, match="already exists"):
        api(ONE, exists)


def test_a_statement_that_takes_too_long_is_left_to_the_next_time(api):
    with pytest.raises(Retryable, match="still runs"):
        api(ONE, *[{"Status": "STARTED"}] * 3, budget_seconds=3)


def test_a_denied_call_is_refused(aws_environment):
    client = boto3.client("redshift-data")
    with Stubber(client) as stub:
        stub.add_client_error("execute_statement", "AccessDeniedException")
        with pytest.raises(Refused, match="'schema'"):
            DataApi(client, workgroup="shop", database="d", budget_seconds=1).run(ONE)


@pytest.mark.parametrize(
    ("limits", "changed"),
    [
        ([], True),
        ([{"period": "monthly", "amount": 60, "breachAction": "deactivate"}], False),
        ([{"period": "monthly", "amount": 10, "breachAction": "log"}], True),
    ],
)
def test_the_limit_is_made_or_mended_once(aws_environment, limits, changed):
    kind = {"resourceArn": ARN, "usageType": "serverless-compute"}
    client = boto3.client("redshift-serverless")
    with Stubber(client) as stub:
        listed = [{**one, **kind, "usageLimitId": "u"} for one in limits]
        stub.add_response("list_usage_limits", {"usageLimits": listed} if listed else {}, kind)
        ends = {"amount": 60, "breachAction": "deactivate"}
        if changed and not limits:
            stub.add_response("create_usage_limit", {}, {**kind, **ends, "period": "monthly"})
        elif changed:
            stub.add_response("update_usage_limit", {}, {"usageLimitId": "u", **ends})
        assert UsageLimit(client, workgroup_arn=ARN).ensure(60) is changed
        stub.assert_no_pending_responses()
