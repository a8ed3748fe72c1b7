"""Prepare on DuckDB: one machine, files beside the engine."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path, PurePosixPath

import pyarrow as pa

from adapters.engines.duckdb import history, outputs
from adapters.engines.duckdb.own_events import sort_events, write_events
from adapters.engines.duckdb.reading.counting import Ingested
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.ingest import ingest
from adapters.engines.duckdb.reading.staging import forget_staged
from adapters.engines.duckdb.search_index import write_search_index
from adapters.engines.duckdb.session import Connection, confine, connect, only_row, parquet
from adapters.engines.duckdb.summaries import (
    Comparison,
    SummaryFiles,
    read_looks_before,
    write_previous,
    write_summary,
)
from adapters.engines.prepare import ALL, EarlierRun, Summarised, Workspace
from adapters.stores.digests import file_record
from adapters.stores.events import UploadRecord
from tessera import naming
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import Period
from tessera.events.counts import Kept, Span, Stored
from tessera.events.products import HAS_CATEGORY, HAS_PRODUCT
from tessera.events.pseudonym import ID_KINDS, hmac_blocks, id_blocks
from tessera.records.file import File
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings

_PART = "part-0.parquet"
_AT_ONCE = 16  # objects fetched in parallel


@contextlib.contextmanager
def duckdb_engine(workspace: Workspace, *, memory_limit_mb: int) -> Iterator[DuckDBPrepare]:
    """Open an engine that works in the run's folder alone and stays within its memory."""
    with connect(workspace.folder, memory_limit_mb=memory_limit_mb) as connection:
        confine(connection, workspace.folder)
        yield DuckDBPrepare(connection, workspace)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DuckDBRows:
    """An upload in the relation ``accepted_rows``.

    Parameters
    ----------
    ingested
        Its rows.
    files
        Its parts as they were read.
    path, voided_path
        Where its events go, and the orders that it voids.
    ids
        Which of order_id and event_id it has, once its events are written.
    """

    ingested: Ingested
    files: tuple[File, ...]
    path: Path
    voided_path: Path
    _connection: Connection
    _workspace: Workspace
    ids: list[str] = dataclasses.field(default_factory=list)

    def events(self) -> Stored:
        """Write its events into a file, and return what they are. Call it once."""
        secret, tenant = self._workspace.secret, self._workspace.tenant
        outputs.make_keys(self._connection, hmac_blocks(secret, tenant=tenant))
        self.ids.extend(
            column
            for column in ID_KINDS
            if outputs.make_id_keys(
                self._connection, column, id_blocks(secret, tenant=tenant, column=column)
            )
        )
        sort_events(self._connection, ids=self.ids)
        may_void = self.ingested.tally.may_void
        if not may_void:  # who voids orders is read again, once the events are written
            forget_staged(self._connection, len(self.ingested.parts))
        written = write_events(self._connection, self.path, ids=self.ids)
        stored = parquet([written])
        query = (
            f"SELECT count(event_id), count(order_id), count(*) FILTER ({HAS_PRODUCT}), "  # noqa: S608
            f"count(*) FILTER ({HAS_CATEGORY}) FROM {stored}"
        )
        event_ids, order_ids, products, categories = only_row(self._connection, query)
        span = history.span_of(self._connection, of=stored)
        return Stored(
            span=span,
            event_ids=int(event_ids),
            order_ids=int(order_ids),
            products=int(products),
            categories=int(categories),
            voided=self._write_voided() if may_void else 0,
        )

    def _write_voided(self) -> int:
        blocks = id_blocks(self._workspace.secret, tenant=self._workspace.tenant, column="order_id")
        return outputs.write_voided(
            self._connection, self.voided_path, events=self.path, blocks=blocks
        )


