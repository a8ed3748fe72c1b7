"""What policies of a template allow: IAM's own rules, as far as our statements need them.

moto enforces no policy, so this stands in for IAM. An operator or a variable that our statements
do not use yet raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.infra.template import listed

Context = Mapping[str, Sequence[str]]
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


def allows(
    statements: Iterable[Mapping[str, Any]], action: str, resource: str, context: Context
) -> bool:
    """Return whether statements allow an action on a resource: one allows it, and none denies it.

    Parameters
    ----------
    context
        The condition keys that the call has, each with its values.
    """
    effects = {
        statement["Effect"]
        for statement in statements
        if any(_like(action, one) for one in listed(statement["Action"]))
        and any(_matches(resource, one, context) for one in listed(statement["Resource"]))
        and holds(statement.get("Condition", {}), context)
    }
    return effects == {"Allow"}


def holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Return whether every test of a condition holds in the context of a call."""
    return all(
        _holds(operator, context.get(key), [str(value) for value in listed(values)], context)
        for operator, tests in condition.items()
        for key, values in tests.items()
    )


def _holds(
    operator: str, given: Sequence[str] | None, expected: Sequence[str], context: Context
) -> bool:
    if operator == "Null":
        return (given is None) == (expected == ["true"])
    for_all, _, plain = operator.rpartition(":")
    if for_all == "ForAllValues":  # holds without any value, which is why ``Null`` is beside it
        return all(_passes(plain, value, expected, context) for value in given or ())
    assert not for_all, f"{operator} is new here"
    return given is not None and any(_passes(plain, value, expected, context) for value in given)


def _passes(operator: str, value: str, expected: Sequence[str], context: Context) -> bool:
    match operator:
        case "StringEquals":
            return any(value == _filled(one, context, "") for one in expected)
        case "StringLike" | "ArnLike":
            return any(_matches(value, one, context) for one in expected)
    raise AssertionError(f"{operator} is new here")


def _matches(value: str, pattern: str, context: Context) -> bool:
    """Return whether a value fits a pattern. The value of a variable is no pattern itself."""
    places = _VARIABLE.split(pattern)  # by turns a text and a variable
    parts = []
    for number, part in enumerate(places):
        if number % 2 == 0:
            parts.append(_regex(part))
        elif part in context:
            parts.append(re.escape(context[part][0]))
        else:
            return False  # a variable without a value: the statement does not match
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _filled(text: str, context: Context, absent: str) -> str:
    return _VARIABLE.sub(lambda match: context.get(match[1], [absent])[0], text)


def _like(value: str, pattern: str) -> bool:
    return re.fullmatch(_regex(pattern), value, re.IGNORECASE) is not None


def _regex(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
