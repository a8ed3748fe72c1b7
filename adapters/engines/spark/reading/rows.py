"""Slices of an upload, read by executors into rows of texts."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from adapters.aws.objects import Objects
from adapters.engines.spark.reading.parquet import raw_row, read_group, texts
from adapters.engines.spark.reading.parts import Slice, SparkPart
from adapters.engines.spark.session import guarded
from adapters.engines.text_files import plain_utf_8
from adapters.engines.text_lines import Lines
from adapters.engines.text_records import ParsedRecords, Shape, read_records
from adapters.engines.workbooks import write_sheet
from tessera.events.names import PURCHASED
from tessera.events.products import PRODUCT
from tessera.sources.dates.order import with_time
from tessera.sources.mappings import HeaderMapping
from tessera.sources.orders.layout import OrderLayout
from tessera.sources.rows import FACTS, Cell
from tessera.sources.skipped_rows import skipped_row
from tessera.sources.sniff import UTF_8, WINDOWS_1252, Sniffed, is_windows_1252
from tessera.sources.workbooks import is_workbook

KEPT = (
    "order_id", "event_id", "username", "channel_type", "address", "city", "state", "country",
    "other_id", "email", "phone",
)  # fmt: skip
CELLS = tuple(dict.fromkeys((*FACTS, *KEPT, *PRODUCT)))
SPILLED = "spilled"  # the code of a slice that ended inside a record, and so was none
PLACE = (("part", pa.int32()), ("line", pa.int64()), ("code", pa.string()), ("raw", pa.string()))
CELL_SCHEMA = pa.schema([*PLACE, *((name, pa.string()) for name in CELLS)])
ORDER_SCHEMA = pa.schema(  # of an export, whose orders are not read yet
    [*PLACE, ("order_key", pa.string()), ("cells", pa.list_(pa.string()))]
)
Bad = tuple[int, int, str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TextRows:
    """Rows as texts, each with its part and line, and records that are no rows.

    ``bad`` has each one's part, line, code and text.
    """

    parts: Sequence[int]
    lines: Sequence[int]
    raws: Sequence[Cell]
    cells: Mapping[str, Sequence[Any]]
    bad: Sequence[Bad] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadSlices:
    """Travels to the executors. There it reads the slices that it is given.

    Parameters
    ----------
    bucket, parts
        Where the upload lies.
    mapping
        What its columns mean.
    """

    bucket: str
    parts: Sequence[SparkPart]
    mapping: HeaderMapping

    @property
    def schema(self) -> pa.Schema:
        """The schema of the rows: that of exports holds cells that make sense together only."""
        return CELL_SCHEMA if self.mapping.export is None else ORDER_SCHEMA

    @guarded
    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield rows in ``schema``."""
        for slice_texts in self.texts(batches):
            places = {"part": slice_texts.parts, "line": slice_texts.lines, "raw": slice_texts.raws}
            yield record_batch(
                self.schema, {**places, **slice_texts.cells}, count=len(slice_texts.lines)
            )
            yield bad_batch(self.schema, slice_texts.bad)

    def texts(self, batches: Iterable[pa.RecordBatch]) -> Iterator[TextRows]:
        """Yield rows as Python has them."""
        for batch in batches:
            for row in batch.to_pylist():
                one = Slice(**row)
                yield from self._slice(one, self.parts[one.part])

    def _slice(self, one: Slice, part: SparkPart) -> Iterator[TextRows]:
        objects = Objects.shared(self.bucket)
        with contextlib.ExitStack() as stack:
            if part.sniffed is None:
                yield from self._parquet(one, part, objects)
                return
            if part.is_cut:
                stream = cast("BinaryIO", stack.enter_context(part.open(objects)))
                stream.seek(one.start)
                encoding = one.encoding
            else:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                plain, encoding = _plain(part, part.sniffed, objects, folder)
                stream = stack.enter_context(plain.open("rb"))
            yield from self._text(one, part, part.sniffed, stream, encoding)

    def _text(
        self, one: Slice, part: SparkPart, sniffed: Sniffed, stream: BinaryIO, encoding: str
    ) -> Iterator[TextRows]:
        lines = Lines(stream, position=one.start, number=one.line, encoding=encoding)
        batches = read_records(
            lines,
            Shape.of(part.header, part.columns),
            delimiter=sniffed.delimiter,
            skip=0 if one.start else sniffed.preamble + 1,
            end=one.end or None,
        )
        for records in batches:
            yield self._texts(one.part, part, records)
        if one.end and lines.position != one.end:
            yield _no_slice(one.part)

    def _texts(self, number: int, part: SparkPart, records: ParsedRecords) -> TextRows:
        count = len(records.rows)

        def cells(place: int) -> Sequence[Cell]:
            return [row[place] or None for row in records.rows]

        return TextRows(
            parts=[number] * count,
            lines=[line for line, _, _ in records.places],
            raws=records.raws,
            cells=self._ours(part, count, cells),
            bad=[(number, *bad) for bad in records.bad],
        )

    def _parquet(self, one: Slice, part: SparkPart, objects: Objects) -> Iterator[TextRows]:
        line = one.line
        with part.open(objects) as file:
            for batch in read_group(file, one.start):
                yield TextRows(
                    parts=[one.part] * len(batch),
                    lines=range(line, line + len(batch)),
                    raws=_RawRows(batch),
                    cells=self._ours(part, len(batch), functools.partial(_cells, batch)),
                )
                line += len(batch)

    def _ours(
        self, part: SparkPart, count: int, cells: Callable[[int], Sequence[Cell]]
    ) -> dict[str, Sequence[Any]]:
        """Return our columns. One that the file lacks has what the mapping says."""
        if part.layout is not None:
            return _order_cells(part.layout, cells)
        constants = {**self.mapping.constants, "event_name": PURCHASED}
        ours = {
            name: cells(part.columns[name])
            if name in part.columns
            else [constants.get(name)] * count
            for name in CELLS
        }
        if "time" in part.columns:
            times = cells(part.columns["time"])
            ours["date"] = [with_time(*both) for both in zip(ours["date"], times, strict=True)]
        return _without_skipped(ours, part, cells)


