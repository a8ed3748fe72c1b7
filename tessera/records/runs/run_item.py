"""A run's item in the runs table."""

from __future__ import annotations

import dataclasses
from typing import Literal

Status = Literal["RUNNING", "SUCCEEDED", "FAILED"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunItem:
    """One run, as the runs table has it. All members are texts, as DynamoDB stores them.

    Parameters
    ----------
    tenant, run_id
        The run.
    status
        How far it is.
    execution_arn
        The execution that it belongs to.
    started_at, finished_at
        Instants, ISO 8601. Empty while there is none.
    upload
        The upload's name. Empty for a scheduled run.
    error
        The kind of error that ended it. Empty for any other run.
    queued
        Why it waits for its turn. Empty once it has begun.
    waits_for, waits_until
        The reason to wait for an approval, and the end of the wait. Empty if it never waited.
    expected_cost
        What a run that waited is expected to cost, as a sentence. Empty if that is not known.
    decision, decided_by, decided_at
        The decision on a run that waited. Empty while there is none.
    """

    tenant: str
    run_id: str
    status: Status
    execution_arn: str = ""
    started_at: str = ""
    finished_at: str = ""
    upload: str = ""
    error: str = ""
    queued: str = ""
    waits_for: str = ""
    waits_until: str = ""
    expected_cost: str = ""
    decision: str = ""
    decided_by: str = ""
    decided_at: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WaitingRun:
    """A run that waits for an approval.

    Parameters
    ----------
    tenant, run_id
        The run.
    reason
        Why it waits.
    until
        The end of the wait, ISO 8601, UTC.
    expected_cost
        What the whole run is expected to cost, as a sentence. Empty in a region without a price
        list.
    """

    tenant: str
    run_id: str
    reason: str
    until: str
    expected_cost: str = ""
