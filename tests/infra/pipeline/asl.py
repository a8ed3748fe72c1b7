"""A state machine's definition: its states however deep, and its expressions evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonata import Jsonata


def machines(definition: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the definition and each one inside a Map or a Parallel."""
    yield definition
    for state in definition["States"].values():
        for inner in [*state.get("Branches", ()), *filter(None, [state.get("ItemProcessor")])]:
            yield from machines(inner)


def states(definition: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return every state by name."""
    return {name: state for each in machines(definition) for name, state in each["States"].items()}


def own(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state without the states inside it."""
    return {key: value for key, value in state.items() if key not in {"ItemProcessor", "Branches"}}


def targets(state: Mapping[str, Any]) -> list[str]:
    """Return where a state may go."""
    follow = [*state.get("Choices", ()), *state.get("Catch", ()), state]
    named = [each["Next"] for each in follow if "Next" in each]
    return [*named, state["Default"]] if "Default" in state else named


def expressions(value: Any) -> Iterator[str]:
    """Yield every JSONata expression inside a value."""
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        yield value[2:-2].strip()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from expressions(item)
    elif isinstance(value, list):
        for item in value:
            yield from expressions(item)


def evaluate(value: Any, variables: Mapping[str, Any]) -> Any:
    """Return a value with its expressions evaluated. One without a result is an error in AWS."""
    if isinstance(value, Mapping):
        return {name: evaluate(item, variables) for name, item in value.items()}
    if isinstance(value, list):
        return [evaluate(item, variables) for item in value]
    written = list(expressions(value))
    if not written:
        return value
    expression = Jsonata(written[0])
    for name, variable in variables.items():
        expression.assign(name, variable)
    result = expression.evaluate({})
    assert result is not None, f"{written[0]} has no result"
    return result
