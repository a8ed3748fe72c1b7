"""A stage with a network runs everything there, and one without runs nothing in any."""

from __future__ import annotations

import json

import pytest

from tests.infra.pipeline import asl
from tests.infra.template import listed

SUBNETS = ["subnet-0123456789abcdef0"]
GROUPS = ["sg-0123456789abcdef0"]


def states_of(app):
    """Return the states of a run and of an erasure."""
    machines = [
        each["Properties"]["DefinitionString"]
        for each in app.templates["pipeline"]["Resources"].values()
        if each["Type"] == "AWS::StepFunctions::StateMachine"
    ]
    definitions = [asl.states(json.loads(app.resolve(each))) for each in machines]
    return {name: state for states in definitions for name, state in states.items()}


def vpc_of(app, state):
    request = states_of(app)[state]["Arguments"]
    return request.get("NetworkConfig", request).get("VpcConfig")


def test_every_function_runs_there_and_may_attach_itself(full):
    functions = full.resources("AWS::Lambda::Function")
    assert functions
    for function in functions:
        assert function["VpcConfig"] == {"SubnetIds": SUBNETS, "SecurityGroupIds": GROUPS}
        role = full.resolve(function["Role"]).rsplit("/", 1)[-1]
        allowed = {a for s in full.statements(role) for a in listed(s["Action"])}
        assert "ec2:CreateNetworkInterface" in allowed


@pytest.mark.parametrize(
    "state", ["Prepare", "TrainKMeans", "TrainForecasts", "TrainChurn", "Score", "EraseData"]
)
def test_every_sagemaker_job_runs_there(full, state):
    assert vpc_of(full, state) == {"Subnets": SUBNETS, "SecurityGroupIds": GROUPS}


def test_every_glue_job_runs_there(full):
    entries = [each["ConnectionInput"] for each in full.resources("AWS::Glue::Connection")]
    for entry in entries:
        assert entry["ConnectionType"] == "NETWORK"
        place = entry["PhysicalConnectionRequirements"]
        assert place["SubnetId"] == SUBNETS[0]
        assert place["SecurityGroupIdList"] == GROUPS
    for job in full.resources("AWS::Glue::Job"):
        [name] = job["Connections"]["Connections"]
        assert name in {entry["Name"] for entry in entries}
        role = full.resolve(job["Role"]).rsplit("/", 1)[-1]
        allowed = {a for s in full.statements(role) for a in listed(s["Action"])}
        assert {"ec2:CreateNetworkInterface", "glue:GetConnection"} <= allowed


def test_without_a_network_nothing_runs_in_one(app):
    assert not [f for f in app.resources("AWS::Lambda::Function") if "VpcConfig" in f]
    assert not [j for j in app.resources("AWS::Glue::Job") if "Connections" in j]
    assert not app.resources("AWS::Glue::Connection")
    assert vpc_of(app, "Prepare") is None
    assert "ec2:" not in json.dumps(app.templates)
