"""The detail of the EventBridge event "Run Waiting", source ``tessera``."""

from __future__ import annotations

import dataclasses


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
