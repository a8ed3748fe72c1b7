"""What is measured, one process each: ``python -m bench.contenders NAME CSV FOLDER MEMORY_MB``.

Every one of them but the bare count leaves the same customer summary, customers.parquet, in FOLDER.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path

AS_OF = dt.date(2024, 1, 2)  # the day after the last generated event
SECRET = b"no secret: made-up customers"
TENANT = "default"
_DAY_ENDS = dt.datetime(2024, 1, 2, tzinfo=dt.UTC)


def count(csv: Path, folder: Path, memory_mb: int) -> None:  # noqa: ARG001
    """DuckDB counts the file's rows, and does nothing else."""
    import duckdb

    with duckdb.connect() as db:
        db.sql(f"SELECT count(*) FROM read_csv('{csv}')").fetchall()


def pandas(csv: Path, folder: Path, memory_mb: int) -> None:  # noqa: ARG001
    """Pandas as its manual would have it: five columns, types and the date's format given."""
    import pandas as pd

    events = pd.read_csv(
        csv,
        usecols=["EventName", "UnitPrice", "Quantity", "CustomerID", "Date"],
        dtype={
            "EventName": "category",
            "UnitPrice": "float64",
            "Quantity": "int64",
            "CustomerID": "str",
            "Date": "str",
        },
    )
    events["at"] = pd.to_datetime(events["Date"], format="%a, %d %b %Y %H:%M:%S %z", utc=True)
    events["amount"] = (events["UnitPrice"] * events["Quantity"]).where(
        events["EventName"] == "PURCHASED", 0
    )
    events["view"] = events["EventName"] == "VIEWED"
    everybody = events.groupby("CustomerID").agg(
        last_event_at=("at", "max"),
        monetary=("amount", "sum"),
        views=("view", "sum"),
        events=("at", "size"),
    )
    purchases = events[events["EventName"] == "PURCHASED"]
    buyers = purchases.groupby("CustomerID")["at"].agg(["min", "max", "nunique"])
    summary = everybody.join(buyers)
    for name, instant in (("recency_days", "max"), ("tenure_days", "min")):
        days = pd.Timestamp(AS_OF, tz="UTC") - summary[instant].dt.floor("D")
        summary[name] = days.dt.days
    summary["frequency"] = summary.pop("nunique").fillna(0).astype("int64")
    summary["monetary"] = summary["monetary"].round(4)
    summary = summary.rename(columns={"min": "first_purchase_at", "max": "last_purchase_at"})
    summary.reset_index().to_parquet(folder / "customers.parquet")


def summary(csv: Path, folder: Path, memory_mb: int) -> None:
    """Read, check and summarise as Prepare does, by its own functions, without the rest."""
    from adapters.engines.duckdb import history, outputs
    from adapters.engines.duckdb.own_events import sort_events
    from adapters.engines.duckdb.reading.files.upload_file import UploadFile
    from adapters.engines.duckdb.reading.ingest import ingest
    from adapters.engines.duckdb.session import connect
    from adapters.engines.duckdb.summaries import write_customers
    from tessera.customers.summary import Period
    from tessera.events.pseudonym import hmac_blocks
    from tessera.settings import RunSettings

    period = Period(as_of=AS_OF, window_months=0, time_zone="UTC")
    with connect(folder, memory_limit_mb=memory_mb) as db:
        ingest(db, [UploadFile(csv.name, csv)], settings=RunSettings(), currency="", folder=folder)
        outputs.make_keys(db, hmac_blocks(SECRET, tenant=TENANT))
        sort_events(db)
        history.open_own(db)
        write_customers(db, period=period, path=folder / "customers.parquet")


def prepare(csv: Path, folder: Path, memory_mb: int) -> None:
    """Run the whole of Prepare, identities, records and hashes too, on folders for buckets."""
    from adapters.engines.duckdb.prepare import duckdb_engine
    from adapters.engines.prepare import Workspace
    from bench.folder_objects import FolderObjects
    from steps.prepare.run import PrepareRun
    from steps.prepare.step import prepare as prepare_step
    from tessera.naming import run_key
    from tessera.records.runs.ticket import Part, Ticket, Upload
    from tessera.settings import RunSettings

    data, work = folder / "data", folder / "work"
    (data / "uploads").mkdir(parents=True)
    work.mkdir()
    key = f"uploads/{csv.name}"
    os.link(csv, data / key)
    part = Part(key=key, version_id="", etag="", bytes=csv.stat().st_size)
    ticket = Ticket.issue(
        tenant=TENANT,
        trigger="upload",
        settings=RunSettings(),
        started_at=_DAY_ENDS,
        as_of=AS_OF,
        upload=Upload.of(key, parts=(part,)),
    )
    workspace = Workspace(
        data=FolderObjects(data),
        identities=FolderObjects(folder / "identities"),
        tenant=TENANT,
        run_id=ticket.run_id,
        secret=SECRET,
        folder=work,
        decided=lambda message, **facts: print(message, facts),
    )
    with duckdb_engine(workspace, memory_limit_mb=memory_mb) as engine:
        prepare_step(PrepareRun(ticket=ticket, workspace=workspace), engine)
    customers = run_key(TENANT, ticket.run_id, "customers/part-0.parquet")
    os.link(data / customers, folder / "customers.parquet")


CONTENDERS: dict[str, Callable[[Path, Path, int], None]] = {
    contender.__name__: contender for contender in (count, pandas, summary, prepare)
}

if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
