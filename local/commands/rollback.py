"""``tessera rollback``: move a stage's aliases back to the versions of an earlier moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from infra.kit.stage import stack_name
from local.app.elsewhere.account import CONSOLE, capabilities_of, reaching
from local.app.inputs.settings_file import stage_settings
from tessera.errors import InvalidInput

_FUNCTION, _MACHINE = "AWS::Lambda::Alias", "AWS::StepFunctions::StateMachineAlias"
_UNPUBLISHED = "$LATEST"


@dataclasses.dataclass(frozen=True)
class Version:
    """A published version of a function or of the state machine.

    Parameters
    ----------
    name
        Its number, or its ARN for the state machine.
    published_at
        When it was published.
    """

    name: str
    published_at: dt.datetime


def rollback_of(
    stage: str, *, before: dt.datetime, sure: bool, say: Callable[[str], None]
) -> dict[str, str]:
    """Roll a stage of cdk.json back, with this shell's credentials."""
    settings = stage_settings(stage=stage)
    capabilities = [name for name in capabilities_of(settings) if name in {"Pipeline", CONSOLE}]
    stacks = [stack_name(stage, name) for name in capabilities]
    with reaching(settings, capabilities=capabilities) as (aws, _outputs):
        return rollback(aws.client, stacks=stacks, before=before, sure=sure, say=say)


def rollback(
    client: Callable[[str], Any],
    *,
    stacks: Sequence[str],
    before: dt.datetime,
    sure: bool,
    say: Callable[[str], None],
) -> dict[str, str]:
    """Move every alias of some stacks to its newest version from before a moment.

    Parameters
    ----------
    client
        Makes a boto3 client of a service.
    stacks
        The names of the stacks with functions.
    before
        A moment before the deployment that is to be undone.
    sure
        Whether to move the aliases. Otherwise only the moves are printed.
    say
        Prints a line.

    Returns
    -------
    dict
        Each alias that moves, with its new version. One that is newer than the moment stays.

    Raises
    ------
    InvalidInput
        No alias has a version from before the moment.
    """
    moves = {
        alias: version
        for stack in stacks
        for alias, version in _moves(client, stack, before=before, say=say)
    }
    if not moves:
        raise InvalidInput(
            f"{' and '.join(stacks)}: no versions from before {before.isoformat()}. Name a moment "
            "after the first deployment"
        )
    if not sure:
        say("Nothing was moved. Add --yes to move them.")
        return moves
    for alias, version in moves.items():
        _move(client, alias, version)
    say(f"{len(moves)} aliases moved. The next deployment of new code moves them on again.")
    return moves


def _moves(
    client: Callable[[str], Any], stack: str, *, before: dt.datetime, say: Callable[[str], None]
) -> Iterator[tuple[str, str]]:
    for alias, kind in _aliases(client("cloudformation"), stack):
        of = alias.rpartition(":")[0]
        versions = (_machine_versions if kind == _MACHINE else _function_versions)(client, of)
        earlier = [one for one in versions if one.published_at < before]
        name = of.rpartition(":")[2]
        if not earlier:
            say(f"  {name}: stays, because it has no version from before")
            continue
        newest = max(earlier, key=lambda one: one.published_at)
        say(f"  {name}: version {newest.name.rpartition(':')[2]} of {newest.published_at:%F %H:%M}")
        yield alias, newest.name


def _aliases(cloudformation: Any, stack: str) -> Iterator[tuple[str, str]]:
    """Yield the ARN and the type of each alias of a stack, the state machine's first."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    resources: Iterable[Mapping[str, Any]] = [
        one for page in pages for one in page["StackResourceSummaries"]
    ]
    for kind in (_MACHINE, _FUNCTION):
        for one in resources:
            if one["ResourceType"] == kind:
                yield one["PhysicalResourceId"], kind


def _function_versions(client: Callable[[str], Any], function: str) -> list[Version]:
    pages = client("lambda").get_paginator("list_versions_by_function")
    return [
        Version(one["Version"], dt.datetime.fromisoformat(one["LastModified"]))
        for page in pages.paginate(FunctionName=function)
        for one in page["Versions"]
        if one["Version"] != _UNPUBLISHED
    ]


def _machine_versions(client: Callable[[str], Any], machine: str) -> list[Version]:
    versions: list[Version] = []
    following: dict[str, str] = {}
    while True:
        page = client("stepfunctions").list_state_machine_versions(
            stateMachineArn=machine, **following
        )
        versions += [
            Version(one["stateMachineVersionArn"], one["creationDate"])
            for one in page["stateMachineVersions"]
        ]
        if not page.get("nextToken"):
            return versions
        following = {"nextToken": page["nextToken"]}


def _move(client: Callable[[str], Any], alias: str, version: str) -> None:
    of, _, name = alias.rpartition(":")
    if ":stateMachine:" in alias:
        routes = [{"stateMachineVersionArn": version, "weight": 100}]
        client("stepfunctions").update_state_machine_alias(
            stateMachineAliasArn=alias, routingConfiguration=routes
        )
    else:
        client("lambda").update_alias(FunctionName=of, Name=name, FunctionVersion=version)
