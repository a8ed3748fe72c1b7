"""Which uploads no run has read yet: an erasure leaves them until then."""

from __future__ import annotations

import datetime as dt

from adapters.aws.objects import Objects
from adapters.stores.runs import RUNNING, Runs
from steps.check_upload.uploads import is_rewritten
from tessera import naming
from tessera.erasure.places import is_searched, uploads_prefix

# How long the event of an upload may take to start its execution, as the rule is made.
_ON_ITS_WAY = dt.timedelta(hours=2)


def waiting_uploads(tenant: str, *, data: Objects, runs: Runs, now: dt.datetime) -> frozenset[str]:
    """Return the names of a tenant's uploads that no run has read. Call it at the tenant's turn.

    These are the uploads of runs that wait for the turn, and recent ones that no run knows. An
    execution pins the version that it is going to read, and would read nothing without it.
    """
    known = runs.of_tenant(tenant)
    waiting = {
        run.upload
        for run in known
        if run.upload and run.status == RUNNING and runs.is_running(run.execution_arn)
    }
    read = {run.upload: run.started_at for run in sorted(known, key=lambda run: run.started_at)}
    for entry in data.entries(uploads_prefix(tenant)):
        if now - entry.modified_at > _ON_ITS_WAY or not is_searched(entry.key, tenant=tenant):
            continue
        name = naming.upload_folder(entry.key) or entry.key
        began = read.get(name)
        is_read = bool(began) and dt.datetime.fromisoformat(str(began)) >= entry.modified_at
        if not is_read and not is_rewritten(data, entry.key, version_id=""):
            waiting.add(name)
    return frozenset(waiting)
