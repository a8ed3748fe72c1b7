"""Prepare on Spark, for uploads that one machine would take too long for."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from adapters.engines.prepare import (
    ALL,
    EarlierRun,
    Summarised,
    Workspace,
    check_customers,
    check_index,
)
from adapters.engines.spark import history
from adapters.engines.spark.reading.ingest import SparkIngested, ingest
from adapters.engines.spark.session import guarded
from adapters.engines.spark.summaries import read_looks_before, write_previous, write_summary
from adapters.engines.spark.tables import read_tables, sql_schema, write_tables
from adapters.stores.events import UploadRecord
from adapters.tables.search_index import SEARCHED, index_rows
from tessera import naming
from tessera.contracts.tables import (
    BEHAVIOUR_DAYS,
    CUSTOMER_PRODUCTS,
    CUSTOMERS,
    EVENTS,
    FEATURES,
    IDENTITIES,
    ORDER_IDS,
    SEARCH_INDEX,
    SUBSCRIPTIONS,
    VOIDED_ORDERS,
)
from tessera.customers.orders.order_lines import voided_orders
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import Period
from tessera.events.counts import Kept, Span, Stored
from tessera.events.identities import with_keys
from tessera.events.products import HAS_CATEGORY, HAS_PRODUCT
from tessera.events.pseudonym import ID_KINDS
from tessera.records.file import File
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings

_DIGITS = 5  # of a stored part's number, as every engine writes it


@contextlib.contextmanager
def spark_engine(workspace: Workspace, session: SparkSession) -> Iterator[SparkPrepare]:
    """Return an engine of this session, and free the executors' disks at the end."""
    engine = SparkPrepare(session, workspace)
    try:
        yield engine
    finally:
        engine.close()


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkRows:
    """An upload on the executors' disks, and its parts as they were read.

    ``voided`` has the orders that it voids, once its events are known, where there are any.
    """

    ingested: SparkIngested
    files: tuple[File, ...]
    voided: list[DataFrame] = dataclasses.field(default_factory=list)

    def events(self) -> Stored:
        """Return what its events are."""
        events = self.ingested.events
        events.createOrReplaceTempView("accepted_rows")
        span = history.span_of(events.sparkSession, of="accepted_rows")
        row = events.selectExpr(
            "count(event_id)",
            "count(order_id)",
            f"count_if({HAS_PRODUCT})",
            f"count_if({HAS_CATEGORY})",
        ).first()
        assert row is not None  # noqa: S101 (an aggregate has one row)
        voided = self._keep_voided(events) if self.ingested.tally.may_void else 0
        return Stored(
            span=span,
            event_ids=row[0],
            order_ids=row[1],
            voided=voided,
            products=row[2],
            categories=row[3],
        )

    def _keep_voided(self, events: DataFrame) -> int:
        self.ingested.voiding.createOrReplaceTempView("voiding_rows")
        query = voided_orders("voiding_rows", events="accepted_rows")
        frame = events.sparkSession.sql(query).persist(StorageLevel.DISK_ONLY)
        count = int(frame.count())
        if count:
            self.voided.append(frame)
        return count

    def close(self) -> None:
        """Forget the rows."""
        self.ingested.close()
        for frame in self.voided:
            frame.unpersist()


