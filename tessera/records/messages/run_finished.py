"""The detail of the EventBridge event "Run Finished", source ``tessera``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.customer_totals import CustomerTotals
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowCounts:
    """The rows of a run's upload, by what became of them."""

    read: int
    accepted: int
    ignored: int
    rejected: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunFinishedDetail(CustomerTotals, RunOfDay):
    """The detail of "Run Finished".

    Parameters
    ----------
    tenant
        Whose run.
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
    currency: str
    rows: RowCounts
    segments: Mapping[str, int]
    failed_destinations: tuple[str, ...]
    report: str
