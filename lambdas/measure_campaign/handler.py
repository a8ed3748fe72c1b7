"""Measure a campaign. Called daily, and whenever somebody wants the newest figures.

The event is {"tenant", "campaign"}. What it came to is in files of the data bucket. With {"tenant",
"task": "quarters"} it measures the tenant's global holdout. That is called once a day for a tenant.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.campaign.measuring.campaign import measure_one
from steps.campaign.measuring.quarter import measure_quarters
from steps.campaign.measuring.services import MeasuringServices
from tessera.environments.campaigns import CampaignsEnvironment


@logged("MeasureCampaign", facts=("people", "held_out", "waiting", "simulated", "quarters"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with how many people count. A campaign that never sent is an InvalidInput."""
    environment = CampaignsEnvironment.from_env(os.environ)
    services = MeasuringServices.of(environment, tenant=str(event["tenant"]))
    now = dt.datetime.now(dt.UTC)
    if event.get("task") == "quarters":
        return {"tenant": services.tenant, "quarters": measure_quarters(services, now=now)}
    results = measure_one(str(event["campaign"]), services=services, now=now)
    return {
        "tenant": services.tenant,
        "campaign": results.campaign,
        "people": results.sizes.people,
        "held_out": results.sizes.held_out,
        "waiting": results.waiting,
        "simulated": results.simulated,
    }
