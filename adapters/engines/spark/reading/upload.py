"""An upload cut into slices, and its rows as executors read them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.spark.reading import parts as spark_parts
from adapters.engines.spark.reading.judge import ROW_SCHEMA, JudgeRows, ReadAndJudge
from adapters.engines.spark.reading.order_rows import ReadOrders
from adapters.engines.spark.reading.parts import Slice, SparkPart, survey, whole
from adapters.engines.spark.reading.rows import CELL_SCHEMA, ReadSlices
from adapters.engines.spark.session import guarded
from tessera.sources import writing

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


@dataclasses.dataclass(frozen=True)
class CutUpload:
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

    def without_cuts(self, spilled: set[int]) -> CutUpload:
        """Return the upload with some parts as one slice each."""
        kept = [one for one in self.slices if one.part not in spilled]
        again = {one.part: one.encoding for one in self.slices if one.part in spilled}
        wholes = [whole(part, encoding=encoding) for part, encoding in again.items()]
        return dataclasses.replace(self, slices=[*kept, *wholes])


def survey_upload(
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
    """Travels to the executors. There it surveys the parts that it is given."""

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
                    objects=Objects.shared(self.bucket),
                    slice_bytes=self.slice_bytes,
                )
                slices = surveyed.slices or [
                    Slice(part=number, start=0, end=0, line=0, encoding="")
                ]
                rows = [{**dataclasses.asdict(s), "sha256": surveyed.sha256} for s in slices]
                yield pa.RecordBatch.from_pylist(rows, schema=schema)


def _sql(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in schema)