class DuckDBPrepare:
    """One run's engine. See ``adapters.engines.prepare``."""

    def __init__(self, connection: Connection, workspace: Workspace) -> None:
        self._connection = connection
        self._workspace = workspace
        self._rows: DuckDBRows | None = None
        self._downloads = 0
        self._files = SummaryFiles.below(workspace.folder)

    def read(
        self,
        parts: Sequence[Part],
        *,
        settings: RunSettings,
        currency: str,
        uploaded_at: dt.datetime,
    ) -> DuckDBRows:
        """Fetch and read an upload."""
        workspace = self._workspace
        local, files = self._fetch(parts)
        self._rows = DuckDBRows(
            ingested=ingest(
                self._connection,
                local,
                settings=settings,
                currency=currency,
                folder=workspace.folder,
                uploaded_at=uploaded_at,
                erased=workspace.erased,
            ),
            files=files,
            path=workspace.folder / "events.parquet",
            voided_path=workspace.folder / "voided.parquet",
            _connection=self._connection,
            _workspace=workspace,
        )
        return self._rows

    def _fetch(self, parts: Sequence[Part]) -> tuple[list[UploadFile], tuple[File, ...]]:
        workspace = self._workspace

        def fetch(index: int, part: Part) -> tuple[UploadFile, File]:
            name = f"{index:05d}-{PurePosixPath(part.key).name}"
            path = workspace.folder / "upload" / name
            workspace.data.download(part.key, path, version_id=part.version_id or None)
            file = file_record(path, part.key)
            workspace.decided("downloaded", part=index + 1, parts=len(parts), bytes=file.bytes)
            return UploadFile(part.key, path), file

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            fetched = list(pool.map(fetch, range(len(parts)), parts))
        return [local for local, _ in fetched], tuple(file for _, file in fetched)

    def store(self, record: UploadRecord) -> None:
        """Write the upload's identities, order ids and events, which do not count yet."""
        rows, uploads = self._own_rows(), self._workspace.uploads
        file = self._workspace.folder / "identities.parquet"
        path = outputs.write_identities(self._connection, file)
        uploads.people.write(record.id, path, content=record.content)
        self._store_order_ids(rows.ids, record)
        voided = rows.voided_path if record.voided else None
        uploads.events.write(record, [rows.path], voided=voided)

    def index(self, people: Sequence[str], *, folder: str) -> int:
        """Write the search index of stored identities, in one file."""
        workspace = self._workspace
        place = workspace.folder / "search"
        files = [
            workspace.identities.download(key, place / f"{number:05d}.parquet")
            for number, key in enumerate(people)
        ]
        path = place / "index.parquet"
        entries = write_search_index(self._connection, files, path, tenant=workspace.tenant)
        workspace.identities.upload(path, f"{folder}part-00000.parquet")
        shutil.rmtree(place)
        return entries

    def _store_order_ids(self, ids: Sequence[str], record: UploadRecord) -> None:
        if ids:
            path = self._workspace.folder / "order_ids.parquet"
            outputs.write_order_ids(self._connection, path, ids=ids)
            self._workspace.uploads.order_ids.write(record.id, path, content=record.content)

    def _own_rows(self) -> DuckDBRows:
        if self._rows is None:
            raise AssertionError("no upload was read: there is nothing to store")
        return self._rows

    def open_history(self, uploads: Sequence[UploadRecord], *, own: UploadRecord | None) -> Overlap:
        """Fetch the events of all other uploads, and make the history."""
        self._downloads += 1  # an attempt before this one may have left half of the files
        folder = self._workspace.folder / "history" / str(self._downloads)
        own_id = own.id if own else None

        def open_upload(each: UploadRecord) -> history.StoredUpload:
            if each.id == own_id:
                return self._own_upload(each)
            return self._stored_upload(each, folder)

        with ThreadPoolExecutor(_AT_ONCE) as pool:  # a source brings hundreds of small uploads
            stored = list(pool.map(open_upload, uploads))
        return history.open_history(self._connection, stored, own=own_id)

    def _own_upload(self, record: UploadRecord) -> history.StoredUpload:
        rows = self._own_rows()
        return history.StoredUpload(
            [rows.path], record, voided=[rows.voided_path] if record.voided else []
        )

    def _stored_upload(self, record: UploadRecord, folder: Path) -> history.StoredUpload:
        events = self._workspace.uploads.events
        return history.StoredUpload(
            events.download(record, folder), record, voided=events.download_voided(record, folder)
        )

    def span(self, *, where: str = ALL) -> Span:
        """Return how many events of the history fulfil a condition, and from when to when."""
        return history.span_of(self._connection, where=where)

    def largest_money(self) -> Decimal:
        """Return the largest sum of one customer's amounts, without their signs."""
        return history.largest_money(self._connection)

    def kept(self, *, rank: int, period: Period) -> Kept:
        """Return how many events of the upload at this place are in the history."""
        return history.kept_of(self._connection, rank=rank, period=period)

    def summarise(self, period: Period, *, products: bool, categories: bool) -> Summarised:
        """Write the summary's tables."""
        files = self._files
        summary = write_summary(
            self._connection,
            period=period,
            files=files,
            products=products,
            categories=categories,
        )
        outputs_ = (
            self._put(files.customers, naming.CUSTOMERS),
            self._put(files.features, naming.FEATURES),
            self._put(files.behaviour_days, naming.BEHAVIOUR_DAYS),
            self._put(files.subscriptions, naming.SUBSCRIPTIONS),
            self._put(files.customer_products, naming.CUSTOMER_PRODUCTS),
        )
        return Summarised(summary=summary, outputs=outputs_)

    def compare(self, earlier: EarlierRun | None, *, as_of: dt.date) -> None:
        """Write PREVIOUS."""
        comparison = None
        if earlier:
            folder = self._workspace.folder / "previous"
            comparison = Comparison(
                previous=earlier.period,
                published=[
                    self._workspace.data.download(key, folder / f"{index:05d}.parquet")
                    for index, key in enumerate(earlier.profiles)
                ],
                as_of=as_of,
                same_period=earlier.same_period,
                customers=self._files.customers,
                known=earlier.known,
            )
        path = self._workspace.folder / "previous.parquet"
        write_previous(self._connection, comparison, path=path)
        self._put(path, naming.PREVIOUS)

    def looks_before(self, rows: pa.Table, *, period: Period) -> pa.Table:
        """Return what customers had looked at before some days."""
        return read_looks_before(self._connection, rows, period=period)

    def _put(self, path: Path, prefix: str) -> File:
        key = self._workspace.key(prefix + _PART)
        self._workspace.data.upload(path, key)
        return file_record(path, key)
