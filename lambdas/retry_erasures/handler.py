"""Start the erasures again that have something left to do. Called every day."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.executions import Executions
from adapters.aws.function_logs import logged
from adapters.aws.metrics import put_open_erasure
from adapters.erasure.versions import VersionedObjects
from adapters.stores.tenants import Tenants
from steps.erase.start import ErasureDesk, retry_erasures
from tessera.environments.erasing import RetryErasuresEnvironment


@logged("RetryErasures", facts=("open", "oldest_days"))
def handler(_event: dict[str, Any], _context: object) -> dict[str, float]:
    """Reply how many erasures are open, and the age of the oldest. An alarm watches the age."""
    env = RetryErasuresEnvironment.from_env(os.environ)
    known = Tenants(env.tenants_table).listed()
    retried = retry_erasures(
        [one.tenant for one in known if one.state != "removing"],
        desk=ErasureDesk(
            data=VersionedObjects(env.data_bucket),
            identities=VersionedObjects(env.identities_bucket),
            executions=Executions(env.erasures_machine_arn),
        ),
        now=dt.datetime.now(dt.UTC),
    )
    if retried.open:
        put_open_erasure(retried.oldest_days, stage=env.stage)
    return {"open": retried.open, "oldest_days": round(retried.oldest_days, 2)}