class SparkPrepare:
    """One run's engine. See ``adapters.engines.prepare``."""

    def __init__(self, session: SparkSession, workspace: Workspace) -> None:
        self._session = session
        self._workspace = workspace
        self._rows: SparkRows | None = None

    def read(
        self,
        parts: Sequence[Part],
        *,
        settings: RunSettings,
        currency: str,
        uploaded_at: dt.datetime,
    ) -> SparkRows:
        """Read an upload."""
        workspace = self._workspace
        sizes = [self._size(part) for part in parts]
        ingested = ingest(
            self._session,
            workspace.data,
            parts,
            sizes=sizes,
            settings=settings,
            currency=currency,
            tenant=workspace.tenant,
            secret=workspace.secret,
            uploaded_at=uploaded_at,
            erased=workspace.erased,
        )
        read = zip(parts, sizes, ingested.sha256, strict=True)
        files = (File(key=part.key, bytes=size, sha256=sha256) for part, size, sha256 in read)
        self._rows = SparkRows(ingested=ingested, files=tuple(files))
        return self._rows

    def _size(self, part: Part) -> int:
        head = self._workspace.data.head(part.key, version_id=part.version_id or None)
        return int(head["ContentLength"])

    def store(self, record: UploadRecord) -> None:
        """Write the upload's identities, order ids and events, which do not count yet."""
        if self._rows is None:
            raise AssertionError("no upload was read: there is nothing to store")
        ingested = self._rows.ingested
        self._store_identities(ingested, record)
        self._store_order_ids(ingested.events, record)
        self._store_events(self._rows, record)

    def _store_identities(self, ingested: SparkIngested, record: UploadRecord) -> None:
        frame = _with_keys(ingested).persist(StorageLevel.DISK_ONLY)
        check_customers(with_events=_customers(ingested.events), identified=_customers(frame))
        write_tables(
            frame,
            to=self._workspace.identities,
            prefix=self._workspace.uploads.people.folder(record.id, content=record.content),
            contract=IDENTITIES,
            by=IDENTITIES.key,
            rows=frame.count(),
            digits=_DIGITS,
        )
        frame.unpersist()

    def index(self, people: Sequence[str], *, folder: str) -> int:
        """Write the search index of stored identities."""
        identities = self._workspace.identities
        read = read_tables(self._session, identities, people, IDENTITIES, columns=SEARCHED)
        rows = read.mapInArrow(_Indexing(self._workspace.tenant), sql_schema(SEARCH_INDEX))
        frame = rows.distinct().persist(StorageLevel.DISK_ONLY)
        check_index(identified=_customers(read), indexed=_customers(frame))
        entries = int(frame.count())
        write_tables(
            frame,
            to=identities,
            prefix=folder,
            contract=SEARCH_INDEX,
            by=SEARCH_INDEX.key,
            rows=entries,
            digits=_DIGITS,
        )
        frame.unpersist()
        return entries

    def _store_order_ids(self, events: DataFrame, record: UploadRecord) -> None:
        if not (record.order_ids or record.event_ids):
            return
        kinds = [
            events.selectExpr(f"'{column}' AS kind", f"{column} AS key", f"readable_{column} AS id")
            for column in ID_KINDS
        ]
        rows = kinds[0].union(kinds[1]).where("id IS NOT NULL").distinct()
        frame = rows.persist(StorageLevel.DISK_ONLY)
        write_tables(
            frame,
            to=self._workspace.identities,
            prefix=self._workspace.uploads.order_ids.folder(record.id, content=record.content),
            contract=ORDER_IDS,
            by=("kind", "id"),
            rows=frame.count(),
            digits=_DIGITS,
        )
        frame.unpersist()

    def _store_events(self, read: SparkRows, record: UploadRecord) -> None:
        store = self._workspace.uploads.events
        store.clear(record)
        write_tables(
            read.ingested.events,
            to=self._workspace.data,
            prefix=store.folder(record),
            contract=EVENTS,
            by=EVENTS.names,
            rows=record.events,
            digits=_DIGITS,
        )
        for voided in read.voided:
            write_tables(
                voided,
                to=self._workspace.data,
                prefix=store.voided_folder(record),
                contract=VOIDED_ORDERS,
                by=VOIDED_ORDERS.names,
                rows=record.voided,
                digits=_DIGITS,
            )

    def open_history(self, uploads: Sequence[UploadRecord], *, own: UploadRecord | None) -> Overlap:
        """Make the history. This run's upload is as it was read, since nothing is stored yet."""
        workspace = self._workspace
        rows = self._rows
        return history.open_history(
            self._session,
            workspace.data,
            workspace.uploads.events,
            uploads=uploads,
            own=history.OwnUpload(own.id, rows.ingested.events, rows.voided)
            if own and rows is not None
            else None,
        )

    def span(self, *, where: str = ALL) -> Span:
        """Return how many events of the history fulfil a condition, and from when to when."""
        return history.span_of(self._session, where=where)

    def largest_money(self) -> Decimal:
        """Return the largest sum of one customer's amounts, without their signs."""
        return history.largest_money(self._session)

    def kept(self, *, rank: int, period: Period) -> Kept:
        """Return how many events of the upload at this place are in the history."""
        return history.kept_of(self._session, rank=rank, period=period)

    def summarise(self, period: Period, *, products: bool, categories: bool) -> Summarised:
        """Write the summary's tables."""
        key = self._workspace.key
        return write_summary(
            self._session,
            period=period,
            to=self._workspace.data,
            prefixes={
                CUSTOMERS.name: key(naming.CUSTOMERS),
                FEATURES.name: key(naming.FEATURES),
                BEHAVIOUR_DAYS.name: key(naming.BEHAVIOUR_DAYS),
                SUBSCRIPTIONS.name: key(naming.SUBSCRIPTIONS),
                CUSTOMER_PRODUCTS.name: key(naming.CUSTOMER_PRODUCTS),
            },
            products=products,
            categories=categories,
        )

    def compare(self, earlier: EarlierRun | None, *, as_of: dt.date) -> None:
        """Write PREVIOUS."""
        prefix = self._workspace.key(naming.PREVIOUS)
        write_previous(self._session, earlier, as_of=as_of, to=self._workspace.data, prefix=prefix)

    def looks_before(self, rows: pa.Table, *, period: Period) -> pa.Table:
        """Return what customers had looked at before some days."""
        return read_looks_before(self._session, rows, period=period)

    def close(self) -> None:
        """Free the executors' disks."""
        if self._rows is not None:
            self._rows.close()


@dataclasses.dataclass(frozen=True)
class _Indexing:
    """Travels to the executors. There it makes index rows of identities."""

    tenant: str

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield rows of SEARCH_INDEX."""
        return index_rows(batches, tenant=self.tenant)


def _with_keys(ingested: SparkIngested) -> DataFrame:
    """Return who the customers of an upload are."""
    ingested.events.createOrReplaceTempView("accepted_rows")
    ingested.identities.createOrReplaceTempView("people_rows")
    keys = "(SELECT DISTINCT customer_id, customer_key FROM accepted_rows)"
    return ingested.events.sparkSession.sql(with_keys("people_rows", keys=keys))


def _customers(rows: DataFrame) -> int:
    return int(rows.select("customer_key").distinct().count())
