"""Say what a run's destinations are to be told, and tell none. Called by whoever wants to know.

The event is {"tenant", "run_id"}; the run ``latest``, the default, is the tenant's last finished
one. With ``dry_run`` that one has sent nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.destinations.activation import Activation
from tessera import naming
from tessera.destinations.planning.preview import preview
from tessera.environments import ActivateEnvironment
from tessera.errors import InvalidInput
from tessera.settings import RunSettings

LATEST = "latest"
_RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_EXPECTED = (
    'expected {"tenant": "default", "run_id": "…" or "latest"}, of which both may be left out'
)


@logged("PlanLoads", facts=("loads",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with a plan for each destination; a run that isn't there is an InvalidInput."""
    env = ActivateEnvironment.from_env(os.environ)
    tenant, run_id = _run(event, Objects(env.data_bucket))
    identities = Objects(env.identities_bucket)
    ticket = Objects(env.data_bucket).read_json(naming.run_key(tenant, run_id, naming.TICKET))
    planned = [
        Activation(tenant, run_id, name)
        for name in RunSettings.parse(ticket["settings"]).destinations
        if identities.exists(naming.destination_prefix(tenant, run_id, name) + naming.LOAD_RECORD)
    ]
    if not planned:
        raise InvalidInput(
            f"run {run_id!r} of tenant {tenant!r} has no plan: MapSchema makes it, after the "
            "approval that a run may wait for; see how far the run came"
        )
    return {"tenant": tenant, "run_id": run_id, "loads": [_plan(each) for each in planned]}


def _run(event: Mapping[str, Any], data: Objects) -> tuple[str, str]:
    unknown = sorted(set(event) - {"tenant", "run_id"})
    if unknown:
        raise InvalidInput(f"unknown field {unknown[0]!r}: {_EXPECTED}")
    tenant = naming.check_tenant(str(event.get("tenant") or naming.DEFAULT_TENANT))
    run_id = str(event.get("run_id") or LATEST)
    if _RUN_ID.fullmatch(run_id) is None:
        raise InvalidInput(f"the run is {run_id!r}: {_EXPECTED}")
    if run_id == LATEST:
        if not data.exists(naming.latest_key(tenant)):
            raise InvalidInput(f"tenant {tenant!r} has no finished run: upload a file first")
        run_id = str(data.read_json(naming.latest_key(tenant))["run_id"])
    if not data.exists(naming.run_key(tenant, run_id, naming.TICKET)):
        raise InvalidInput(
            f"there is no run {run_id!r} of tenant {tenant!r}: check both names, or leave out the "
            "run for the last finished one"
        )
    return tenant, run_id


def _plan(activation: Activation) -> dict[str, Any]:
    load = activation.load()
    planned = activation.estimate(load.record["changes"])
    return preview(load.record, known=load.known_segments(), planned=planned)
