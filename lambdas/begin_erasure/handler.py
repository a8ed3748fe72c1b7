"""Take the tenant's turn for an erasure. Called by the state `BeginErasure`, again and again.

The event is {"tenant", "case", "execution_arn", "began_ms"}.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.erasure.cases import CaseFiles
from adapters.erasure.versions import VersionedObjects
from adapters.stores.run_queue import RunQueue
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from steps.erase.begin import ErasureQueue, ErasureTurn, begin_erasure
from tessera.environments.erasing import BeginErasureEnvironment
from tessera.records.codec import encode


@logged("BeginErasure", message="status", facts=("destinations", "wait_seconds"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply READY, QUEUED or ENDED. Errors pass through."""
    env, turn = BeginErasureEnvironment.from_env(os.environ), ErasureTurn.parse(event)
    identities = VersionedObjects(env.identities_bucket)
    begun = begin_erasure(
        turn,
        files=CaseFiles(
            VersionedObjects(env.data_bucket), identities, tenant=turn.tenant, case=turn.case
        ),
        identities=identities,
        queue=ErasureQueue(
            runs=Runs(env.runs_table),
            queue=RunQueue(env.runs_table),
            tenants=Tenants(env.tenants_table),
            max_runs=int(env.max_runs),
        ),
        now=dt.datetime.now(dt.UTC),
    )
    return encode(begun)
