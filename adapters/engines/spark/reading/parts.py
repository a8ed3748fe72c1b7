"""The parts of an upload as executors read them: each in slices that nobody must read twice.

A plain text is cut where records end, a Parquet file between row groups. What cannot be cut, gzip
and UTF-16, is one slice: one executor reads it through.
"""

from __future__ import annotations

import dataclasses
import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from adapters.aws.object_file import ObjectFile, blocks
from adapters.aws.objects import Objects
from adapters.engines.spark.reading.parquet import look_at, rows_by_group
from adapters.engines.workbooks import write_sheet
from tessera.naming import is_parquet
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings
from tessera.sources.first_rows import Row, cells_of, sample_of
from tessera.sources.mappings import HeaderMapping
from tessera.sources.orders.layout import OrderLayout, layout_of
from tessera.sources.sniff import START_BYTES, UTF_16, WINDOWS_1252, Sniffed, is_windows_1252, sniff
from tessera.sources.workbooks import is_workbook

SLICE_BYTES = 64 << 20
BLOCK_BYTES = 8 << 20
_LINES_OF_A_GUESS = 1_000_000
_QUOTE, _LF = b'"', b"\n"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkPart:
    """One file of an upload: where it lies, and how its first bytes say to read it.

    Parameters
    ----------
    key, version_id, size
        The object. Its key is its name for people.
    sniffed
        How to read the text. None for Parquet.
    header, mapping, columns
        Its column names, what they mean, and where ours stand among them.
    sample
        Cells of our columns from its start.
    layout
        Which of its cells make orders. None where each row is an event.
    sheet
        The setting ``sheet``, for a workbook.
    """

    key: str
    version_id: str
    size: int
    sniffed: Sniffed | None
    header: tuple[str, ...]
    mapping: HeaderMapping
    columns: Mapping[str, int]
    sample: Mapping[str, list[str]]
    layout: OrderLayout | None
    sheet: str = ""

    def open(self, objects: Objects) -> ObjectFile:
        """Return its bytes."""
        return ObjectFile(objects, self.key, size=self.size, version_id=self.version_id)

    @property
    def bare(self) -> SparkPart:
        """The same without its sample: what executors need."""
        text = self.sniffed and dataclasses.replace(self.sniffed, sample=())
        return dataclasses.replace(self, sniffed=text, sample={})

    @property
    def is_cut(self) -> bool:
        """Whether it is a text that can be read from the middle."""
        text = self.sniffed
        if text is None or is_workbook(self.key):
            return False
        return not text.compressed and text.encoding != UTF_16


@dataclasses.dataclass(frozen=True, kw_only=True)
class Slice:
    """What one executor reads at once: bytes of a text, or row groups of Parquet.

    Parameters
    ----------
    part
        Its number in the upload.
    start, end
        The first byte or row group, and the one after the last. An end of 0 is the file's.
    line
        The line (in Parquet the row) at ``start``.
    encoding
        Of a text.
    """

    part: int
    start: int
    end: int
    line: int
    encoding: str


@dataclasses.dataclass(frozen=True)
class Surveyed:
    """A part read through once: its hash, and its slices."""

    sha256: str
    slices: list[Slice]


def open_part(objects: Objects, part: Part, *, size: int, settings: RunSettings) -> SparkPart:
    """Find out what a part is.

    Parameters
    ----------
    part
        One of the upload's object versions.

    Raises
    ------
    InvalidInput
        The file is not in the contract. The message says what it is instead.
    """
    key, version = part.key, part.version_id
    sniffed: Sniffed | None = None
    rows: Sequence[Row]
    if is_parquet(key):
        file = ObjectFile(objects, key, size=size, version_id=version)
        look = look_at(file, name=key, settings=settings)
        header, mapping = look.header, look.mapping
        columns, rows = look.columns, look.rows
    else:
        start = _start(objects, part, sheet=settings.sheet)
        sniffed = sniff(start, name=key, settings=settings)
        header, mapping, columns = sniffed.header, sniffed.mapping, dict(sniffed.columns)
        rows = sniffed.sample
    sample, layout = sample_of(rows, columns), layout_of(header, mapping)
    for place in layout.numbers if layout else ():
        sample["amount"] += cells_of(rows, place)
    return SparkPart(
        key=key,
        version_id=version,
        size=size,
        sniffed=sniffed,
        header=header,
        mapping=mapping,
        columns=columns,
        sample=sample,
        layout=layout,
        sheet=settings.sheet,
    )


