"""Start a run of the day for every active tenant.

One rule serves any number of tenants, so the template does not grow with them.
"""

from __future__ import annotations

from adapters.aws.executions import Executions
from adapters.stores.tenants import Tenants
from tessera.naming import CANARY_TENANT


def start_daily_runs(time: str, *, tenants: Tenants, executions: Executions) -> int:
    """Start what is missing of the day's runs. Return how many tenants have one.

    Parameters
    ----------
    time
        The schedule's instant, ISO 8601. Its date names the executions, so a second call on the
        same day starts no run again.
    tenants, executions
        The tenants table and the state machine.
    """
    # The canary's run follows a deployment. Nobody looks at one every day, and it costs money.
    names = [
        one.tenant for one in tenants.active() if one.daily_run and one.tenant != CANARY_TENANT
    ]
    for tenant in names:
        executions.start(
            f"daily-{tenant}-{time[:10]}",
            {"trigger": "schedule", "tenant": tenant, "time": time},
        )
    return len(names)
