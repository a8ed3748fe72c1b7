"""Files of customer attributes: stored under pseudonyms, and put together for a run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.prepare.run import Run
from adapters.stores.attributes import AttributeRecord, AttributeStore
from adapters.stores.digests import sha256_of
from adapters.tables.attributes import file_table, joined, until
from tessera import __version__, naming
from tessera.events.pseudonym import customer_keys, fingerprint
from tessera.sources.attributes.reading import AttributeFile, parse_attributes

_PART = naming.ATTRIBUTES + "part-0.parquet"
_READ_BY = ("time_zone", "decimal", "columns", "churn_label", "churn_ignore")


def store_attributes(run: Run) -> list[dict[str, Any]]:
    """Store the run's upload of attributes, if it is one, without anything that names a person.

    Returns
    -------
    list
        What was read, for the record of Prepare.

    Raises
    ------
    InvalidInput
        The file cannot be read, or a column holds something else than in the tenant's other files.
    """
    told = run.ticket.get("attributes")
    if not told:
        return []
    began = time.perf_counter()
    [part] = told["parts"]
    path = run.folder / "attributes" / "upload"
    run.stores.data.download(part["key"], path, version_id=part["version_id"] or None)
    read = [{"key": part["key"], "bytes": path.stat().st_size, "sha256": sha256_of(path)}]
    store = AttributeStore(run.stores.data, tenant=run.tenant)
    records = store.records()
    others = [record for record in records if record.id != told["id"]]
    content = _content(run, path)
    if any(record.id == told["id"] and record.content == content for record in records):
        run.decided("attributes are stored already")
        return read
    file = _parse(run, path, name=told["name"], others=others)
    table = file_table(file, key_of=customer_keys(run.secret, tenant=run.tenant))
    record = AttributeRecord(
        id=told["id"],
        name=told["name"],
        content=content,
        since=run.ticket["started_at"],
        as_of=None,
        customers=len(table),
        headers=file.headers,
        label_header=file.label_header,
        notes=file.notes,
    )
    _joined(run, [*((other, _read(run, store, other)) for other in others), (record, table)])
    written = run.folder / "attributes" / "stored.parquet"
    pq.write_table(table, written, compression="zstd", store_schema=False)
    store.write(record, written)
    run.decided("attributes stored", customers=len(table), columns=len(table.column_names) - 2)
    run.lap("attributes_s", began)
    return read


def write_attributes(run: Run, record: dict[str, Any]) -> None:
    """Write what the tenant's files say of its customers until as_of, and note it in the record.

    The columns are customer_key, observed_at, churn_label and the attributes; a customer has one
    row for each day that a file describes. Without a file there are no rows.
    """
    began = time.perf_counter()
    as_of = dt.date.fromisoformat(record["as_of"])
    store = AttributeStore(run.stores.data, tenant=run.tenant)
    records = [_counted(store, each, as_of) for each in store.records()]
    tables = [(each, _read(run, store, each)) for each in records]
    rows = _joined(run, tables)
    counted = until(rows, as_of)
    path = run.folder / "attributes.parquet"
    pq.write_table(counted, path, compression="zstd", store_schema=False)
    key = run.key(_PART)
    run.stores.data.upload(path, key)
    record["attributes"] = {
        "uploads": [
            {"name": each.name, "customers": each.customers, "notes": list(each.notes)}
            for each in records
        ],
        "rows": len(counted),
    }
    later = len(rows) - len(counted)
    if later:
        record["warnings"].append(
            f"{later} rows of attributes describe a day after as_of and wait for it"
        )
    record["outputs"].append({"key": key, "bytes": path.stat().st_size, "sha256": sha256_of(path)})
    run.lap("attributes_s", began)


def _joined(run: Run, tables: list[tuple[AttributeRecord, pa.Table]]) -> pa.Table:
    return joined(tables, label=run.settings.churn_label, ignore=run.settings.churn_ignore)


def _parse(run: Run, path: Path, *, name: str, others: list[AttributeRecord]) -> AttributeFile:
    settings = run.settings
    return parse_attributes(
        path.read_bytes(),
        name=name,
        label=settings.churn_label,
        ignore=settings.churn_ignore,
        elsewhere=[header for record in others for header in record.headers],
        customer_id=settings.columns.get("customer_id", ""),
        decimal=settings.decimal,
        time_zone=settings.time_zone,
    )


def _content(run: Run, path: Path) -> str:
    """Hash what the stored rows depend on: the file's bytes and how they are read."""
    settings = run.settings.to_dict()
    parts = {
        "sha256": sha256_of(path),
        "settings": {name: settings[name] for name in _READ_BY},
        "secret": fingerprint(run.secret),
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _counted(store: AttributeStore, record: AttributeRecord, as_of: dt.date) -> AttributeRecord:
    """Return a record that knows which day its rows describe: the first run's that counts them."""
    if record.as_of is not None:
        return record
    dated = dataclasses.replace(record, as_of=as_of.isoformat())
    store.update(dated)
    return dated


def _read(run: Run, store: AttributeStore, record: AttributeRecord) -> pa.Table:
    return pq.read_table(store.download(record, run.folder / "attributes"), partitioning=None)
