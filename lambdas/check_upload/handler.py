"""Decide whether an event is a run, and of what. Called by the `CheckUpload` state."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.stores.run_queue import RunQueue
from adapters.stores.runs import Runs
from adapters.stores.tenants import Tenants
from lambdas.check_upload import request
from steps.check_upload.check import DeploymentLimits, check_upload
from tessera.environments.check_upload import CheckUploadEnvironment
from tessera.environments.tenancy import Tenancy
from tessera.records.codec import encode


@logged("CheckUpload", message="status", facts=("bytes", "engine", "destinations", "attributes"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply whether to START or to ask again (QUEUED). Errors pass through."""
    env = CheckUploadEnvironment.from_env(os.environ)
    reply = check_upload(
        request.parse(event),
        data=Objects(env.data_bucket),
        runs=Runs(env.runs_table),
        queue=RunQueue(env.runs_table),
        tenants=Tenants(env.tenants_table),
        limits=DeploymentLimits(
            run_defaults=env.run_defaults,
            destinations=[name.strip() for name in env.available_destinations.split(",")],
            max_upload_bytes=int(env.max_upload_bytes),
            tenancy=Tenancy.from_text(env.tenancy),
        ),
        now=dt.datetime.now(dt.UTC),
    )
    return encode(reply)
