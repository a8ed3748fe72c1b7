"""With every source switched off, a stage is what it was before there were any sources.

The recorded sets were taken from the version before the first source. A change to the foundation,
the pipeline, the console or campaigns that adds something on purpose edits them.
"""

from __future__ import annotations

import collections
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.infra.template import App, listed

RECORDED = Path("tests/data/infra/stages_without_sources.json")


def _states(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        states = value.get("States")
        yield from states if isinstance(states, dict) else ()
        for each in value.values():
            yield from _states(each)
    elif isinstance(value, list):
        for each in value:
            yield from _states(each)


def _actions(properties: dict[str, Any]) -> Iterator[str]:
    policies = properties.get("Policies", [])  # a user pool's are no statements
    inline = [one["PolicyDocument"] for one in policies] if isinstance(policies, list) else []
    for document in [properties.get("PolicyDocument"), *inline]:
        for statement in (document or {}).get("Statement", []):
            for action in listed(statement["Action"]):
                yield f"{statement['Effect']} {action}"


def sets_of(app: App) -> dict[str, Any]:
    """Return, by stack, how many there are of each type, action and variable, and the states."""
    made = {}
    for stack, template in app.templates.items():
        resources = template["Resources"].values()
        properties = [each.get("Properties", {}) for each in resources]
        machines = [
            json.loads(app.resolve(each["Properties"]["DefinitionString"]))
            for each in resources
            if each["Type"] == "AWS::StepFunctions::StateMachine"
        ]
        counted = {
            "resources": (each["Type"] for each in resources),
            "actions": (action for each in properties for action in _actions(each)),
            "variables": (
                name
                for each in properties
                if isinstance(each.get("Environment"), dict)
                for name in each["Environment"].get("Variables", {})
            ),
        }
        made[stack] = {name: dict(collections.Counter(each)) for name, each in counted.items()} | {
            "states": sorted(set(_states(machines)))
        }
    return made


@pytest.mark.parametrize("stage", ["app", "campaigns"])
def test_a_stage_without_sources_has_nothing_of_them(stage, request, root):
    recorded = json.loads((root / RECORDED).read_text())[stage]
    assert sets_of(request.getfixturevalue(stage)) == recorded


def test_a_stage_with_sources_has_more(full, app):
    off, on = sets_of(app), sets_of(full)
    assert on.keys() > off.keys()