def _start(objects: Objects, part: Part, *, sheet: str) -> bytes:
    version = part.version_id or None
    if not is_workbook(part.key):
        return objects.read_start(part.key, START_BYTES, version_id=version)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = objects.download(part.key, folder / "workbook.xlsx", version_id=version)
        text = write_sheet(path, sheet=sheet, folder=folder, name=part.key)
        with text.open("rb") as file:
            return file.read(START_BYTES)


def survey(
    part: SparkPart, number: int, *, objects: Objects, slice_bytes: int = SLICE_BYTES
) -> Surveyed:
    """Read a part through: hash it, and find where to cut it.

    Parameters
    ----------
    number
        The part's, for its slices.
    slice_bytes
        How large a slice of text is, at least.
    """
    digest, cuts = hashlib.sha256(), _Cuts(slice_bytes)
    encoding = part.sniffed.encoding if part.sniffed else ""
    guess = _Guess() if part.is_cut and part.sniffed and part.sniffed.plain_ascii else None
    at_once = min(BLOCK_BYTES, slice_bytes)
    for block in blocks(
        objects, part.key, size=part.size, version_id=part.version_id, at_once=at_once
    ):
        digest.update(block)
        if part.is_cut:
            cuts.add(block)
        if guess is not None:
            guess.add(block)
    if guess is not None and guess.is_windows_1252():
        encoding = WINDOWS_1252
    if part.sniffed is None:
        slices = _row_groups(part, number, objects)
    elif part.is_cut:
        slices = list(cuts.slices(number, size=part.size, encoding=encoding))
    else:
        slices = [whole(number, encoding=encoding)]
    return Surveyed(digest.hexdigest(), slices)


def whole(number: int, *, encoding: str) -> Slice:
    """Return a text as one slice."""
    return Slice(part=number, start=0, end=0, line=1, encoding=encoding)


def _row_groups(part: SparkPart, number: int, objects: Objects) -> list[Slice]:
    slices, row = [], 1
    for group, rows in enumerate(rows_by_group(part.open(objects))):
        slices.append(Slice(part=number, start=group, end=group + 1, line=row, encoding=""))
        row += rows
    return slices


class _Cuts:
    """Finds the line ends, outside quotes, at which a text is cut."""

    def __init__(self, slice_bytes: int) -> None:
        self._slice_bytes = slice_bytes
        self._at, self._quotes, self._lines, self._last = 0, 0, 1, b""
        self._starts = [(0, 1)]  # where slices begin: byte and line

    def add(self, block: bytes) -> None:
        """Take the next bytes."""
        if self._at - self._starts[-1][0] >= self._slice_bytes:
            self._cut(block)
        self._quotes += block.count(_QUOTE)
        self._lines += self._ends(block)
        self._at, self._last = self._at + len(block), block[-1:]

    def _cut(self, block: bytes) -> None:
        """Begin a slice after the first line end of the block that no quote surrounds."""
        place = -1
        while (place := block.find(_LF, place + 1)) >= 0:
            if (self._quotes + block.count(_QUOTE, 0, place)) % 2 == 0:
                line = self._lines + self._ends(block[: place + 1])
                self._starts.append((self._at + place + 1, line))
                return

    def _ends(self, block: bytes) -> int:
        """Count line ends as ``splitlines`` does. Half a CRLF counts with its other half."""
        crs = block.count(b"\r") - block.count(b"\r\n")
        split = self._last == b"\r" and block[:1] == _LF
        return block.count(_LF) + crs - split

    def slices(self, number: int, *, size: int, encoding: str) -> Iterator[Slice]:
        """Yield the slices of the whole text."""
        ends = [start for start, _ in self._starts[1:]] + [size]
        for (start, line), end in zip(self._starts, ends, strict=True):
            yield Slice(part=number, start=start, end=end, line=line, encoding=encoding)


class _Guess:
    """Whether a text that begins in ASCII is Windows-1252 further on."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[bytes] = []  # those beyond ASCII, few in such a file

    def add(self, block: bytes) -> None:
        """Take the next bytes."""
        data = self._rest + block
        cut = data.rfind(_LF) + 1
        self._rest = data[cut:]
        if not data.isascii():
            self._take(data[:cut].split(_LF))

    def _take(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            if not line.isascii() and len(self._lines) < _LINES_OF_A_GUESS:
                self._lines.append(line)

    def is_windows_1252(self) -> bool:
        """Return whether the lines so far are in Windows-1252."""
        return is_windows_1252([*self._lines, self._rest])
