"""An upload read and checked on Spark, by the product's own functions: no row is read otherwise.

Two passes over its bytes: one hashes them and finds where to cut, one reads rows. Only an upload
whose first rows leave its decimal mark or its currency open is read once more to find out.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession, functions
from pyspark.sql.functions import count_if, expr

from adapters.aws.objects import Objects
from adapters.engines.spark import parts as spark_parts
from adapters.engines.spark.differences import differences_of
from adapters.engines.spark.judge import ROW_SCHEMA, JudgeRows, ReadAndJudge, ReadCurrencies
from adapters.engines.spark.order_rows import ReadOrders, number_cells
from adapters.engines.spark.parts import Slice, SparkPart, open_part, survey, whole
from adapters.engines.spark.persons import (
    anonymous_of,
    crowded_ids,
    doubts_of,
    linked,
    lost_zeros,
    people_of,
)
from adapters.engines.spark.rows import CELL_SCHEMA, SPILLED, ReadSlices
from adapters.engines.spark.session import guarded
from tessera.events.counts import People, Tally
from tessera.events.currency_names import sign_of, usual
from tessera.events.money_notes import money_notes
from tessera.events.names import ENDS_A_SUBSCRIPTION, SUBSCRIPTIONS, UNCOUNTED, code_of_uncounted
from tessera.events.persons.reading import IdRules
from tessera.events.reasons import ANONYMOUS, BY_CODE, CONTRARY_DATE, OTHER_CURRENCY
from tessera.events.rejects import Reject, faulty_header
from tessera.records.runs.prepare import Anonymous, Source
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings
from tessera.sources import writing
from tessera.sources.amounts import Mark
from tessera.sources.dates.order import DAY_AND_MONTH, Dates
from tessera.sources.differences import Differences, is_compared
from tessera.sources.orders.money import included_by
from tessera.sources.recognition import one_mapping, source_of
from tessera.sources.rows import Currency, Reading
from tessera.sources.writing import MOST_NUMBERS, NUMBERS

_EVENT = "event"  # any of the events, where rows are counted
_SLICES = pa.schema(
    [
        ("part", pa.int32()), ("start", pa.int64()), ("end", pa.int64()), ("line", pa.int64()),
        ("encoding", pa.string()),
    ]
)  # fmt: skip
_SLICES_SQL = "part int, start bigint, end bigint, line bigint, encoding string"
_SQL_TYPES = {
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.list_(pa.string()): "array<string>",
    pa.timestamp("us", "UTC"): "timestamp",
    pa.decimal128(18, 4): "decimal(18,4)",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkIngested:
    """What an upload holds.

    Parameters
    ----------
    read, rejected, not_events
        Rows; the last two by code.
    currency, mark
        The tenant's currency, empty when nobody says, and the upload's decimal mark.
    source
        As what it was read.
    people
        Whose its rows are.
    sha256
        Of each part.
    events, identities
        Its events, and who their customers are. Kept on the executors' disks: ``close`` them.
    """

    read: int
    rejected: dict[str, int]
    not_events: dict[str, int]
    currency: str
    mark: Mark
    source: Source
    people: People
    sha256: list[str]
    events: DataFrame
    identities: DataFrame
    _parts: Sequence[SparkPart]
    _rows: DataFrame

    @property
    def tally(self) -> Tally:
        """Its rows, counted."""
        return Tally(read=self.read, rejected=self.rejected, not_events=self.not_events)

    def rejects(self) -> Iterator[Reject]:
        """Yield the refused rows, by file and line."""
        refused = self._rows.where("code IS NOT NULL").select("part", "line", "code", "raw")
        for row in refused.orderBy("part", "line", "code", "raw").toLocalIterator():
            part, code = self._parts[row["part"]], row["code"]
            header = faulty_header(code, header=part.header, columns=part.columns)
            yield Reject(part.key, row["line"], header, code, BY_CODE[code].meaning, row["raw"])

    def close(self) -> None:
        """Forget the rows."""
        self._rows.unpersist()
        self.identities.unpersist()


def ingest(
    session: SparkSession,
    objects: Objects,
    uploaded: Sequence[Part],
    *,
    sizes: Sequence[int],
    settings: RunSettings,
    currency: str,
    tenant: str,
    secret: bytes,
    uploaded_at: dt.datetime | None = None,
) -> SparkIngested:
    """Read an upload's parts.

    Parameters
    ----------
    uploaded, sizes
        Its parts as the ticket names them, in order, and their bytes.
    currency
        The currency of the tenant's history; empty when there is none.
    tenant, secret
        Make the customers' keys.
    uploaded_at
        When the upload came: later dates are faults. None takes them.

    Raises
    ------
    InvalidInput
        A file is not in the contract, or its amounts or dates could be read two ways.
    """
    pairs = zip(uploaded, sizes, strict=True)
    parts = [open_part(objects, each, size=size, settings=settings) for each, size in pairs]
    mapping = one_mapping((part.key, part.mapping) for part in parts)
    hashes, slices = _survey(session, objects, parts)
    read = ReadSlices(bucket=objects.bucket, parts=[part.bare for part in parts], mapping=mapping)
    upload = _Upload(session, parts, read, slices)
    mark = _mark(upload, settings, currency)
    if mapping.export is not None:
        bare = [part.bare for part in parts]
        orders = ReadOrders(parts=bare, mapping=mapping, mark=mark, included=included_by(settings))
        upload = dataclasses.replace(upload, orders=orders)
    reading = Reading(
        mark=mark,
        time_zone=mapping.time_zone or settings.time_zone,
        mapping=mapping,
        dates=_dates(upload, settings, uploaded_at=uploaded_at),
        ids=IdRules(doubtful_ids=settings.doubtful_ids),
    )
    own = settings.currency or currency or _usual_currency(upload, reading)
    judge = JudgeRows(
        reading=reading,
        currency=Currency(code=own, rates=settings.currency_rates),
        tenant=tenant,
        secret=secret,
    )
    upload_rows = _people(upload, judge)
    if not own and upload_rows.counts[OTHER_CURRENCY.code, ""]:
        # A sign far from the first rows: only now is it known that the upload has a currency.
        own = _counted_currency(upload, reading)
        judge = dataclasses.replace(
            judge, currency=Currency(code=own, rates=settings.currency_rates)
        )
        _forget(upload_rows)
        upload_rows = _people(upload, judge)
    rows, counts = upload_rows.rows, upload_rows.counts
    _check_order(upload, counts, dates=reading.dates)
    events = _events(rows)
    if upload_rows.subscriptions:
        kept = f"CASE WHEN {ENDS_A_SUBSCRIPTION} THEN 0 ELSE amount END"
        events = events.withColumn("amount", expr(f"CAST({kept} AS DECIMAL(18, 4))"))
    notes = _differences(upload, mark).notes
    money = money_notes(currency=own, one_assumed=upload_rows.one_assumed)
    return SparkIngested(
        read=counts.total(),
        rejected={code: n for (code, _), n in sorted(counts.items()) if code},
        not_events={
            event if event == ANONYMOUS.code else code_of_uncounted(event): n
            for (code, event), n in sorted(counts.items())
            if not code and event != _EVENT
        },
        currency=own,
        mark=reading.mark,
        source=source_of(mapping, settings=settings, notes=(*notes, *money)),
        people=_whose(upload_rows),
        sha256=hashes,
        events=events.drop("part", "line", "code", "raw"),
        identities=upload_rows.people,
        _parts=parts,
        _rows=rows,
    )


# ---- passes over the upload ----------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Upload:
    """An upload, cut."""

    session: SparkSession
    parts: Sequence[SparkPart]
    read: ReadSlices
    slices: list[Slice]
    orders: ReadOrders | None = None

    @property
    def name(self) -> str:
        """The upload's name for messages."""
        return writing.name_of([part.key for part in self.parts])

    def tasks(self) -> DataFrame:
        """Return the slices, one a task."""
        rows = [dataclasses.astuple(one) for one in self.slices]
        tasks = self.session.sparkContext.parallelize(rows, max(1, len(rows)))
        return self.session.createDataFrame(tasks, _SLICES_SQL)

    def raw_cells(self) -> DataFrame:
        """Return the rows as they are read from the file."""
        return self.tasks().mapInArrow(self.read, _sql(self.read.schema))

    def cells(self) -> DataFrame:
        """Return the rows as texts."""
        rows = self.raw_cells()
        return self.orders.of(rows, _sql(CELL_SCHEMA)) if self.orders else rows

    def judged(self, judge: JudgeRows) -> DataFrame:
        """Return what the rows say."""
        if self.orders:
            return self.cells().mapInArrow(judge, _sql(ROW_SCHEMA))
        return self.tasks().mapInArrow(ReadAndJudge(self.read, judge), _sql(ROW_SCHEMA))

    def without_cuts(self, spilled: set[int]) -> _Upload:
        """Return the upload with some parts as one slice each."""
        kept = [one for one in self.slices if one.part not in spilled]
        again = {one.part: one.encoding for one in self.slices if one.part in spilled}
        wholes = [whole(part, encoding=encoding) for part, encoding in again.items()]
        return dataclasses.replace(self, slices=[*kept, *wholes])


