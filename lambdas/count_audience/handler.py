"""Count an audience. Called by the API, which reads no addresses itself.

The event is {"tenant", "definition"}. The reply has numbers and sentences, and names nobody.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from steps.campaign.planning.count_audience import count_audience
from steps.campaign.planning.services import PlanningServices
from tessera.campaigns.definitions.document import parse_definition
from tessera.environments.campaigns import PlanCampaignEnvironment
from tessera.records.codec import encode


@logged("CountAudience", facts=("counts", "problems", "refused_lines"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a ``CountedAudience``. A definition that is wrong in itself is an InvalidInput."""
    environment = PlanCampaignEnvironment.from_env(os.environ)
    services = PlanningServices.of(environment, tenant=str(event["tenant"]))
    definition = parse_definition(event["definition"])
    return encode(count_audience(definition, services=services, now=dt.datetime.now(dt.UTC)))
