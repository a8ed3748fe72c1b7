"""What Prepare does, in order."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from adapters.engines.duckdb import history, outputs
from adapters.engines.duckdb.session import Connection, confine, connect
from adapters.engines.duckdb.summaries import (
    Comparison,
    SummaryFiles,
    write_previous,
    write_summary,
)
from adapters.prepare.attributes import store_attributes, write_attributes
from adapters.prepare.previous import tell_previous
from adapters.prepare.record import (
    NO_ROWS,
    Prepared,
    no_history,
    nothing_counts,
    period_of,
    rows_record,
)
from adapters.prepare.run import Run, currency_of
from adapters.stores.digests import sha256_of
from adapters.stores.events import Outcome
from adapters.stores.identities import IdentityStore
from sagemaker_jobs.prepare.history import fetch
from sagemaker_jobs.prepare.upload import Upload, read_upload
from tessera import naming
from tessera.customers.summary import Period

_PART = "part-0.parquet"


class Job:
    """One run's Prepare step."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def run(self, *, memory_limit_mb: int) -> None:
        """Do it all, and write prepare.json last; the limit is the engine's.

        Raises
        ------
        InvalidInput
            The upload cannot be read, has too many bad rows, or nothing is left to count.
        """
        run, began = self._run, time.perf_counter()
        attributes_read = store_attributes(run)
        with connect(run.folder, memory_limit_mb=memory_limit_mb) as connection:
            confine(connection, run.folder)
            upload = read_upload(run, connection) if run.ticket["upload"] else None
            currency = upload.found.currency if upload else currency_of(run)
            outcome = self._store(connection, upload)
            record = self._summarise(connection, upload, outcome) | {"currency": currency}
        record["inputs"] += attributes_read
        write_attributes(run, record)
        run.lap("total_s", began)
        record["timings"] = run.laps
        run.stores.data.write_json(run.key(naming.PREPARE_RECORD), record)
        run.decided("summarised", customers=record["customers"], buyers=record["buyers"])

    # ---- storing ---------------------------------------------------------------------------

    def _store(self, connection: Connection, upload: Upload | None) -> Outcome:
        began = time.perf_counter()
        if upload is None:
            return "unchanged"
        record = upload.record
        identities = IdentityStore(self._run.stores.identities, tenant=self._run.tenant)
        if not identities.has(record.id, content=record.content):
            path = outputs.write_identities(
                connection,
                self._run.folder / "identities.parquet",
                people=upload.found.people,
                time_zone=upload.found.time_zone,
            )
            identities.write(record.id, path, content=record.content)
        outcome = self._run.events.write(record, [upload.events])
        identities.delete_others(record.id, content=record.content)
        self._run.decided("stored", events=record.events, outcome=outcome)
        self._run.lap("write_s", began)
        return outcome

    # ---- summarising -------------------------------------------------------------------------

    def _summarise(
        self, connection: Connection, upload: Upload | None, outcome: Outcome
    ) -> dict[str, Any]:
        began = time.perf_counter()
        uploads = fetch(
            self._run.events,
            own=upload.record if upload else None,
            own_files=[upload.events] if upload else [],
            folder=self._run.folder / "history",
        )
        if not uploads:
            raise no_history(self._run.tenant)
        own = upload.record.id if upload else None
        history.open_history(connection, uploads, own=own)
        span = history.span_of(connection)
        period, warnings = period_of(self._run, span)
        last = history.span_of(connection, where=period.contains).last
        if last is None:
            raise nothing_counts(period, span)
        files = SummaryFiles.below(self._run.folder)
        summary = write_summary(connection, period=period, files=files)
        self._compare(connection, period, customers=files.customers)
        self._run.lap("summarise_s", began)
        began = time.perf_counter()
        written = [
            self._put(files.customers, naming.CUSTOMERS + _PART),
            self._put(files.features, naming.FEATURES + _PART),
            self._put(files.backtest, naming.BACKTEST + _PART),
            self._put(files.subscriptions, naming.SUBSCRIPTIONS + _PART),
        ]
        rows = NO_ROWS
        if upload is not None:
            rank = [each.id for each in uploads].index(upload.record.id)
            rows = rows_record(
                upload.found.tally, history.kept_of(connection, rank=rank, period=period)
            )
        self._run.lap("write_s", began)
        return Prepared(
            period=period,
            warnings=warnings,
            span=span,
            uploads=len(uploads),
            last=last,
            mark=upload.found.mark if upload else "dot",
            rows=rows,
            summary=summary,
            outcome=outcome,
            inputs=upload.inputs if upload else [],
            outputs=written,
        ).to_dict(self._run)

    def _compare(self, connection: Connection, period: Period, *, customers: Path) -> None:
        """Write what Score needs to tell who moved since the previous run, and why."""
        run = self._run
        before = tell_previous(run, period=period)
        comparison = None
        if before:
            comparison = Comparison(
                previous=before.period,
                published=[
                    run.stores.data.download(key, run.folder / "previous" / f"{index:05d}.parquet")
                    for index, key in enumerate(before.profiles)
                ],
                as_of=period.as_of,
                same_period=before.record["same_period"],
                customers=customers,
            )
        path = run.folder / "previous.parquet"
        write_previous(connection, comparison, path=path)
        self._put(path, naming.PREVIOUS + _PART)

    def _put(self, path: Path, name: str) -> dict[str, Any]:
        key = self._run.key(name)
        self._run.stores.data.upload(path, key)
        return {"key": key, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
