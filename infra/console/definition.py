"""The state machine of removals, as one reads it: a tenant is removed until nothing is left."""

from __future__ import annotations

from typing import Any

from infra.kit.states import Function, call, in_order, jsonata

_DAYS = 3  # that a run may take, and what else is to be waited for


def definition(remove: Function, *, partition: str, longest_write_seconds: int) -> dict[str, Any]:
    """Return the machine. Its input is the tenant and the case.

    Parameters
    ----------
    longest_write_seconds
        How long it waits for what began before, until it looks again.
    """
    event = {
        name: jsonata(f"$states.context.Execution.Input.{name}") for name in ("tenant", "case")
    }
    states = [
        (
            "Remove",
            call(remove.arn, event, partition=partition, timeout_seconds=remove.timeout_seconds),
        ),
        (
            "AllGone?",
            {
                "Type": "Choice",
                "Choices": [
                    {"Condition": jsonata("$states.input.status = 'DONE'"), "Next": "Removed"}
                ],
                "Default": "Pause",
            },
        ),
        (
            "Pause",
            {"Type": "Wait", "Seconds": jsonata("$states.input.wait_seconds"), "Next": "Remove"},
        ),
        ("Removed", {"Type": "Succeed"}),
    ]
    return {
        "Comment": "Tessera: a tenant is removed with all its data",
        "QueryLanguage": "JSONata",
        "StartAt": "Remove",
        "TimeoutSeconds": _DAYS * 86_400 + longest_write_seconds,
        "States": in_order(states),
    }
