"""A file of an upload as a relation of texts, and where its records stand."""

from __future__ import annotations

import array
import csv
import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from adapters.engines.duckdb.reading.fast_path import FileSource
from adapters.engines.duckdb.reading.files.csv_reader import CODES, read_csv, refused_records
from adapters.engines.duckdb.reading.files.order_rows import write_order_rows
from adapters.engines.duckdb.reading.files.parquet import (
    check_ids,
    open_parquet,
    parquet_cells,
    parquet_rows,
)
from adapters.engines.duckdb.reading.files.places import (
    Places,
    count_records,
    find_records,
    lines_of,
    look_at,
    read_rows,
    true_starts,
)
from adapters.engines.duckdb.reading.files.row_rules import skipped, with_time
from adapters.engines.duckdb.session import Connection
from adapters.engines.text_files import BadRecord, FileRows, plain_utf_8, rewrite
from adapters.engines.text_records import Shape
from adapters.engines.workbooks import write_sheet
from tessera.naming import is_parquet
from tessera.settings import RunSettings
from tessera.sources.first_rows import cells_of, sample_of
from tessera.sources.mappings import HeaderMapping
from tessera.sources.orders.layout import OrderLayout, layout_of
from tessera.sources.orders.rows import OrderReader
from tessera.sources.recognition.decision import recognise
from tessera.sources.sniff import START_BYTES, WINDOWS_1252, Sniffed, is_windows_1252, sniff
from tessera.sources.workbooks import is_workbook
from tessera.sources.writing import NUMBERS


