"""The detail of the EventBridge event "Run Finished", source ``tessera``."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping


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
        The day that it describes.
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
    as_of: dt.date
    customers: int
    buyers: int
    orders: int
    monetary: str
    currency: str
    rows: RowCounts
    segments: Mapping[str, int]
    failed_destinations: tuple[str, ...]
    report: str
