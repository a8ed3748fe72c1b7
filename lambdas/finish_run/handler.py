"""Write the run's summary, manifest and report, and notify others. Called by `FinishRun`."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.metrics import count_failed_destinations, count_unhealthy_sources
from adapters.aws.notices import Notices
from adapters.aws.objects import Objects
from adapters.stores.catalog import Catalog
from adapters.stores.runs import Runs
from steps.finish_run import finish_run
from tessera.environments.finish_run import FinishRunEnvironment
from tessera.environments.machines import StageMachines
from tessera.insights.cost.run_cost import Billing


@logged("FinishRun", facts=("report",))
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply with the report's address. ``seconds`` are those of the run's jobs, by state."""
    tenant, run_id = str(event["tenant"]), str(event["run_id"])
    env = FinishRunEnvironment.from_env(os.environ)
    finished = finish_run(
        tenant,
        run_id=run_id,
        data=Objects(env.data_bucket),
        identities=Objects(env.identities_bucket),
        catalog=Catalog(env.database),
        runs=Runs(env.runs_table),
        notices=Notices(env.topic_arn),
        billing=Billing(
            machines=StageMachines.from_text(env.machines),
            region=os.environ["AWS_REGION"],
            seconds=event.get("seconds") or {},
        ),
        console=env.console,
        now=dt.datetime.now(dt.UTC),
    )
    count_failed_destinations(len(finished.failed_destinations), stage=env.stage)
    if finished.unhealthy_sources is not None:
        count_unhealthy_sources(finished.unhealthy_sources, stage=env.stage)
    return {"tenant": tenant, "run_id": run_id, "report": finished.report}
