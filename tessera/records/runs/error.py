"""error.json: why a run failed. FailRun writes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.errors import ErrorKind
from tessera.records.fields import Milliseconds


@dataclasses.dataclass(frozen=True, kw_only=True)
class FailedRun:
    """A run that failed, and what to do.

    Parameters
    ----------
    tenant, run_id
        Which run. ``run_id`` is the execution's name if the run had no ticket yet.
    state
        The state that failed.
    error
        The kind of recovery that it needs.
    message
        One or two sentences on the cause.
    what_to_do
        The next step for the people who run it.
    history
        What became of the upload and of the tenant's history, one sentence or two. Empty if the
        failure belongs to no run of this execution, or the run had succeeded.
    """

    tenant: str
    run_id: str
    state: str
    error: ErrorKind
    message: str
    what_to_do: str
    history: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErrorRecord(FailedRun):
    """Why a run failed, and what to do. It holds no personal data.

    Parameters
    ----------
    details
        The service's own words by name, without values that could identify a customer.
    execution_arn
        The execution.
    failed_at
        When FailRun wrote this.
    """

    details: Mapping[str, str]
    execution_arn: str
    failed_at: Milliseconds