class UploadFile:
    """One file of an upload.

    Parameters
    ----------
    name
        The file's name for people.
    path
        Where it lies.
    """

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self.sniffed: Sniffed | None = None
        self.header: tuple[str, ...] = ()
        self.columns: dict[str, int] = {}
        self.bad: list[BadRecord] = []
        self.sample: dict[str, list[str]] = {}
        self.layout: OrderLayout | None = None
        self._cells: dict[str, str] = {}
        self._start: Sequence[Sequence[str | None]] = ()
        self._relation = self._again = ""
        self.mapping = HeaderMapping()
        self._text = self._plain = path
        self._clean_places: array.array[int] | None = None
        self._bad_starts = np.zeros(0, np.int64)
        self._lines = 0

    # ---- opening ---------------------------------------------------------------------------

    def open(self, connection: Connection, *, settings: RunSettings, folder: Path) -> None:
        """Find out what the file is, and make it readable.

        Raises
        ------
        InvalidInput
            The file is not in the contract. The message says what it is instead.
        """
        if is_parquet(self.path.name):
            self._open_parquet(connection, settings)
            return
        if is_workbook(self.path.name):
            self._text = write_sheet(self.path, sheet=settings.sheet, folder=folder, name=self.name)
        with self._text.open("rb") as file:
            start = file.read(START_BYTES)
        sniffed = sniff(start, name=self.name, settings=settings)
        self._open_text(sniffed, folder)

    def _open_text(self, sniffed: Sniffed, folder: Path) -> None:
        self.sniffed, self.mapping = sniffed, sniffed.mapping
        self._start = sniffed.sample
        self.header, self.columns = sniffed.header, dict(sniffed.columns)
        self._take_columns()
        self._plain = plain_utf_8(self._text, sniffed=sniffed, folder=folder, name=self.name)
        self._read_from(self._plain, sniffed)
        look = look_at(self._plain, cr=self._cr)
        self._lines = look.lines
        if look.plain:
            return
        # The engine looks only at the cells that a query reads: two queries would judge a row
        # with bytes that are no text in two ways.
        if self._is_windows_1252():
            other = dataclasses.replace(sniffed, encoding=WINDOWS_1252, plain_ascii=False)
            self._open_text(other, folder)
        else:
            self.rewrite(folder)

    def _open_parquet(self, connection: Connection, settings: RunSettings) -> None:
        table = open_parquet(connection, self.path, name=self.name)
        self.header, self._start = table.header, table.sample
        self._relation = self._again = table.relation
        read = recognise(self.header, sample=self._start, settings=settings, name=self.name)
        self.mapping, self.columns = read.mapping, dict(read.columns)
        customer_id = self.header[self.columns["customer_id"]]
        check_ids(table.types[customer_id], header=customer_id, name=self.name)
        self._take_columns()

    def _take_columns(self) -> None:
        """Take what the header means, and cells of our columns."""
        self.layout = layout_of(self.header, self.mapping)
        self._cells = {name: f"c{place}" for name, place in self.columns.items()}
        self.sample = sample_of(self._start, self.columns)
        if "time" in self.columns:  # a time of day in a separate column belongs to the date
            date, time = self.columns["date"], self.columns["time"]
            self._cells["date"] = with_time(f"c{date}", time=f"c{time}")

    @property
    def is_text(self) -> bool:
        """Whether the file itself is text."""
        return self.sniffed is not None and self._text == self.path

    @property
    def numbers(self) -> list[int]:
        """The places of the columns with numbers."""
        if self.layout is not None:
            return list(self.layout.numbers)
        return [self.columns[name] for name in NUMBERS if name in self.columns]

    @property
    def first_numbers(self) -> set[str]:
        """The numbers of the first rows."""
        return {cell for place in self.numbers for cell in cells_of(self._start, place)}

    # ---- reading ---------------------------------------------------------------------------

    def source(self, *, again: bool = False) -> FileSource:
        """Return the part as the fast path reads it: first, or again after it was settled."""
        none = "''"  # of an export's rows: the reader of its orders has skipped them
        return FileSource(
            relation=self._again if again else self._relation,
            columns=self._cells,
            sample=self.sample,
            skipped=none
            if self.layout is not None
            else skipped(self.header, columns=self.columns, cells=self._cells),
        )

    def read_orders(self, connection: Connection, reader: OrderReader, *, table: str) -> None:
        """Read the rows of an export into a table of events, one per order, and of lines."""
        rows: Iterable[Sequence[str | None]]
        if self.sniffed is None:
            rows = parquet_cells(connection, self._relation)
        else:
            rows = FileRows(self._plain, sniffed=self.sniffed, columns=self.columns)
        self.sample = write_order_rows(connection, rows, reader=reader, table=table)
        if isinstance(rows, FileRows):
            self.bad, self._clean_places = rows.bad, rows.places
        self._cells = {name: name for name in reader.layout.given}
        self._relation, self._again = table, f"(SELECT * FROM {table} ORDER BY record)"  # noqa: S608

    def settle(self, connection: Connection, *, folder: Path) -> bool:
        """Take in what the reader refused. Return whether the part must be read again.

        Call it after reading. A second reading goes through a rewritten file.
        """
        if self.sniffed is None or self._clean_places is not None:
            return False
        rejected = refused_records(connection)
        kinds = {kind for _, kind, _ in rejected}
        if not kinds:
            return False
        if not kinds <= set(CODES) or self._completes(row for _, _, row in rejected):
            self.rewrite(folder)
            return True
        self._take_bad(rejected)
        return False

    def _completes(self, rows: Iterable[str]) -> bool:
        """Return whether one of these rows only lacks blank cells at its end."""
        assert self.sniffed is not None  # noqa: S101 (only text has short rows)
        shape = Shape.of(self.header, self.columns)
        read = csv.reader(rows, delimiter=self.sniffed.delimiter)
        return any(len(shape.completed(cells)) == shape.width for cells in read)

    def rewrite(self, folder: Path) -> None:
        """Write a clean copy to read instead, for a file that the engine cannot read."""
        assert self.sniffed is not None  # noqa: S101 (only text has quotes and line ends)
        done = rewrite(self._plain, sniffed=self.sniffed, columns=self.columns, folder=folder)
        self.bad, self._clean_places = done.bad, done.places
        clean = dataclasses.replace(self.sniffed, delimiter=",", line_end="\n", skip=0, preamble=0)
        self._read_from(done.path, clean)

    def _read_from(self, path: Path, sniffed: Sniffed) -> None:
        self._relation = read_csv(path, sniffed)
        self._again = read_csv(path, sniffed, keep_refused=False)

    @property
    def rewritten(self) -> bool:
        """Whether the part is read from a clean copy."""
        return self._clean_places is not None

    def _is_windows_1252(self) -> bool:
        assert self.sniffed is not None  # noqa: S101
        with self._plain.open("rb") as lines:
            return self.sniffed.plain_ascii and is_windows_1252(lines)

    def _take_bad(self, rejected: list[tuple[int, str, str]]) -> None:
        true = true_starts(self._plain, (start for start, _, _ in rejected))
        kinds = {start: kind for start, (_, kind, _) in zip(true, rejected, strict=True)}
        rows = {start: row for start, (_, _, row) in zip(true, rejected, strict=True)}
        starts = np.array(sorted(kinds), np.int64)
        lines = lines_of(self._plain, starts, cr=self._cr)
        self._bad_starts = starts
        self.bad = [
            BadRecord(int(line), CODES[kinds[start]], rows[start])
            for start, line in zip(starts.tolist(), lines.tolist(), strict=True)
        ]

    @property
    def _cr(self) -> bool:
        return self.sniffed is not None and self.sniffed.line_end == "\r"

    # ---- counting --------------------------------------------------------------------------

    def has(self, rows: int) -> bool:
        """Return whether the file has as many records as were read and refused together.

        Counted without the engine, so that no record which it skipped in silence goes unnoticed.
        """
        if self.sniffed is None:
            return int(pq.read_metadata(self.path).num_rows) == rows
        if self._clean_places is not None:
            return len(self._clean_places) // 3 == rows
        records = rows + len(self.bad) + self.sniffed.preamble + 1
        # As many lines as records: then no line is blank, no cell has two, and none was skipped.
        if self._lines == records:
            return True
        return count_records(self._plain, cr=self._cr) == records

    # ---- places ----------------------------------------------------------------------------

    def places(
        self, connection: Connection, records: npt.NDArray[np.int64]
    ) -> Iterator[tuple[int, str]]:
        """Yield the line and the text of some records, given in ascending order."""
        if self.sniffed is None:
            return parquet_rows(connection, self.path, records, cells=len(self.header))
        if self._clean_places is not None:
            table = np.frombuffer(self._clean_places, np.int64).reshape(-1, 3)[records]
            places = Places(table[:, 0], table[:, 1], table[:, 2])
        else:
            places = find_records(
                self._plain,
                records,
                skip=self.sniffed.preamble + 1,
                bad_starts=self._bad_starts,
                cr=self._cr,
            )
        return zip(places.lines.tolist(), read_rows(self._plain, places), strict=True)
