"""Join profiles with identities and write each destination's import files. State: MapSchema.

Arguments: --tenant, --run, --data_bucket, --identities_bucket. --files_only names destinations that
get no requests, with commas. --handovers is on where campaigns may hand over their audiences.
--forwarded names destinations that get single moves of live labels, with commas.
--engine duckdb or spark overrides the choice of auto.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.engines.choice import choose
from steps.map_schema.run import MappedRun
from steps.map_schema.write import map_schema
from tessera.contracts.destinations import EXPORT
from tessera.environments.map_schema import MapSchemaEnvironment


def main(arguments: Sequence[str]) -> None:
    """Run the job once. Errors pass through to the job's runtime."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    for name in ("tenant", "run", "data_bucket", "identities_bucket"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--files_only", default=EXPORT)
    parser.add_argument("--handovers", default="off")
    parser.add_argument("--forwarded", default="")
    parser.add_argument("--engine", default="auto")
    options, _glue_adds_its_own = parser.parse_known_args(arguments)
    env = MapSchemaEnvironment(
        data_bucket=options.data_bucket,
        identities_bucket=options.identities_bucket,
        files_only=options.files_only,
        handovers=options.handovers,
        forwarded=options.forwarded,
    )
    with job_log("MapSchema", tenant=options.tenant, run_id=options.run) as log:
        run = MappedRun.read(
            tenant=options.tenant,
            run_id=options.run,
            data=Objects(env.data_bucket),
            identities=Objects(env.identities_bucket),
            files_only=env.files_only.split(","),
            has_handovers=env.handovers == "on",
            forwarded=[name for name in env.forwarded.split(",") if name],
        )
        for name, record in map_schema(run, engine=choose(options.engine)).items():
            log.decided(
                "held" if record.held else "mapped",
                destination=name,
                customers=record.desired,
                changes=record.changes,
                files=len(record.parts),
            )
