"""The run's upload on Spark: read, checked, its events and identities stored."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from adapters.engines.spark.history import span_of
from adapters.engines.spark.ingest import SparkIngested, ingest
from adapters.engines.spark.tables import write_tables
from adapters.prepare.record import Tally, check_rows, upload_record
from adapters.prepare.run import Run, currency_of
from adapters.stores.events import Outcome, UploadRecord
from adapters.stores.identities import IdentityStore
from tessera.contracts.tables import EVENTS, IDENTITIES
from tessera.events.identities import identities

_DIGITS = 5  # of a stored part's number, as every engine writes it


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkUpload:
    """The upload as it is stored, and what prepare.json says of it."""

    record: UploadRecord
    outcome: Outcome
    tally: Tally
    inputs: list[dict[str, Any]]
    mark: str


def store_upload(run: Run, session: SparkSession) -> SparkUpload:
    """Read, check and store the run's upload.

    Raises
    ------
    InvalidInput
        It cannot be read, has no rows, or too many bad ones; rejects.csv.gz is written before. Or
        the tenant's history is in another currency.
    """
    began = time.perf_counter()
    told = run.ticket["upload"]
    sizes = [_size(run, part) for part in told["parts"]]
    found = ingest(
        session,
        run.stores.data,
        told["parts"],
        sizes=sizes,
        settings=run.settings,
        currency=currency_of(run, but=told["id"]),
        tenant=run.tenant,
        secret=run.secret,
    )
    run.lap("read_s", began)
    began = time.perf_counter()
    check_rows(run, found.tally, rejects=found.rejects(), name=told["parts"][0]["key"])
    run.lap("check_s", began)
    began = time.perf_counter()
    record = _record(run, found)
    outcome = _store(run, found, record)
    found.close()
    run.decided("stored", events=record.events, outcome=outcome)
    run.lap("write_s", began)
    parts = zip(told["parts"], sizes, found.sha256, strict=True)
    return SparkUpload(
        record=record,
        outcome=outcome,
        tally=found.tally,
        inputs=[{"key": part["key"], "bytes": n, "sha256": digest} for part, n, digest in parts],
        mark=found.mark,
    )


def _size(run: Run, part: dict[str, Any]) -> int:
    head = run.stores.data.head(part["key"], version_id=part["version_id"] or None)
    return int(head["ContentLength"])


def _record(run: Run, found: SparkIngested) -> UploadRecord:
    found.events.createOrReplaceTempView("accepted_rows")
    return upload_record(
        run,
        span_of(found.events.sparkSession, of="accepted_rows"),
        tally=found.tally,
        event_ids=found.events.where("event_id IS NOT NULL").count(),
        sha256=found.sha256,
        currency=found.currency,
    )


def _store(run: Run, found: SparkIngested, record: UploadRecord) -> Outcome:
    """Store identities, then events; only then forget what the upload had before."""
    people = IdentityStore(run.stores.identities, tenant=run.tenant)
    frame = _identities(found.events).persist(StorageLevel.DISK_ONLY)
    write_tables(
        frame,
        to=run.stores.identities,
        prefix=people.folder(record.id, content=record.content),
        contract=IDENTITIES,
        by=IDENTITIES.key,
        rows=frame.count(),
        digits=_DIGITS,
    )
    frame.unpersist()
    outcome: Outcome = "unchanged"
    if not run.events.holds(record):
        run.events.clear(record)
        write_tables(
            found.events,
            to=run.stores.data,
            prefix=run.events.folder(record),
            contract=EVENTS,
            by=EVENTS.names,
            rows=record.events,
            digits=_DIGITS,
        )
        outcome = run.events.commit(record)
    people.delete_others(record.id, content=record.content)
    return outcome


def _identities(events: DataFrame) -> DataFrame:
    """Return who the customers of some events are."""
    events.createOrReplaceTempView("people")
    keys = "(SELECT DISTINCT customer_id, customer_key FROM people)"
    return events.sparkSession.sql(identities("SELECT * FROM people", keys=keys))