@dataclasses.dataclass(frozen=True)
class _Judged:
    """What rows say, kept on disk, and how many say so, by code and event.

    ``people`` has who their customers are.
    """

    rows: DataFrame
    counts: collections.Counter[tuple[str, str]]
    zeros: int
    stood_in: int
    doubted: int
    subscriptions: bool
    one_assumed: int
    people: DataFrame


def _people(upload: _Upload, judge: JudgeRows) -> _Judged:
    """Judge an upload, again where the file as a whole shows more of its ids."""
    judged = _judged(upload, judge)
    zeros = lost_zeros(judged.rows) if judged.zeros else {}
    if zeros:
        judge = _with_rules(judge, dataclasses.replace(judge.reading.ids, zeros=zeros))
        _forget(judged)
        judged = _judged(upload, judge)
    crowds = crowded_ids(judged.people)
    if crowds:
        judge = _with_rules(judge, dataclasses.replace(judge.reading.ids, crowds=crowds))
        _forget(judged)
        judged = _judged(upload, judge)
    return judged


def _with_rules(judge: JudgeRows, ids: IdRules) -> JudgeRows:
    return dataclasses.replace(judge, reading=dataclasses.replace(judge.reading, ids=ids))


def _forget(judged: _Judged) -> None:
    judged.rows.unpersist()
    judged.people.unpersist()


