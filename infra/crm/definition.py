"""The state machine of exports, as one reads it: each object, and then whether all went well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infra.kit.states import GLUE, State, caught, in_order, job, jsonata, longest_seconds

_AT_ONCE = 2
_WENT_WRONG = "An object could not be curated. The error is in the log group of the Curate job."
SOURCE = "$source"  # the expression for the source of the present object


def definition(
    objects: Sequence[str], request: Mapping[str, Any], *, partition: str, job_hours: int
) -> dict[str, Any]:
    """Return the machine in Amazon States Language.

    Parameters
    ----------
    objects
        The objects' names.
    request
        What starts the Curate job for ``SOURCE``.
    """
    failed = "$count($states.input[failed]) > 0"
    states: list[tuple[str, State]] = [
        ("EachObject", _each(objects, request, partition=partition, job_hours=job_hours)),
        (
            "AllCurated?",
            {
                "Type": "Choice",
                "Choices": [{"Condition": jsonata(failed), "Next": "SomeFailed"}],
                "Default": "Curated",
            },
        ),
        ("Curated", {"Type": "Succeed"}),
        ("SomeFailed", {"Type": "Fail", "Error": "CurationFailed", "Cause": _WENT_WRONG}),
    ]
    return {
        "Comment": "Tessera: exports of a CRM or ERP, each as one upload",
        "QueryLanguage": "JSONata",
        "StartAt": "EachObject",
        "States": in_order(states),
    }


def _each(
    objects: Sequence[str], request: Mapping[str, Any], *, partition: str, job_hours: int
) -> State:
    """Return the map over the objects. One that fails leaves the others alone."""
    seconds = longest_seconds(hours=job_hours)
    curate = job(GLUE, request, partition=partition, timeout_seconds=seconds)
    done = {"Type": "Pass", "Output": {"failed": False}, "End": True}
    states: list[tuple[str, State]] = [
        ("NameObject", {"Type": "Pass", "Assign": {"source": jsonata("$states.input.source")}}),
        ("Curate", caught("Curate", curate, by="NotCurated")),
        ("Done", done),
        ("NotCurated", {"Type": "Pass", "Output": {"failed": True}, "End": True}),
    ]
    return {
        "Type": "Map",
        "Items": [{"source": f"crm-{name}"} for name in objects],
        "MaxConcurrency": _AT_ONCE,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "NameObject",
            "States": in_order(states),
        },
    }
