"""Keep campaigns by the clock, of every tenant. Called by two rules.

The event is {"task": "hourly"} or {"task": "daily"}. Hourly, runs that are due begin, and runs that
stand still go on. Daily, suppressed addresses are taken over, and results of campaigns and of the
quarter are measured.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.campaign.keeping.keep import keep_campaigns
from steps.campaign.keeping.services import KeepingServices
from tessera.environments.campaigns import KeepCampaignsEnvironment
from tessera.errors import InvalidInput

_TASKS = ("hourly", "daily")


@logged(
    "KeepCampaigns", facts=("started", "resumed", "refused", "suppressed", "measured", "quarters")
)
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with what was done for all tenants. A tenant's error does not stop the others."""
    task = str(event.get("task", ""))
    if task not in _TASKS:
        raise InvalidInput(f"task is {task!r}: expected one of {', '.join(_TASKS)}")
    services = KeepingServices.of(KeepCampaignsEnvironment.from_env(os.environ))
    now = dt.datetime.now(dt.UTC)
    return _hourly(services, now) if task == "hourly" else services.daily(now)


def _hourly(services: KeepingServices, now: dt.datetime) -> dict[str, Any]:
    kept = [keep_campaigns(services.of_tenant(one), at=now) for one in services.tenants()]
    return {
        "started": [run for one in kept for run in one.started],
        "resumed": [run for one in kept for run in one.resumed],
        "refused": [why for one in kept for why in one.refused],
    }
