"""Bring live labels to a tenant's last run. Called by EventBridge when a run has finished."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.stores.label_states import LabelStates
from steps.label.keep import keep_labels
from tessera import naming
from tessera.environments.labels import KeepLabelsEnvironment

_ENGINE_MB = 1_536  # half of the function's memory: the states take the rest


@logged("KeepLabels", facts=("customers", "written", "waiting"))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with how many customers there are, and how many were written."""
    env = KeepLabelsEnvironment.from_env(os.environ)
    tenant = naming.check_tenant(str(event["tenant"]))
    with tempfile.TemporaryDirectory() as scratch:
        report = keep_labels(
            tenant,
            data=Objects(env.data_bucket),
            states=LabelStates(env.labels_table),
            folder=Path(scratch),
            memory_mb=_ENGINE_MB,
        )
    return {
        "tenant": tenant,
        "run_id": report.run_id,
        "customers": report.customers,
        "written": report.written,
        "waiting": report.waiting,
    }
