"""Pull a tenant's shop for some minutes. Called by the state Pull until nothing is left."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from pathlib import Path
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.objects import Objects
from adapters.connectors.connect import connect
from adapters.connectors.journal import ChangeJournal
from adapters.connectors.stored_key import stored_key
from steps.campaign.settings import tenant_settings
from steps.pull.pull import Clock
from steps.pull.scheduled import pull_scheduled
from tessera import naming
from tessera.environments.pulls import PullSourceEnvironment
from tessera.sources.connectors.catalog import kind_of
from tessera.sources.orders.money import included_by

_SPARE_SECONDS = 240  # of the function's time: one page more, and its change file


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@logged("PullSource", facts=("connector", "requests", "records", "rows", "more"))
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Reply what came so far, and whether there is more."""
    env = PullSourceEnvironment.from_env(os.environ)
    tenant, name = event["tenant"], event["connector"]
    data = Objects.shared(env.data_bucket)
    identities = Objects.shared(env.identities_bucket)
    secret = naming.source_secret(env.stage, name, tenant=tenant)
    included = included_by(tenant_settings(tenant, data=data, run_defaults=env.run_defaults))
    raw = naming.raw_prefix(tenant, naming.pulled_folder(name))
    with tempfile.TemporaryDirectory() as folder:
        connector, transport = connect(
            name,
            key=stored_key(secret, kind_of(name)),
            included=included,
            folder=Path(folder) / "files",
            endpoint=os.environ.get(naming.endpoint_variable(name), ""),
        )
        record = pull_scheduled(
            connector,
            transport=transport,
            journal=ChangeJournal(identities, prefix=raw),
            clock=Clock(now=_now),
            notes=identities,
            raw=raw,
            included=included,
            reload=event.get("reload") is True,
            budget_seconds=context.get_remaining_time_in_millis() / 1000 - _SPARE_SECONDS,
        )
    counts = record.cursor.counts
    return {
        "tenant": tenant,
        "connector": name,
        "more": record.more,
        "requests": record.requests,
        "records": counts.get("records", 0),
        "rows": counts.get("rows", 0),
    }
