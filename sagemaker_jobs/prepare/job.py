"""What Prepare does, in order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from pathlib import Path
from typing import Any

from adapters.engines import history, outputs
from adapters.engines.session import Connection, confine, connect, only_row
from adapters.engines.summaries import (
    Comparison,
    SummaryFiles,
    write_previous,
    write_summary,
)
from adapters.event_store import Outcome
from adapters.identity_store import IdentityStore
from adapters.objects import sha256_of
from adapters.prepare.run import Run, currency_of
from sagemaker_jobs.prepare.history import fetch
from sagemaker_jobs.prepare.previous import fetch_previous
from sagemaker_jobs.prepare.upload import Upload, read_upload
from tessera import naming
from tessera.customers.summary import Period, day_after
from tessera.errors import InvalidInput
from tessera.events.reasons import NOT_AN_EVENT

_PART = "part-0.parquet"
_FUTURE = dt.timedelta(days=2)


class Job:
    """One run's Prepare step."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._warnings: list[str] = []

    def run(self, *, memory_limit_mb: int) -> None:
        """Do it all, and write prepare.json last; the limit is the engine's.

        Raises
        ------
        InvalidInput
            The upload cannot be read, has too many bad rows, or nothing is left to count.
        """
        run, began = self._run, time.perf_counter()
        with connect(run.folder, memory_limit_mb=memory_limit_mb) as connection:
            confine(connection, run.folder)
            upload = read_upload(run, connection) if run.ticket["upload"] else None
            currency = upload.found.currency if upload else currency_of(run)
            outcome = self._store(connection, upload)
            record = self._summarise(connection, upload, outcome) | {"currency": currency}
        run.lap("total_s", began)
        record["timings"] = run.laps
        run.stores.data.write_json(run.key(naming.PREPARE_RECORD), record)
        run.say(f"{record['customers']} customers, {record['buyers']} buyers")

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
        self._run.say(f"{record.events} events stored: {outcome}")
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
            raise InvalidInput(
                f"tenant {self._run.tenant!r} has no events yet: put a file into "
                f"{naming.UPLOADS} first"
            )
        own = upload.record.id if upload else None
        history.open_history(connection, uploads, own=own)
        period = self._period(connection)
        last = history.last_event_at(
            connection, before=f"NOT ({period.ended}) AND NOT ({period.not_begun})"
        )
        if last is None:
            raise InvalidInput(self._nothing_counts(connection, period))
        folder = self._run.folder
        files = SummaryFiles(
            folder / "customers.parquet", folder / "features.parquet", folder / "backtest.parquet"
        )
        summary = write_summary(connection, period=period, files=files)
        self._compare(connection, period, customers=files.customers)
        self._run.lap("summarise_s", began)
        began = time.perf_counter()
        written = [
            self._put(files.customers, naming.CUSTOMERS + _PART),
            self._put(files.features, naming.FEATURES + _PART),
            self._put(files.backtest, naming.BACKTEST + _PART),
        ]
        rank = next((place for place, each in enumerate(uploads) if each.id == own), -1)
        rows = self._rows(connection, upload, rank=rank, period=period)
        self._run.lap("write_s", began)
        return {
            "tenant": self._run.tenant,
            "run_id": self._run.ticket["run_id"],
            "as_of": period.as_of.isoformat(),
            "time_zone": period.time_zone,
            "last_event_at": last.isoformat(),
            "decimal": upload.found.mark if upload else "dot",
            "rows": rows,
            "history": self._history(connection, len(uploads)),
            **dataclasses.asdict(summary.totals),
            "holdout_days": summary.holdout_days,
            "cohorts": summary.cohorts,
            "reupload": outcome,
            "warnings": self._warnings,
            "inputs": upload.inputs if upload else [],
            "outputs": written,
        }

    def _compare(self, connection: Connection, period: Period, *, customers: Path) -> None:
        """Write what Score needs to tell who moved since the previous run, and why."""
        run = self._run
        before = fetch_previous(
            run.stores.data,
            tenant=run.tenant,
            run_id=run.ticket["run_id"],
            period=period,
            folder=run.folder / "previous",
        )
        comparison = None
        if before:
            comparison = Comparison(
                previous=before.period,
                published=before.profiles,
                as_of=period.as_of,
                same_period=before.record["same_period"],
                customers=customers,
            )
        path = run.folder / "previous.parquet"
        write_previous(connection, comparison, path=path)
        self._put(path, naming.PREVIOUS + _PART)
        run.stores.data.write_json(
            run.key(naming.PREVIOUS_RECORD), before.record if before else {"run_id": None}
        )

    def _period(self, connection: Connection) -> Period:
        told = self._run.ticket["as_of"]
        zone = self._run.settings.time_zone
        last = history.last_event_at(connection)
        if last is None:
            raise InvalidInput("no row of the history is an event: there is nothing to count")
        as_of = dt.date.fromisoformat(told) if told else day_after(last, time_zone=zone)
        started = dt.datetime.fromisoformat(self._run.ticket["started_at"])
        if not told and last > started + _FUTURE:
            self._warnings.append(
                f"the last event is dated {last.date()}, in the future, and as_of follows it: "
                "correct the date, or give as_of"
            )
        return Period(as_of=as_of, window_months=self._run.settings.window_months, time_zone=zone)

    def _nothing_counts(self, connection: Connection, period: Period) -> str:
        query = "SELECT epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM history"
        first, last = only_row(connection, query)
        start = f" and on or after {period.start.date()}" if period.start else ""
        return (
            f"no event lies before as_of {period.as_of}{start}: the history runs from "
            f"{history.iso(first)} to {history.iso(last)}; choose another as_of or 'window_months'"
        )

    def _rows(
        self, connection: Connection, upload: Upload | None, *, rank: int, period: Period
    ) -> dict[str, Any]:
        if upload is None:
            return {"read": 0, "accepted": 0, "ignored": {}, "rejected": {}}
        found = upload.found
        ignored = history.ignored(connection, rank=rank, stored=found.stored, period=period)
        if found.not_events:
            ignored[NOT_AN_EVENT.code] = found.not_events
        rejected = sum(found.rejected.values())
        counted = history.counted(connection, rank=rank, period=period)
        if counted + sum(ignored.values()) + rejected != found.read:
            raise AssertionError(
                f"rows went missing: {counted} accepted, {ignored} ignored and "
                f"{found.rejected} rejected are not the {found.read} read"
            )
        return {
            "read": found.read,
            "accepted": counted,
            "ignored": dict(sorted(ignored.items())),
            "rejected": found.rejected,
        }

    def _history(self, connection: Connection, uploads: int) -> dict[str, Any]:
        row = only_row(
            connection,
            "SELECT count(*), epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM history",
        )
        return {
            "uploads": uploads,
            "events": int(row[0]),
            "first_event_at": history.iso(row[1]),
            "last_event_at": history.iso(row[2]),
        }

    def _put(self, path: Path, name: str) -> dict[str, Any]:
        key = self._run.key(name)
        self._run.stores.data.upload(path, key)
        return {"key": key, "bytes": path.stat().st_size, "sha256": sha256_of(path)}
