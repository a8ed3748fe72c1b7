"""One run's Prepare step: ticket.json in, events, customers, features and prepare.json out."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.aws.container import Container
from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.engines.duckdb.prepare import duckdb_engine
from adapters.engines.duckdb.session import private_errors
from adapters.engines.prepare import Workspace
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera.environments.prepare import PrepareEnvironment


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare in this container. Any error is left where SageMaker reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--run", required=True)
    arguments = parser.parse_args(argv)
    with (
        Container(os.environ).failing_to("message"),
        job_log("Prepare", tenant=arguments.tenant, run_id=arguments.run) as log,
        private_errors(),
        tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder,
    ):
        environment = PrepareEnvironment.from_env(os.environ)
        workspace = Workspace(
            data=Objects(environment.data_bucket),
            identities=Objects(environment.identities_bucket),
            tenant=arguments.tenant,
            run_id=arguments.run,
            secret=read_secret(environment.pseudonym_secret),
            folder=Path(folder),
            decided=log.decided,
        )
        run = PrepareRun.open(workspace)
        with duckdb_engine(workspace, memory_limit_mb=int(environment.memory_limit_mb)) as engine:
            prepare(run, engine)


if __name__ == "__main__":
    main()
