"""What a stage can be rolled back to: versions that stay, behind one alias."""

from __future__ import annotations

import json

from tests.infra.pipeline import asl
from tests.infra.template import listed


def test_every_function_has_an_alias_for_its_newest_version(stage):
    functions = stage.named("AWS::Lambda::Function")
    versions = stage.named("AWS::Lambda::Version")
    called = {each["FunctionName"]["Ref"]: each for each in stage.resources("AWS::Lambda::Alias")}
    people = {name for name in functions if "DecideRun" in name or "PlanLoads" in name}
    assert set(called) == set(functions) - people
    for function, alias in called.items():
        assert alias["Name"] == "live"
        [version, attribute] = alias["FunctionVersion"]["Fn::GetAtt"]
        assert attribute == "Version"
        assert versions[version]["Properties"]["FunctionName"] == {"Ref": function}


def test_older_versions_stay(stage):
    kinds = ("AWS::Lambda::Version", "AWS::StepFunctions::StateMachineVersion")
    for kind in kinds:
        for version in stage.whole(kind):
            assert version["DeletionPolicy"] == version["UpdateReplacePolicy"] == "Retain"


def test_the_machine_calls_the_versions_in_use_and_may_call_no_others(stage):
    [made] = stage.resources("AWS::StepFunctions::StateMachine")
    definition = json.loads(stage.resolve(made["DefinitionString"]))
    called = {
        state["Arguments"]["FunctionName"]
        for state in asl.states(definition).values()
        if "lambda:invoke" in state.get("Resource", "")
    }
    allowed = {
        resource
        for statement in stage.statements("MachineRole")
        if "lambda:InvokeFunction" in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }
    assert all(arn.endswith(":live") for arn in called)
    assert called == allowed


def test_uploads_start_the_version_in_use_of_the_machine(stage):
    [alias] = stage.named("AWS::StepFunctions::StateMachineAlias")
    [uploads] = [rule for rule in stage.resources("AWS::Events::Rule") if "EventPattern" in rule]
    [target] = uploads["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": [alias, "Arn"]}
    # A right to start an execution is about the machine: IAM knows no alias of it.
    for owner, statement in stage.all_statements():
        if "states:StartExecution" in listed(statement["Action"]):
            resources = listed(statement["Resource"])
            assert not [each for each in resources if each.endswith(":live")], owner


def test_the_clock_calls_versions_in_use_too(other):
    clocks = [r for r in other.resources("AWS::Events::Rule") if "ScheduleExpression" in r]
    assert len(clocks) == 3
    for rule in clocks:
        assert all(other.resolve(target["Arn"]).endswith(":live") for target in rule["Targets"])
    [daily] = [
        other.resolve(f["Environment"]["Variables"])
        for f in other.resources("AWS::Lambda::Function")
        if "start_daily_runs" in f["Handler"]
    ]
    assert daily["STATE_MACHINE_ARN"].endswith(":live")
