"""What a stage can be rolled back to: versions that stay, behind one alias."""

from __future__ import annotations

import json
import re

from glue_jobs.__main__ import JOBS
from tests.infra.pipeline import asl
from tests.infra.template import listed


def test_every_function_has_an_alias_for_its_newest_version(stage):
    # The CDK's own function, which uploads the console's page, is called during a deployment only.
    functions = {
        name
        for name, each in stage.named("AWS::Lambda::Function").items()
        if "Tessera: " in each["Properties"].get("Description", "")
    }
    versions = stage.named("AWS::Lambda::Version")
    called = {each["FunctionName"]["Ref"]: each for each in stage.resources("AWS::Lambda::Alias")}
    assert functions
    assert set(called) == functions
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


def test_people_call_versions_in_use_too(app):
    outputs = app.outputs()
    for name in ("DecideRunFunction", "EraseAtDestinationFunction", "PlanLoadsFunction"):
        assert outputs[name].endswith(":live")


def test_a_version_of_the_machine_names_the_code_of_all_its_jobs(app, machine):
    for state in asl.states(machine).values():
        kind = state.get("Resource", "")
        if "startJobRun" in kind:
            assert state["Arguments"]["Arguments"]["--extra-py-files"].endswith(".zip")
        elif "createProcessingJob" in kind or "createTrainingJob" in kind:
            assert ".zip" in json.dumps(state["Arguments"])
    for job in app.resources("AWS::Glue::Job"):
        assert "--extra-py-files" not in job["DefaultArguments"]


def test_glue_jobs_have_one_script_that_imports_the_modules_of_the_run(app, root):
    jobs = app.resources("AWS::Glue::Job")
    scripts = {app.resolve(job["Command"]["ScriptLocation"]) for job in jobs}
    modules = {job["DefaultArguments"]["--module"] for job in jobs}
    assert len(scripts) == 1
    assert modules == {*JOBS} - {"curate"}  # which only stages with sources have
    assert {path.stem for path in (root / "glue_jobs").glob("[!_]*.py")} == {*JOBS}


def test_roles_can_read_the_code_of_earlier_releases_of_the_stage_alone(stage):
    """A rolled back version names code that only an earlier deployment had."""
    reads = [
        (owner, resource)
        for owner, statement in stage.all_statements()
        if "s3:GetObject" in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if ":s3:::cdk-" in resource
    ]
    places = {resource.partition("/")[2] for _, resource in reads}
    [folder] = {place.rpartition("/")[0] for place in places}
    assert re.fullmatch(r"tessera/(dev|prod|full|mail)", folder)
    assert {place.rpartition("/")[2] for place in places} == {"*.zip", "*.py", "*.json"}


def test_the_machines_call_the_versions_in_use_and_may_call_no_others(stage):
    called = {
        state["Arguments"]["FunctionName"]
        for made in stage.resources("AWS::StepFunctions::StateMachine")
        for state in asl.states(json.loads(stage.resolve(made["DefinitionString"]))).values()
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
    aliases = stage.named("AWS::StepFunctions::StateMachineAlias")
    [uploads] = [
        rule
        for rule in stage.resources("AWS::Events::Rule")
        if "aws.s3" in json.dumps(rule.get("EventPattern", {}))
    ]
    [target] = uploads["Targets"]
    assert target["Arn"] in [{"Fn::GetAtt": [alias, "Arn"]} for alias in aliases]
    # A right to start an execution is about the machine: IAM knows no alias of it.
    for owner, statement in stage.all_statements():
        if "states:StartExecution" in listed(statement["Action"]):
            resources = listed(statement["Resource"])
            assert not [each for each in resources if each.endswith(":live")], owner


def test_the_clock_calls_versions_in_use_too(other):
    clocks = [r for r in other.resources("AWS::Events::Rule") if "ScheduleExpression" in r]
    assert len(clocks) == 4
    for rule in clocks:
        assert all(other.resolve(target["Arn"]).endswith(":live") for target in rule["Targets"])
    [daily] = [
        other.resolve(f["Environment"]["Variables"])
        for f in other.resources("AWS::Lambda::Function")
        if "start_daily_runs" in f["Handler"]
    ]
    assert daily["STATE_MACHINE_ARN"].endswith(":live")
