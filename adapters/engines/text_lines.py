"""The physical lines of a text, with look-ahead: fast, and in memory that does not grow."""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Sequence
from typing import BinaryIO

_BLOCK = 8 << 20


@dataclasses.dataclass(frozen=True)
class Line:
    """A physical line, with its end: its number from 1 on, its first byte and the one after."""

    number: int
    start: int
    end: int
    text: str


class Lines:
    """Physical lines of a stream with look-ahead. LF, CRLF and CR may be mixed.

    Parameters
    ----------
    stream
        Stands at the first byte of a line.
    position, number
        Which byte and which line of the file that is.
    encoding
        ``utf-8`` or ``windows-1252``.
    """

    def __init__(
        self, stream: BinaryIO, *, position: int = 0, number: int = 1, encoding: str = "utf-8"
    ) -> None:
        self.position, self.number = position, number
        self._stream, self._encoding = stream, encoding
        self._lines: list[bytes] = []
        self._rest, self._next, self._ended = b"", 0, False

    def ahead(self, count: int) -> list[bytes]:
        """Return at most so many lines that come next, none at the end, without taking them."""
        if self._next == len(self._lines):
            self._more()
        return self._lines[self._next : self._next + count]

    def take(self, lines: Sequence[bytes]) -> None:
        """Take lines that ``ahead`` gave."""
        self._next += len(lines)
        self.number += len(lines)
        self.position += sum(map(len, lines))

    def next(self) -> Line | None:
        """Take one line, None at the end."""
        line = self.peek(0)
        if line is not None:
            self.take(self.ahead(1))
        return line

    def peek(self, index: int) -> Line | None:
        """Return the line after so many others, None beyond the last."""
        while self._next + index >= len(self._lines):
            if not self._more():
                return None
        raw = self._lines[self._next + index]
        # Where a line further on begins is of no use to anyone, and would cost a sum each time.
        start = -1 if index else self.position
        return Line(self.number + index, start, start + len(raw), self.text(raw))

    def drop(self, count: int) -> int:
        """Take the lines that were looked at. Return where they end."""
        self.take(self._lines[self._next : self._next + count])
        return self.position

    def text(self, raw: bytes) -> str:
        """Return a line's text, in which invalid bytes stay recognisable.

        A byte order mark at its start is left of a file that was joined to another.
        """
        if self._encoding == "utf-8":
            return raw.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
        return raw.decode(self._encoding, "replace")

    def _more(self) -> bool:
        """Read on. Return whether there was anything."""
        while not self._ended:
            block = self._stream.read(_BLOCK)
            self._ended = not block
            data = self._rest + block
            # A line whose end is not there yet waits: a CR at the very end may be half of a CRLF.
            cut = len(data) if self._ended else _last_end(data)
            self._rest = data[cut:]
            if cut:
                self._lines = self._lines[self._next :] + data[:cut].splitlines(keepends=True)
                self._next = 0
                return True
        return False


def _last_end(data: bytes) -> int:
    return max(data.rfind(b"\n"), data.rfind(b"\r", 0, max(len(data) - 1, 0))) + 1
