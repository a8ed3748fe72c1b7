"""One run's Prepare step on Spark, for uploads that one machine would take too long for.

State: PrepareOnSpark. It leaves what sagemaker_jobs/prepare leaves, made by the same step.
Arguments: --tenant, --run, --data_bucket, --identities_bucket, --pseudonym_secret.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.engines.prepare import Workspace
from adapters.engines.spark.prepare import spark_engine
from adapters.engines.spark.session import private_errors, session
from steps.prepare.run import PrepareRun
from steps.prepare.step import prepare
from tessera.environments.prepare import PrepareOnSparkEnvironment


def main(arguments: Sequence[str]) -> None:
    """Run the job once. Errors pass through to the job's runtime, without a customer's data."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    names = [field.name for field in dataclasses.fields(PrepareOnSparkEnvironment)]
    for name in ("tenant", "run", *names):
        parser.add_argument(f"--{name}", required=True)
    parsed, _arguments_of_glue = parser.parse_known_args(arguments)
    environment = PrepareOnSparkEnvironment.from_arguments(
        {name: getattr(parsed, name) for name in names}
    )
    with (
        job_log("PrepareOnSpark", tenant=parsed.tenant, run_id=parsed.run) as log,
        tempfile.TemporaryDirectory() as folder,
        private_errors(),
    ):
        workspace = Workspace(
            data=Objects(environment.data_bucket),
            identities=Objects(environment.identities_bucket),
            tenant=parsed.tenant,
            run_id=parsed.run,
            secret=read_secret(environment.pseudonym_secret),
            folder=Path(folder),
            decided=log.decided,
        )
        run = PrepareRun.open(workspace)
        with spark_engine(workspace, session()) as engine:
            prepare(run, engine)
