"""The details of the EventBridge events that a run publishes, source ``tessera``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.error import ErrorKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFailedDetail:
    """The detail of "Run Failed".

    Parameters
    ----------
    tenant, run_id, state
        The run, and the state that failed.
    error, message, what_to_do
        As in error.json.
    details
        The address of error.json.
    """

    tenant: str
    run_id: str
    state: str
    error: ErrorKind
    message: str
    what_to_do: str
    details: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunWaitingDetail:
    """The detail of "Run Waiting": the run continues when people approve it.

    Parameters
    ----------
    tenant, run_id
        The run.
    reason
        Why it waits.
    until
        When the wait ends and the run fails, ISO 8601, UTC.
    share, limit
        The share of customers whose label would change, and the limit above which a run waits.
    changed, customers
        How many customers that is, and of how many.
    """

    tenant: str
    run_id: str
    reason: str
    until: str
    share: float
    limit: float
    changed: int
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowCounts:
    """The rows of a run's upload, by what became of them."""

    read: int
    accepted: int
    ignored: int
    rejected: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFinishedDetail:
    """The detail of "Run Finished".

    Parameters
    ----------
    tenant, run_id
        The run.
    as_of
        The day that it describes, YYYY-MM-DD.
    customers, buyers, orders
        How many the run counts.
    monetary
        Net money of all, as text.
    currency
        ISO 4217 code. Empty if the data has none.
    rows
        The upload's rows.
    segments
        Customers by segment label.
    failed_destinations
        The destinations that could not be updated.
    report
        The address of the report.
    """

    tenant: str
    run_id: str
    as_of: str
    customers: int
    buyers: int
    orders: int
    monetary: str
    currency: str
    rows: RowCounts
    segments: Mapping[str, int]
    failed_destinations: tuple[str, ...]
    report: str
