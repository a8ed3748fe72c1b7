"""The route that pages call: what stands in front of it, and exactly what its function may do."""

from __future__ import annotations

import json
import re

import pytest

from infra.settings import StageSettings
from tessera.environments.collect_events import CollectEventsEnvironment
from tessera.errors import InvalidInput
from tests.infra.rights import may
from tests.infra.template import listed

ORIGINS = ["https://shop.example", "https://a.example:8443"]
TABLE = "arn:aws:dynamodb:{}:111122223333:table/tessera-{}-write-keys"


def in_streams(app, kind):
    made = app.templates["streams"]["Resources"].values()
    return [each["Properties"] for each in made if each["Type"] == kind]


def test_one_route_goes_to_the_version_in_use_and_needs_no_header(full):
    from infra.streams.constructs.collector import ROUTE

    [route] = in_streams(full, "AWS::ApiGatewayV2::Route")
    assert (route["RouteKey"], route["AuthorizationType"]) == (f"POST {ROUTE}", "NONE")
    [integration] = in_streams(full, "AWS::ApiGatewayV2::Integration")
    assert full.resolve(integration["IntegrationUri"]).endswith(":live")
    assert full.outputs()["PageEventsUrl"].endswith(ROUTE)


def test_browsers_may_send_from_the_listed_pages_alone(full):
    [api] = in_streams(full, "AWS::ApiGatewayV2::Api")
    assert api["CorsConfiguration"] == {
        "AllowCredentials": False,
        "AllowHeaders": ["content-type"],
        "AllowMethods": ["POST"],
        "AllowOrigins": ORIGINS,
        "MaxAge": 86_400,
    }


def test_the_route_is_throttled_and_logs_no_visitor(full):
    [stage] = in_streams(full, "AWS::ApiGatewayV2::Stage")
    limits = stage["DefaultRouteSettings"]
    assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == (100, 200)
    line = stage["AccessLogSettings"]["Format"]
    assert "$context.status" in line
    assert not re.search(r"sourceIp|userAgent|path|query|header", line)


def test_the_function_gets_exactly_its_environment(full):
    [function] = [
        each
        for each in in_streams(full, "AWS::Lambda::Function")
        if each["Handler"] == "lambdas.collect_events.handler.handler"
    ]
    variables = function["Environment"]["Variables"]
    fields = CollectEventsEnvironment.__dataclass_fields__
    assert variables.keys() == {name.upper() for name in fields}
    assert variables["ORIGINS"].split() == ORIGINS
    assert variables["MOST_A_MINUTE"] == "6000"


def test_it_puts_records_reads_keys_and_counts_and_nothing_else(full):
    statements = full.statements("CollectEventsRole")
    allowed = {action for each in statements for action in listed(each["Action"])}
    own = {action for action in allowed if not action.startswith(("logs:", "xray:", "ec2:"))}
    assert own == {
        "dynamodb:GetItem", "dynamodb:UpdateItem", "kinesis:PutRecords", "kms:Decrypt",
        "kms:GenerateDataKey",
    }  # fmt: skip
    table = TABLE.format(full.region, "full")
    of_tables = [
        each
        for each in statements
        if any(action.startswith("dynamodb:") for action in listed(each["Action"]))
    ]
    leading = {
        listed(each["Action"])[0]: each["Condition"]["ForAllValues:StringLike"]
        for each in of_tables
        if "Condition" in each
    }
    # Of the tenants table it reads one record.
    assert [listed(each["Action"]) for each in of_tables if "Condition" not in each] == [
        ["dynamodb:GetItem"]
    ]
    assert leading == {
        "dynamodb:GetItem": {"dynamodb:LeadingKeys": ["KEY#*"]},
        "dynamodb:UpdateItem": {"dynamodb:LeadingKeys": ["COUNT#*"]},
    }
    [made] = in_streams(full, "AWS::DynamoDB::Table")
    assert made["TableName"] == table.rpartition("/")[2]
    assert made["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_failures_of_ours_are_alarmed(full):
    alarms = in_streams(full, "AWS::CloudWatch::Alarm")
    [alarm] = [each for each in alarms if "#pagesfailed" in each["AlarmDescription"]]
    assert alarm["MetricName"] == "5xx"


def test_the_consoles_api_keeps_the_keys_and_only_where_pages_send(own_domain, console):
    table = TABLE.format("eu-central-1", "shop")
    for action in ("DeleteItem", "GetItem", "PutItem", "Query"):
        by_id = action in {"DeleteItem", "PutItem"}
        assert may(own_domain, "FunctionsApi", f"dynamodb:{action}", table) == by_id
        assert may(own_domain, "FunctionsTenant", f"dynamodb:{action}", table)
    assert not may(own_domain, "Authorizer", "dynamodb:GetItem", table)
    api = "lambdas.api.handler.handler"
    for stage, has in ((own_domain, True), (console, False)):
        [function] = [
            each for each in stage.resources("AWS::Lambda::Function") if each["Handler"] == api
        ]
        assert ("WRITE_KEYS_TABLE" in function["Environment"]["Variables"]) is has
    assert "write-keys" not in json.dumps(console.templates)


# ---- settings ----------------------------------------------------------------------------------


def settings(**stream):
    return StageSettings.parse("dev", {"stages": {"dev": {"retain": False, "stream": stream}}})


def test_pages_need_a_stream_and_a_stream_needs_no_pages():
    assert settings(shards=1, origins=["https://shop.example"]).stream.collects
    assert not settings(shards=1).stream.collects
    assert not settings().stream.collects
    with pytest.raises(InvalidInput, match=r"'stream\.origins'"):
        settings(origins=["https://shop.example"])


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*", "https://*.shop.example", "http://shop.example", "shop.example",
     "https://shop.example/", "https://SHOP.example", "https://shop.example:443",
     "https://shop.example.", "https://-a.example", "https://a b", "https://", "null", ""],
)  # fmt: skip
def test_an_origin_is_what_a_browser_writes_and_never_a_pattern(origin):
    with pytest.raises(InvalidInput, match=r"'stream\.origins'.*without \*"):
        settings(shards=1, origins=[origin])


@pytest.mark.parametrize("number", [0, 99, 60_001])
def test_a_keys_pace_has_bounds(number):
    with pytest.raises(InvalidInput, match=r"'stream\.page_events_a_minute'"):
        settings(shards=1, page_events_a_minute=number)
