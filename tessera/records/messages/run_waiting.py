"""The detail of the EventBridge event "Run Waiting", source ``tessera``."""

from __future__ import annotations

import dataclasses

from tessera.records.runs.run_item import WaitingRun


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunWaitingDetail(WaitingRun):
    """The detail of "Run Waiting": the run continues when people approve it.

    Parameters
    ----------
    until
        When the wait ends and the run fails, ISO 8601, UTC.
    share, limit
        The share of customers whose label would change, and the limit above which a run waits.
    changed, customers
        How many customers that is, and of how many.
    """

    share: float
    limit: float
    changed: int
    customers: int
