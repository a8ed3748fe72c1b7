"""One run's Prepare step on Spark, for uploads that one machine would take too long for.

State: PrepareOnSpark. It leaves what sagemaker_jobs/prepare leaves, made by the same definitions.
Arguments: --tenant, --run, --data_bucket, --identities_bucket, --pseudonym_secret.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.aws.secrets import read_secret
from adapters.engines.spark.history import kept_of, open_history, span_of
from adapters.engines.spark.session import private_errors, session
from adapters.engines.spark.summaries import write_previous, write_summary
from adapters.engines.spark.upload import SparkUpload, store_upload
from adapters.prepare.attributes import store_attributes, write_attributes
from adapters.prepare.previous import tell_previous
from adapters.prepare.record import NO_ROWS, Prepared, nothing_counts, period_of, rows_record
from adapters.prepare.run import Run, Stores, currency_of
from tessera import naming
from tessera.contracts.tables import BACKTEST, CUSTOMERS, FEATURES, SUBSCRIPTIONS
from tessera.environments import PrepareOnSparkEnvironment


def prepare(run: Run, spark: SparkSession) -> dict[str, Any]:
    """Do it all, write prepare.json last, and return it.

    Raises
    ------
    InvalidInput
        The upload cannot be read, has too many bad rows, or nothing is left to count.
    """
    began = time.perf_counter()
    attributes_read = store_attributes(run)
    upload = store_upload(run, spark) if run.ticket["upload"] else None
    currency = upload.record.currency if upload else currency_of(run)
    record = _summarise(run, spark, upload) | {"currency": currency}
    record["inputs"] += attributes_read
    write_attributes(run, record)
    run.lap("total_s", began)
    record["timings"] = run.laps
    run.stores.data.write_json(run.key(naming.PREPARE_RECORD), record)
    run.decided("summarised", customers=record["customers"], buyers=record["buyers"])
    return record


def _summarise(run: Run, spark: SparkSession, upload: SparkUpload | None) -> dict[str, Any]:
    began = time.perf_counter()
    own = upload.record if upload else None
    uploads, events = open_history(spark, run.stores.data, run.events, tenant=run.tenant, own=own)
    span = span_of(spark)
    period, warnings = period_of(run, span)
    counted = span_of(spark, where=period.contains)
    if counted.last is None:
        raise nothing_counts(period, span)
    summary = write_summary(
        spark,
        period=period,
        to=run.stores.data,
        prefixes={
            CUSTOMERS.name: run.key(naming.CUSTOMERS),
            FEATURES.name: run.key(naming.FEATURES),
            BACKTEST.name: run.key(naming.BACKTEST),
            SUBSCRIPTIONS.name: run.key(naming.SUBSCRIPTIONS),
        },
    )
    before = tell_previous(run, period=period)
    prefix = run.key(naming.PREVIOUS)
    write_previous(spark, before, as_of=period.as_of, to=run.stores.data, prefix=prefix)
    rows = NO_ROWS
    if upload is not None:
        rank = [each.id for each in uploads].index(upload.record.id)
        rows = rows_record(upload.tally, kept_of(spark, rank=rank, period=period))
    events.unpersist()
    run.lap("summarise_s", began)
    return Prepared(
        period=period,
        warnings=warnings,
        span=span,
        uploads=len(uploads),
        last=counted.last,
        mark=upload.mark if upload else "dot",
        rows=rows,
        summary=summary.record,
        outcome=upload.outcome if upload else "unchanged",
        inputs=upload.inputs if upload else [],
        outputs=[_output(dataclasses.asdict(each)) for each in summary.outputs],
    ).to_dict(run)


def _output(written: dict[str, Any]) -> dict[str, Any]:
    return {name: written[name] for name in ("key", "bytes", "sha256")}


def main(arguments: Sequence[str]) -> None:
    """Run the job once; errors pass through to the job's runtime, without a customer's data."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    names = [field.name for field in dataclasses.fields(PrepareOnSparkEnvironment)]
    for name in ("tenant", "run", *names):
        parser.add_argument(f"--{name}", required=True)
    told, _glue_adds_its_own = parser.parse_known_args(arguments)
    environment = PrepareOnSparkEnvironment.from_arguments(
        {name: getattr(told, name) for name in names}
    )
    stores = Stores(
        data=Objects(environment.data_bucket), identities=Objects(environment.identities_bucket)
    )
    with (
        job_log("PrepareOnSpark", tenant=told.tenant, run_id=told.run) as log,
        tempfile.TemporaryDirectory() as folder,
        private_errors(),
    ):
        run = Run(
            ticket=stores.data.read_json(naming.run_key(told.tenant, told.run, naming.TICKET)),
            stores=stores,
            secret=read_secret(environment.pseudonym_secret),
            folder=Path(folder),
            decided=log.decided,
        )
        prepare(run, session())


if __name__ == "__main__":
    main(sys.argv[1:])