def _judged(upload: _Upload, judge: JudgeRows) -> _Judged:
    rows = upload.judged(judge).persist(StorageLevel.DISK_ONLY)
    counted = (
        rows.groupBy("part", "code", "event")
        .agg(
            count_if(expr("true")).alias("count"),
            count_if(expr("customer_id IS NULL")).alias("anonymous"),
            count_if(expr("customer_id LIKE '0%'")).alias("zeros"),
            count_if(expr("stand_in IS NOT NULL")).alias("stood_in"),
            count_if(expr("doubt <> ''")).alias("doubted"),
            count_if(expr("one_assumed AND code IS NULL")).alias("one_assumed"),
        )
        .collect()
    )
    spilled = {row["part"] for row in counted if row["code"] == SPILLED}
    if spilled:  # quotes without order: such a file has no known places to cut
        rows.unpersist()
        return _judged(upload.without_cuts(spilled), judge)
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for row in counted:
        if row["code"] or row["event"] in UNCOUNTED:
            counts[row["code"] or "", "" if row["code"] else row["event"]] += row["count"]
        else:
            counts["", _EVENT] += row["count"] - row["anonymous"]
            counts["", ANONYMOUS.code] += row["anonymous"]
    stood_in = sum(row["stood_in"] for row in counted)
    if stood_in:
        ids = judge.reading.ids
        again = linked(rows, rules=ids, tenant=judge.tenant, secret=judge.secret)
        stood_in = again.where("customer_id = stand_in").count()
        rows.unpersist()
        rows = again
    columns = {name for part in upload.parts for name in part.columns}
    return _Judged(
        rows=rows,
        counts=+counts,
        zeros=sum(row["zeros"] for row in counted),
        stood_in=stood_in,
        doubted=sum(row["doubted"] for row in counted),
        subscriptions=any(row["event"] in SUBSCRIPTIONS for row in counted if not row["code"]),
        one_assumed=sum(
            row["one_assumed"] for row in counted if "quantity" in upload.parts[row["part"]].columns
        ),
        people=people_of(_events(rows), columns=columns).persist(StorageLevel.DISK_ONLY),
    )


def _events(rows: DataFrame) -> DataFrame:
    return rows.where(f"code IS NULL AND event NOT IN {UNCOUNTED} AND customer_id IS NOT NULL")


def _whose(judged: _Judged) -> People:
    """Return whose the rows are."""
    some = bool(judged.counts["", ANONYMOUS.code])
    return People(
        anonymous=anonymous_of(judged.rows) if some else Anonymous(monetary="0.0000"),
        stood_in=judged.stood_in,
        doubts=doubts_of(judged.rows) if judged.doubted else {},
    )


def _mark(upload: _Upload, settings: RunSettings, currency: str) -> Mark:
    return writing.mark_of(
        {cell for part in upload.parts for name in NUMBERS for cell in part.sample.get(name, ())},
        every=functools.partial(_marked_numbers, upload),
        named=(cell for part in upload.parts for cell in part.sample.get("currency", ())),
        settings=settings,
        currency=currency,
        name=upload.name,
    )


