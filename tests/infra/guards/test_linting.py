"""What of a template cfn-lint still has to read."""

from __future__ import annotations

import json

from tests.infra.linting import findings, unread

TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}}
ALARM = {
    "Type": "AWS::CloudWatch::Alarm",
    "Properties": {
        "AlarmActions": [{"Ref": "Topic"}],
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
    },
}
QUEUE = {"Type": "AWS::SQS::Queue"}
TEMPLATE = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {"Topic": TOPIC, "Alarm": ALARM, "Queue": QUEUE},
    "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}},
}


def text(resource) -> str:
    return json.dumps(resource, sort_keys=True)


def test_a_template_that_was_read_has_nothing_left():
    read = {text(one) for one in TEMPLATE["Resources"].values()}
    assert unread(TEMPLATE, read=read)["Resources"] == {}
    assert unread(TEMPLATE, read=set()) == TEMPLATE


def test_what_a_resource_and_the_outputs_refer_to_is_read_with_it():
    read = {text(TOPIC), text(QUEUE)}
    assert unread(TEMPLATE, read=read) == TEMPLATE
    rest = unread({**TEMPLATE, "Outputs": {}}, read={text(QUEUE), text(ALARM), text(TOPIC), "x"})
    assert rest["Resources"] == {}
    rest = unread({**TEMPLATE, "Outputs": {}}, read={text(TOPIC), text(ALARM)})
    assert rest["Resources"] == {"Queue": QUEUE}
    assert "Parameters" not in rest


def test_a_fault_beside_resources_that_were_read_is_named():
    sound = {"Resources": {"Queue": QUEUE}}
    assert not findings([sound], region="us-west-2")
    wrong = {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}
    for _ in range(2):
        [finding] = findings([{"Resources": {"Queue": QUEUE, "Other": wrong}}], region="us-west-2")
        assert "Colour" in finding
