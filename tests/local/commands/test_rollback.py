"""Rolling a stage back, with fakes in the place of AWS."""

from __future__ import annotations

import datetime as dt

import pytest

from local.commands.rollback import rollback
from tessera.errors import InvalidInput

MACHINE = "arn:aws:states:us-east-1:111122223333:stateMachine:tessera-dev"
LOAD, NEW = (f"arn:aws:lambda:us-east-1:111122223333:function:{name}" for name in ("Load", "New"))
VERSIONS = {
    LOAD: {"1": "2026-11-01T09:00:00.000+0000", "2": "2026-11-20T09:00:00.000+0000",
           "3": "2026-11-28T09:00:00.000+0000"},
    NEW: {"1": "2026-11-28T09:00:00.000+0000"},
}  # fmt: skip
FIRST, SECOND = (dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC) for day in (1, 28))
BEFORE = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)


class Account:
    """CloudFormation, Lambda and Step Functions, each a page at a time."""

    def __init__(self):
        self.moved = {}
        self._operation = ""

    def client(self, _service):
        return self

    def get_paginator(self, operation):
        self._operation = operation
        return self

    def paginate(self, **request):
        if self._operation == "list_stack_resources":
            assert request == {"StackName": "Tessera-dev-Pipeline"}
            for kind, name in (
                ("Lambda::Alias", f"{LOAD}:live"),
                ("Lambda::Function", "Load"),
                ("Lambda::Alias", f"{NEW}:live"),
                ("StepFunctions::StateMachineAlias", f"{MACHINE}:live"),
            ):
                one = {"ResourceType": f"AWS::{kind}", "PhysicalResourceId": name}
                yield {"StackResourceSummaries": [one]}
            return
        latest = {"Version": "$LATEST", "LastModified": "2026-11-28T09:00:00.000+0000"}
        yield {"Versions": [latest]}
        for number, moment in VERSIONS[request["FunctionName"]].items():
            yield {"Versions": [{"Version": number, "LastModified": moment}]}

    def list_state_machine_versions(self, **request):
        assert request["stateMachineArn"] == MACHINE
        if "nextToken" in request:
            one = {"stateMachineVersionArn": f"{MACHINE}:1", "creationDate": FIRST}
            return {"stateMachineVersions": [one]}
        one = {"stateMachineVersionArn": f"{MACHINE}:2", "creationDate": SECOND}
        return {"stateMachineVersions": [one], "nextToken": "second page"}

    def update_alias(self, **request):
        self.moved[f"{request['FunctionName']}:{request['Name']}"] = request["FunctionVersion"]

    def update_state_machine_alias(self, **request):
        [route] = request["routingConfiguration"]
        assert route["weight"] == 100
        self.moved[request["stateMachineAliasArn"]] = route["stateMachineVersionArn"]


def roll(account, *, before=BEFORE, sure=True):
    lines = []
    moves = rollback(
        account.client, stacks=["Tessera-dev-Pipeline"], before=before, sure=sure, say=lines.append
    )
    return moves, lines


def test_each_alias_moves_to_its_newest_version_from_before_the_moment():
    account = Account()
    moves, lines = roll(account)
    assert moves == account.moved == {f"{MACHINE}:live": f"{MACHINE}:1", f"{LOAD}:live": "2"}
    assert next(iter(account.moved)) == f"{MACHINE}:live"
    assert "  Load: version 2 of 2026-11-20 09:00" in lines


def test_a_function_that_is_newer_than_the_moment_stays():
    account = Account()
    _, lines = roll(account)
    assert f"{NEW}:live" not in account.moved
    assert "  New: stays, because it has no version from before" in lines


def test_without_a_yes_nothing_moves():
    account = Account()
    moves, lines = roll(account, sure=False)
    assert moves
    assert account.moved == {}
    assert "--yes" in lines[-1]


def test_a_moment_before_the_first_deployment_is_refused():
    account = Account()
    with pytest.raises(InvalidInput, match="after the first deployment"):
        roll(account, before=FIRST)
    assert account.moved == {}
