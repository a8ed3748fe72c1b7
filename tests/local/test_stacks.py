"""CloudFormation on a laptop: functions, order, exports, and a clear no to what it doesn't know."""

from __future__ import annotations

from typing import Any

import pytest

from local.aws import stacks
from local.aws.stacks import Stack, StackError


class Recorder:
    """Stands for every client, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, service: str) -> Any:
        return self

    def __getattr__(self, method: str) -> Any:
        def call(**arguments: Any) -> dict[str, Any]:
            self.asked.append((method, arguments))
            return {"TopicArn": f"arn:topic:{arguments.get('Name')}"}

        return call


def create(template: dict[str, Any], exports: dict[str, Any] | None = None) -> dict[str, str]:
    whole = {"Resources": {}, **template}
    return Stack("S", whole, exports={} if exports is None else exports, client=Recorder()).create()


TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "T"}, "arn:topic:t"),
        ({"Fn::GetAtt": ["T", "TopicName"]}, "t"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}, "a-us-east-1"),
        ({"Fn::Sub": "${T.TopicName}/${AWS::Partition}/${!kept}"}, "t/aws/${kept}"),
        ({"Fn::Sub": ["${x}${T}", {"x": "y"}]}, "yarn:topic:t"),
        ({"Fn::Select": [1, {"Fn::Split": ["|", "a|b"]}]}, "b"),
        ({"Fn::If": ["Here", "yes", "no"]}, "yes"),
        ({"Fn::ImportValue": "theirs"}, "imported"),
    ],
)
def test_functions(value: Any, expected: str):
    template = {
        "Conditions": {"Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}},
        "Resources": {"T": TOPIC},
        "Outputs": {"o": {"Value": value}},
    }
    assert create(template, {"theirs": "imported"}) == {"o": expected}


def test_exports_reach_the_next_stack():
    exports: dict[str, Any] = {}
    output = {"Value": {"Ref": "T"}, "Export": {"Name": "E"}}
    create({"Resources": {"T": TOPIC}, "Outputs": {"o": output}}, exports)
    assert exports == {"E": "arn:topic:t"}


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ({"Type": "AWS::EC2::VPC"}, "type AWS::EC2::VPC"),
        ({"Type": "Custom::Thing"}, "type Custom::Thing"),
        ({"Type": "AWS::SNS::Topic", "Properties": {"FifoTopic": True}}, "property FifoTopic"),
    ],
)
def test_what_is_unknown_is_named(resource: dict[str, Any], message: str):
    problems = stacks.unknown({"Resources": {"Mine": resource, "T": TOPIC}})
    assert len(problems) == 1
    assert message in problems[0]
    assert "Mine" in problems[0]


def test_an_unknown_attribute_or_function_is_named():
    for value in ({"Fn::GetAtt": ["T", "Color"]}, {"Fn::Cidr": ["10.0.0.0/8", 1, 8]}):
        with pytest.raises(StackError, match=r"Color|Fn::Cidr"):
            create({"Resources": {"T": TOPIC}, "Outputs": {"o": {"Value": value}}})
