"""Where a record stands in its file: its physical line and its bytes, found in one pass."""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
_BLOCK = 16 << 20
_IN_CACHE = 256 << 10  # bytes that are only counted: beyond the processor's cache it takes longer
_BESIDE = 3
_QUOTE, _LF, _CR = 0x22, 0x0A, 0x0D


@dataclasses.dataclass(frozen=True)
class Places:
    """Lines, first bytes and ends of some records, each of shape (n,)."""

    lines: Ints
    starts: Ints
    ends: Ints

    def take(self, which: Ints) -> Places:
        """Return some of them."""
        return Places(self.lines[which], self.starts[which], self.ends[which])


def find_records(path: Path, wanted: Ints, *, skip: int, bad_starts: Ints, cr: bool) -> Places:
    """Return where records stand, by their number among the good ones.

    Parameters
    ----------
    wanted : shape (n,)
        Record numbers, ascending, the first row after the header being 0.
    skip
        Records before the first row.
    bad_starts : shape (m,)
        Where the records begin that were refused as a whole, ascending. They have no number.
    cr
        Whether lines end with CR alone.
    """
    blocks: list[tuple[Ints, Ints, Ints]] = []
    number = -skip
    for lines, starts, ends in _blocks(path, cr=cr):
        good = ~np.isin(starts, bad_starts)
        numbers = number + np.cumsum(good) - 1
        chosen = good & np.isin(numbers, wanted)
        blocks.append((lines[chosen], starts[chosen], ends[chosen]))
        number += int(good.sum())
    if not blocks:
        none = np.zeros(0, np.int64)
        return Places(none, none, none)
    lines, starts, ends = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return Places(lines, starts, ends)


def count_records(path: Path, *, cr: bool) -> int:
    """Return how many records a file has, its header among them. Blank lines don't count."""
    return sum(len(starts) for _, starts, _ in _blocks(path, cr=cr))


@dataclasses.dataclass(frozen=True)
class FileBytes:
    """What one pass over a file's bytes shows.

    Parameters
    ----------
    lines
        How many there are, blank ones among them.
    plain
        Whether all of it is UTF-8, with a byte order mark at the very start only.
    """

    lines: int
    plain: bool


def look_at(path: Path, *, cr: bool) -> FileBytes:
    """Read a file's bytes once, without parsing them."""
    mark, lines, last = (_CR if cr else _LF), 0, None
    buffer = bytearray(_IN_CACHE)
    block = np.frombuffer(buffer, np.uint8)
    with path.open("rb", buffering=0) as file:
        encoding = _Encoding(marked=file.read(3) == codecs.BOM_UTF8)
        file.seek(0)
        while size := file.readinto(buffer):
            lines += int(np.count_nonzero(block[:size] == mark))
            last = block[size - 1]
            encoding.add(buffer if size == len(buffer) else buffer[:size])
    return FileBytes(lines + (last is not None and last != mark), encoding.is_plain())


class _Encoding:
    """Whether bytes are UTF-8, with a byte order mark at the very start only."""

    def __init__(self, *, marked: bool) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._marks = -1 if marked else 0  # beyond the one at the start
        self._inside = False  # of a character
        self._plain = True

    def add(self, block: bytearray) -> None:
        """Take the next bytes."""
        if not self._plain or (block.isascii() and not self._inside):
            return
        try:
            text = self._decoder.decode(block)
        except UnicodeDecodeError:
            self._plain = False
            return
        self._inside = bool(self._decoder.getstate()[0])
        self._marks += text.count("\ufeff")

    def is_plain(self) -> bool:
        """Return what all bytes so far say."""
        return self._plain and not self._inside and self._marks <= 0


def true_starts(path: Path, guesses: Iterable[int]) -> list[int]:
    """Return where the records begin that an engine reports a byte or two beside their starts."""
    true_ones = []
    with path.open("rb") as file:
        for guess in guesses:
            base = max(guess - _BESIDE - 1, 0)
            file.seek(base)
            near = file.read(2 * _BESIDE + 2)
            starts = [base + i for i in range(len(near)) if _begins_record(near, i, base)]
            true_ones.append(min(starts, key=lambda start: abs(start - guess), default=guess))
    return true_ones


def _begins_record(near: bytes, place: int, base: int) -> bool:
    if near[place] in (_LF, _CR):
        return False
    return base + place == 0 if place == 0 else near[place - 1] in (_LF, _CR)


def lines_of(path: Path, starts: Ints, *, cr: bool) -> Ints:
    """Return the physical lines of byte positions, which ascend, of shape (n,)."""
    mark, line, base = (_CR if cr else _LF), 1, 0
    lines = np.zeros(len(starts), np.int64)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            breaks = np.flatnonzero(np.frombuffer(block, np.uint8) == mark)
            here = (starts >= base) & (starts < base + len(block))
            lines[here] = line + np.searchsorted(breaks, starts[here] - base)
            line, base = line + len(breaks), base + len(block)
    return lines


def read_rows(path: Path, places: Places) -> Iterator[str]:
    """Yield the records' text as it came."""
    with path.open("rb") as file:
        for start, end in zip(places.starts.tolist(), places.ends.tolist(), strict=True):
            file.seek(start)
            yield file.read(end - start).decode(errors="replace").strip("\r\n")


def _blocks(path: Path, *, cr: bool) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield the lines, starts and ends of the records that are not blank, block by block."""
    base, line, start, start_line, inside, edge = 0, 1, 0, 1, 0, b""
    mark = _CR if cr else _LF
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            data = np.frombuffer(block, np.uint8)
            breaks = np.flatnonzero(data == mark)
            quotes = np.flatnonzero(data == _QUOTE)
            outside = (np.searchsorted(quotes, breaks) + inside) % 2 == 0
            ends = base + breaks[outside] + 1
            starts = np.concatenate(([start], ends))
            numbers = np.concatenate(([start_line], line + np.flatnonzero(outside) + 1))
            blank = ends - starts[:-1] <= 1
            crlf = np.flatnonzero(ends - starts[:-1] == 2)
            blank[crlf] = [_is_cr(block, edge, place - base) for place in starts[:-1][crlf]]
            yield numbers[:-1][~blank], starts[:-1][~blank], ends[~blank]
            start, start_line = int(starts[-1]), int(numbers[-1])
            base, line = base + len(block), line + len(breaks)
            inside, edge = (inside + len(quotes)) % 2, block[-1:]
    if start < base:
        yield np.array([start_line]), np.array([start]), np.array([base])


def _is_cr(block: bytes, edge: bytes, place: int) -> bool:
    return (edge if place < 0 else block[place : place + 1]) == b"\r"
