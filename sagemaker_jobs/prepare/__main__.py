"""One run's Prepare step: ticket.json in, events, customers, features and prepare.json out."""

from __future__ import annotations

import argparse
import os
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from adapters.aws.container import Container
from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.prepare.run import Run, Stores
from sagemaker_jobs.prepare.job import Job
from tessera import naming
from tessera.environments import PrepareEnvironment


def main(argv: Sequence[str] | None = None) -> None:
    """Prepare in this container; any error is left where SageMaker reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenant", required=True)
    parser.add_argument("--run", required=True)
    arguments = parser.parse_args(argv)
    with (
        Container(os.environ).failing_to("message"),
        job_log("Prepare", tenant=arguments.tenant, run_id=arguments.run) as log,
        _private_errors(),
    ):
        environment = PrepareEnvironment.from_env(os.environ)
        stores = Stores(
            data=Objects(environment.data_bucket), identities=Objects(environment.identities_bucket)
        )
        key = naming.run_key(arguments.tenant, arguments.run, naming.TICKET)
        with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
            run = Run(
                ticket=stores.data.read_json(key),
                stores=stores,
                secret=read_secret(environment.pseudonym_secret),
                folder=Path(folder),
                decided=log.decided,
            )
            Job(run).run(memory_limit_mb=int(environment.memory_limit_mb))


def _scratch() -> str | None:
    return os.environ.get("TMPDIR")


class _private_errors:  # noqa: N801 (used as a with statement)
    """Lets no error quote a cell: the engines' own messages do."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: TracebackType | None) -> None:
        if isinstance(error, (duckdb.Error, pa.ArrowException)):
            last = traceback.extract_tb(trace)[-1]
            where = f"{Path(last.filename).name} line {last.lineno}, {last.name}"
            message = f"the engine failed in {where}: {type(error).__name__}"
            raise RuntimeError(message) from None  # noqa: TRY004 (not about a type)


if __name__ == "__main__":
    main()
