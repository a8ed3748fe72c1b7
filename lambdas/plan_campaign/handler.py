"""Plan a run of a campaign. Called by the `PlanCampaign` state."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.campaign.planning.services import PlanningServices
from tessera.environments.campaigns import PlanCampaignEnvironment
from tessera.records.codec import encode


@logged("PlanCampaign", facts=("counts", "refused_lines"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with what became of everybody. Errors pass through: the state decides about them."""
    environment = PlanCampaignEnvironment.from_env(os.environ)
    services = PlanningServices.of(environment, tenant=str(event["tenant"]))
    manifest = plan_campaign(str(event["run"]), services=services, now=dt.datetime.now(dt.UTC))
    return {
        "tenant": services.tenant,
        "run_id": manifest.run,
        "counts": encode(manifest.counts),
        "refused_lines": manifest.refused_lines,
    }