def _without_skipped(
    ours: dict[str, Sequence[Cell]], part: SparkPart, cells: Callable[[int], Sequence[Cell]]
) -> dict[str, Sequence[Cell]]:
    """Return our columns, in which rows that are nobody's event name the reason as their event."""
    names = [part.header[part.columns[name]] for name in ("customer_id", "date")]
    both = zip(ours["customer_id"], ours["date"], strict=True)
    suspects = [
        row
        for row, (customer, date) in enumerate(both)
        if not customer or not date or date.strip(" ") == names[1]
    ]
    if not suspects:
        return ours
    columns = [cells(place) for place in range(len(part.header))]
    events = list(ours["event_name"])
    for row in suspects:
        reason = skipped_row(
            [column[row] for column in columns],
            customer_id=ours["customer_id"][row],
            date=ours["date"][row],
            header=names,
        )
        events[row] = reason or events[row]
    return {**ours, "event_name": events}


def _order_cells(
    layout: OrderLayout, cells: Callable[[int], Sequence[Cell]]
) -> dict[str, Sequence[Any]]:
    """Return the columns of ``ORDER_SCHEMA``."""
    rows = list(zip(*map(cells, layout.taken), strict=True))
    return {"order_key": list(map(layout.key, rows)), "cells": [list(row) for row in rows]}


def _cells(batch: pa.RecordBatch, place: int) -> Sequence[Cell]:
    return texts(batch.column(place))


class _RawRows(Sequence[Cell]):
    """The texts of a batch's rows, made when asked for: nearly all never are."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch

    def __len__(self) -> int:
        return len(self._batch)

    def __getitem__(self, place: int) -> str:  # type: ignore[override]
        return raw_row(self._batch, place)


def _plain(part: SparkPart, sniffed: Sniffed, objects: Objects, folder: Path) -> tuple[Path, str]:
    """Return a part as a plain file beside this process, and its encoding."""
    path = objects.download(
        part.key, folder / Path(part.key).name, version_id=part.version_id or None
    )
    if is_workbook(part.key):
        path = write_sheet(path, sheet=part.sheet, folder=folder, name=part.key)
    plain = plain_utf_8(path, sniffed=sniffed, folder=folder, name=part.key)
    if sniffed.plain_ascii:
        with plain.open("rb") as lines:
            if is_windows_1252(lines):
                return plain, WINDOWS_1252
    return plain, UTF_8


def _no_slice(part: int) -> TextRows:
    none: dict[str, Sequence[Cell]] = {name: [] for name in CELLS}
    return TextRows(parts=[], lines=[], raws=[], cells=none, bad=[(part, 0, SPILLED, "")])


def record_batch(
    schema: pa.Schema, columns: Mapping[str, Sequence[object]], *, count: int
) -> pa.RecordBatch:
    """Return rows in a schema. Columns that are not given are empty."""
    none = [None] * count
    arrays = [pa.array(list(columns.get(field.name, none)), field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def bad_batch(schema: pa.Schema, bad: Sequence[Bad]) -> pa.RecordBatch:
    """Return records that are no rows in a schema."""
    columns = dict(zip(("part", "line", "code", "raw"), zip(*bad, strict=True), strict=False))
    return record_batch(schema, columns, count=len(bad))
