"""The state machine of databases, as one reads it: DMS' turn, then each table's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from infra.kit.states import GLUE, State, caught, in_order, job, jsonata, longest_seconds

_START = "aws-sdk:databasemigration:startReplication"
_DESCRIBE = "aws-sdk:databasemigration:describeReplications"
_POLL_SECONDS = 60
_CALL_SECONDS = 60
_AT_ONCE = 4
_WENT_WRONG = (
    "DMS could not read the database. Its reason is in the replication's failure messages and log."
)
_NOT_CURATED = "A table could not be curated. The error is in the log group of the Curate job."
SOURCE = "$source"  # the expression for the source of the present table
_DMS_BUSY = {
    "ErrorEquals": [
        "DatabaseMigration.DatabaseMigrationException",
        "DatabaseMigration.InvalidResourceStateException",
        "DatabaseMigration.SdkClientException",
    ],
    "IntervalSeconds": 30,
    "MaxAttempts": 5,
    "BackoffRate": 2,
    "MaxDelaySeconds": 300,
    "JitterStrategy": "FULL",
}
# A replication in one of these does nothing, and goes on only if it is started.
_STILL = "['created', 'ready', 'stopped', 'failed']"


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabaseStates:
    """What the states call.

    Parameters
    ----------
    mode
        ``nightly`` or ``changes``.
    request
        What starts the Curate job for ``SOURCE``.
    sources
        The tables' uploads, such as ``database-orders``.
    curate_hours
        The job's time limit.
    """

    mode: str
    replication_arn: str
    request: Mapping[str, Any]
    sources: Sequence[str]
    curate_hours: int
    partition: str


def definition(states: DatabaseStates) -> dict[str, Any]:
    """Return the machine in Amazon States Language.

    Nightly, it loads all tables and waits for the end. By changes, it only sees that DMS runs: what
    DMS wrote by then is curated.
    """
    nightly = states.mode == "nightly"
    described = _described(states)
    order: list[tuple[str, State]] = [
        ("DescribeReplication", described),
        ("Replication?", _replication(nightly=nightly)),
        ("StartReplication", _start(states, nightly=nightly)),
    ]
    if nightly:
        order += [
            ("WaitForLoad", {"Type": "Wait", "Seconds": _POLL_SECONDS}),
            ("DescribeLoad", described),
            ("Load?", _load()),
        ]
    order += [
        ("CurateTables", _curate(states)),
        ("AllWell?", _all_well()),
        ("Done", {"Type": "Succeed"}),
        ("ReplicationFailed", _fail("ReplicationFailed", _WENT_WRONG)),
        ("SomeFailed", _fail("CurationFailed", _NOT_CURATED)),
    ]
    return {
        "Comment": "Tessera: the tables of a database, read by DMS, as uploads",
        "QueryLanguage": "JSONata",
        "StartAt": "DescribeReplication",
        "States": in_order(order),
    }


def _fail(error: str, cause: str) -> State:
    return {"Type": "Fail", "Error": error, "Cause": cause}


def _described(states: DatabaseStates) -> State:
    described = "$states.result.Replications[0]"
    return {
        "Type": "Task",
        "Resource": f"arn:{states.partition}:states:::{_DESCRIBE}",
        "Arguments": {
            "Filters": [{"Name": "replication-config-arn", "Values": [states.replication_arn]}]
        },
        "Output": {},
        # One that never ran is none yet.
        "Assign": {
            "status": jsonata(f"$exists({described}.Status) ? {described}.Status : 'created'"),
            "reason": jsonata(f"$exists({described}.StopReason) ? {described}.StopReason : ''"),
        },
        "Retry": [_DMS_BUSY],
        "TimeoutSeconds": _CALL_SECONDS,
    }


def _replication(*, nightly: bool) -> State:
    """Start what is still. What runs is waited for, or is as it has to be."""
    return {
        "Type": "Choice",
        "Choices": [
            {
                "Condition": jsonata(f"$status in {_STILL}"),
                "Next": "StartReplication",
                "Assign": {"before": jsonata("$status")},
            },
        ],
        "Default": "WaitForLoad" if nightly else "CurateTables",
        "Assign": {"before": jsonata("$status")},
    }


def _start(states: DatabaseStates, *, nightly: bool) -> State:
    again = "reload-target" if nightly else "resume-processing"
    return {
        "Type": "Task",
        "Resource": f"arn:{states.partition}:states:::{_START}",
        "Arguments": {
            "ReplicationConfigArn": states.replication_arn,
            "StartReplicationType": jsonata(
                f"$status in ['created', 'ready'] ? 'start-replication' : '{again}'"
            ),
        },
        "Output": {},
        # A load that begins again has nothing left of what failed before.
        "Assign": {"before": jsonata("'created'" if nightly else "$status")},
        "Retry": [_DMS_BUSY],
        "TimeoutSeconds": _CALL_SECONDS,
    }


def _load() -> State:
    """Wait for the end of the load. Only a whole one is curated."""
    finished = "$status = 'stopped' and $contains($reason, 'FULL_LOAD_ONLY_FINISHED')"
    return {
        "Type": "Choice",
        "Choices": [
            {"Condition": jsonata(finished), "Next": "CurateTables"},
            {"Condition": jsonata("$status in ['stopped', 'failed']"), "Next": "ReplicationFailed"},
        ],
        "Default": "WaitForLoad",
    }


def _curate(states: DatabaseStates) -> State:
    """Return the map over the tables. One that fails leaves the others alone."""
    seconds = longest_seconds(hours=states.curate_hours)
    curate = job(GLUE, states.request, partition=states.partition, timeout_seconds=seconds)
    parts: list[tuple[str, State]] = [
        ("NameTable", {"Type": "Pass", "Assign": {"source": jsonata("$states.input.source")}}),
        ("Curate", caught("Curate", curate, by="NotCurated")),
        ("Curated", {"Type": "Pass", "Output": {"failed": False}, "End": True}),
        ("NotCurated", {"Type": "Pass", "Output": {"failed": True}, "End": True}),
    ]
    return {
        "Type": "Map",
        "Items": [{"source": source} for source in states.sources],
        "MaxConcurrency": _AT_ONCE,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "NameTable",
            "States": in_order(parts),
        },
    }


def _all_well() -> State:
    """Ring the alarm where a table failed, or where DMS had failed, although it goes on now."""
    return {
        "Type": "Choice",
        "Choices": [
            {"Condition": jsonata("$count($states.input[failed]) > 0"), "Next": "SomeFailed"},
            {"Condition": jsonata("$before = 'failed'"), "Next": "ReplicationFailed"},
        ],
        "Default": "Done",
    }
