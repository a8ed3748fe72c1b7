"""Count the sources that are late. Called every day, in a stage where data arrives by itself.

A run judges its sources when it ends. A source that is silent starts none.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.metrics import count_unhealthy_sources
from adapters.aws.objects import Objects
from adapters.stores.tenants import Tenants
from steps.watch_sources import late_sources
from tessera.environments.watch_sources import WatchSourcesEnvironment


@logged("WatchSources", facts=("tenants", "late", "which"))
def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply how many tenants there are, and which of their sources are late."""
    env = WatchSourcesEnvironment.from_env(os.environ)
    tenants = [one.tenant for one in Tenants(env.tenants_table).active()]
    late = late_sources(tenants, data=Objects(env.data_bucket), now=dt.datetime.now(dt.UTC))
    count_unhealthy_sources(len(late), stage=env.stage)
    return {"tenants": len(tenants), "late": len(late), "which": "; ".join(late)}
