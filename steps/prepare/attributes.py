"""Files of customer attributes: stored under pseudonyms, and put together for a run."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.stores.attributes import AttributeRecord, AttributeStore
from adapters.stores.digests import file_record, sha256_of
from adapters.tables.attributes import file_table, joined, until
from steps.prepare.run import PrepareRun
from tessera import naming
from tessera.customers.looks import SEEN_BEFORE
from tessera.customers.subscriptions.attributes import KEY, OBSERVED
from tessera.customers.subscriptions.clicks import CLICKS
from tessera.customers.summary import Period
from tessera.events.content import ATTRIBUTE_SETTINGS, content_digest
from tessera.events.pseudonym import customer_keys
from tessera.records.file import File
from tessera.records.runs.prepare import Attributes, AttributeUpload
from tessera.records.runs.ticket import Upload
from tessera.sources.attributes.reading import AttributeFile, parse_attributes

LAST_VIEW = SEEN_BEFORE[-1]
_PART = naming.ATTRIBUTES + "part-0.parquet"
_Tables = Sequence[tuple[AttributeRecord, pa.Table]]


class LooksBefore(Protocol):
    """See ``PrepareEngine.looks_before``."""

    def __call__(self, rows: pa.Table, *, period: Period) -> pa.Table:
        """Return what customers had looked at before the days of some rows."""
        ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountedAttributes:
    """The attributes of a run.

    Parameters
    ----------
    record
        For prepare.json.
    file
        Where they are.
    warnings
        What the owner should know, a sentence each.
    """

    record: Attributes
    file: File
    warnings: tuple[str, ...]


def store_attributes(run: PrepareRun) -> tuple[File, ...]:
    """Store the run's upload of attributes, if it is one, without anything that names a person.

    Returns
    -------
    tuple
        What was read, for the record of Prepare.

    Raises
    ------
    InvalidInput
        The file cannot be read, or a column holds something else than in the tenant's other files.
    """
    upload = run.ticket.attributes
    if upload is None:
        return ()
    began = time.perf_counter()
    [part] = upload.parts
    path = run.workspace.folder / "attributes" / "upload"
    run.workspace.data.download(part.key, path, version_id=part.version_id or None)
    read = (file_record(path, part.key),)
    store = _store(run)
    records = store.records()
    content = _content(run, path)
    if any(record.id == upload.id and record.content == content for record in records):
        run.workspace.decided("attributes are stored already")
        return read
    others = [record for record in records if record.id != upload.id]
    file = _parse(run, path, name=upload.name, others=others)
    table = _without_erased(
        run,
        file_table(file, key_of=customer_keys(run.workspace.secret, tenant=run.workspace.tenant)),
    )
    record = _record(run, upload, file, content=content, customers=len(table))
    _joined(run, [*((other, _read(run, store, other)) for other in others), (record, table)])
    written = run.workspace.folder / "attributes" / "stored.parquet"
    pq.write_table(table, written, compression="zstd", store_schema=False)
    store.write(record, written)
    columns = len(table.column_names) - 2  # but for the key and the day
    run.workspace.decided("attributes stored", customers=len(table), columns=columns)
    run.lap("attributes_s", began=began)
    return read


def write_attributes(
    run: PrepareRun, *, period: Period, looks_before: LooksBefore
) -> CountedAttributes:
    """Write the attributes of the tenant's customers until the period's as_of, from all its files.

    The columns are customer_key, observed_at, churn_label and the attributes, and where customers
    looked at the shop, ``CLICKS``. A customer has one row for each day that a file describes.
    Without a file there are no rows.
    """
    as_of = period.as_of
    began = time.perf_counter()
    store = _store(run)
    records = [_dated(store, each, as_of) for each in store.records()]
    rows = _joined(run, [(each, _read(run, store, each)) for each in records])
    counted = _with_clicks(until(rows, as_of), period=period, looks_before=looks_before)
    path = run.workspace.folder / "attributes.parquet"
    pq.write_table(counted, path, compression="zstd", store_schema=False)
    key = run.workspace.key(_PART)
    run.workspace.data.upload(path, key)
    later = len(rows) - len(counted)
    run.lap("attributes_s", began=began)
    return CountedAttributes(
        record=Attributes(
            uploads=tuple(
                AttributeUpload(name=each.name, customers=each.customers, notes=each.notes)
                for each in records
            ),
            rows=len(counted),
        ),
        file=file_record(path, key),
        warnings=(f"{later} rows of attributes describe a day after as_of and wait for it",)
        if later
        else (),
    )


def _with_clicks(rows: pa.Table, *, period: Period, looks_before: LooksBefore) -> pa.Table:
    """Return attributes with what each customer had looked at before the day of each row."""
    if not len(rows):
        return rows
    ago = pc.days_between(rows.column(OBSERVED), pa.scalar(period.as_of, pa.date32()))
    asked = pa.table({KEY: rows.column(KEY), "days_ago": ago.cast(pa.int32())})
    seen = looks_before(asked, period=period)
    if seen.column(LAST_VIEW).null_count == len(seen):
        return rows
    for name, column in zip(CLICKS, SEEN_BEFORE, strict=True):
        values = seen.column(column)
        rows = rows.append_column(name, values if column == LAST_VIEW else values.fill_null(0))
    return rows


def _without_erased(run: PrepareRun, table: pa.Table) -> pa.Table:
    """Return attributes without those of people who were erased."""
    erased = run.workspace.erased
    if not erased:
        return table
    is_erased = erased.test()
    kept = table.filter(pa.array([not is_erased(key) for key in table.column(KEY).to_pylist()]))
    if len(kept) < len(table):
        run.workspace.decided("erased customers are ignored", rows=len(table) - len(kept))
    return kept


def _store(run: PrepareRun) -> AttributeStore:
    return AttributeStore(run.workspace.data, tenant=run.workspace.tenant)


def _record(
    run: PrepareRun, upload: Upload, file: AttributeFile, *, content: str, customers: int
) -> AttributeRecord:
    return AttributeRecord(
        id=upload.id,
        name=upload.name,
        content=content,
        since=run.ticket.began,
        as_of=None,
        customers=customers,
        headers=file.headers,
        label_header=file.label_header,
        notes=file.notes,
    )


def _joined(run: PrepareRun, tables: _Tables) -> pa.Table:
    settings = run.settings
    return joined(list(tables), label=settings.churn_label, ignore=settings.churn_ignore)


def _parse(
    run: PrepareRun, path: Path, *, name: str, others: Sequence[AttributeRecord]
) -> AttributeFile:
    settings = run.settings
    return parse_attributes(
        path.read_bytes(),
        name=name,
        label=settings.churn_label,
        ignore=settings.churn_ignore,
        elsewhere=[header for record in others for header in record.headers],
        customer_id=settings.columns.get("customer_id", ""),
        doubtful_ids=settings.doubtful_ids,
        decimal=settings.decimal,
        time_zone=settings.time_zone,
    )


def _content(run: PrepareRun, path: Path) -> str:
    return content_digest(
        {"sha256": sha256_of(path)},
        settings=run.settings,
        read_by=ATTRIBUTE_SETTINGS,
        secret=run.workspace.secret,
    )


def _dated(store: AttributeStore, record: AttributeRecord, as_of: dt.date) -> AttributeRecord:
    """Return a record that knows which day its rows describe: the first run's that counts them."""
    if record.as_of is not None:
        return record
    dated = dataclasses.replace(record, as_of=as_of.isoformat())
    store.update(dated)
    return dated


def _read(run: PrepareRun, store: AttributeStore, record: AttributeRecord) -> pa.Table:
    folder = run.workspace.folder / "attributes"
    return pq.read_table(store.download(record, folder), partitioning=None)