def _marked_numbers(upload: _Upload) -> Iterator[str]:
    """Yield the distinct numbers with a point or a comma."""
    for cells in _numbers(upload):
        marked = cells.where("contains(number, '.') OR contains(number, ',')")
        distinct = marked.distinct().limit(MOST_NUMBERS)
        yield from (str(row[0]) for row in distinct.collect())


def _dates(upload: _Upload, settings: RunSettings, *, uploaded_at: dt.datetime | None) -> Dates:
    return writing.dates_of(
        {cell for part in upload.parts for cell in part.sample.get("date", ())},
        every=functools.partial(_days_and_months, upload),
        settings=settings,
        mapping=upload.read.mapping,
        uploaded_at=uploaded_at,
        name=upload.name,
    )


def _check_order(
    upload: _Upload, counts: collections.Counter[tuple[str, str]], *, dates: Dates
) -> None:
    writing.check_order(
        dates,
        contrary=lambda: counts[CONTRARY_DATE.code, ""],
        every=functools.partial(_days_and_months, upload),
        name=upload.name,
    )


def _days_and_months(upload: _Upload) -> list[tuple[str, int]]:
    """Return, for each day and month of numbers, a date and how many rows have them."""
    pair = functions.regexp_extract("date", DAY_AND_MONTH, 0).alias("pair")
    counted = upload.cells().groupBy(pair).agg(functions.min("date"), functions.count("date"))
    return [(row[1], row[2]) for row in counted.where("pair <> ''").collect()]


def _numbers(upload: _Upload) -> list[DataFrame]:
    """Return the upload's cells with numbers, as the column number."""
    cells = upload.raw_cells()
    if upload.read.mapping.export is not None:
        return list(number_cells(cells, upload.parts).values())
    named = [name for name in NUMBERS if any(name in part.columns for part in upload.parts)]
    return [cells.selectExpr(f"{name} AS number") for name in named]


def _differences(upload: _Upload, mark: Mark) -> Differences:
    if not any(is_compared(part.columns) for part in upload.parts):
        return Differences()
    return differences_of(upload.cells(), mark=mark)


def _usual_currency(upload: _Upload, reading: Reading) -> str:
    """Return the upload's most frequent currency, by its column and the signs beside amounts."""
    if not _names_currency(upload):
        return ""
    return _counted_currency(upload, reading)


def _counted_currency(upload: _Upload, reading: Reading) -> str:
    names = (
        upload.cells().where("code IS NULL").mapInArrow(ReadCurrencies(reading), "currency string")
    )
    counted = names.groupBy("currency").count().collect()
    return usual({row["currency"]: row["count"] for row in counted})


def _names_currency(upload: _Upload) -> bool:
    """Return whether the upload has a column of currencies, or signs in its first rows."""
    if "currency" in upload.read.mapping.constants:
        return True
    return any(
        "currency" in part.columns
        or any(sign_of(cell) for name in NUMBERS for cell in part.sample.get(name, ()))
        for part in upload.parts
    )


def _survey(
    session: SparkSession, objects: Objects, parts: Sequence[SparkPart]
) -> tuple[list[str], list[Slice]]:
    """Return the parts' hashes and slices."""
    numbers = session.sparkContext.parallelize([(n,) for n in range(len(parts))], len(parts))
    surveyor = _SurveyParts(objects.bucket, [part.bare for part in parts], spark_parts.SLICE_BYTES)
    schema = f"{_SLICES_SQL}, sha256 string"
    frame = session.createDataFrame(numbers, "part int").mapInArrow(surveyor, schema)
    rows = sorted(frame.collect(), key=lambda row: (row["part"], row["start"]))
    hashes = {row["part"]: row["sha256"] for row in rows}
    # A Parquet file without rows has no slice, and its hash comes alone.
    slices = [Slice(**{f.name: row[f.name] for f in _SLICES}) for row in rows if row["line"]]
    return [hashes[number] for number in range(len(parts))], slices


@dataclasses.dataclass(frozen=True)
class _SurveyParts:
    """Travels to the executors; there it surveys the parts that it is given."""

    bucket: str
    parts: Sequence[SparkPart]
    slice_bytes: int

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the slices of each part, with its hash."""
        schema = pa.schema([*_SLICES, ("sha256", pa.string())])
        for batch in batches:
            for number in batch.column(0).to_pylist():
                surveyed = survey(
                    self.parts[number],
                    number,
                    objects=Objects(self.bucket),
                    slice_bytes=self.slice_bytes,
                )
                slices = surveyed.slices or [
                    Slice(part=number, start=0, end=0, line=0, encoding="")
                ]
                rows = [{**dataclasses.asdict(s), "sha256": surveyed.sha256} for s in slices]
                yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _sql(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in schema)
