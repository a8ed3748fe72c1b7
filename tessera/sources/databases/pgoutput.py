"""PostgreSQL's logical replication messages, protocol version 1, as values.

Source: PostgreSQL's documentation, "Logical Replication Message Formats".
"""

from __future__ import annotations

import dataclasses
import enum
import struct
from collections.abc import Callable, Mapping

from tessera.errors import InvalidInput


class Unsent(enum.Enum):
    """A value that the message lacks, because it is stored aside (TOAST) and did not change."""

    UNCHANGED = "unchanged"


Value = str | Unsent | None
Row = tuple[Value, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Begin:
    """A transaction begins. All transactions come in the order of their commits.

    Parameters
    ----------
    commit_micros
        When it was committed, in microseconds since 2000-01-01 UTC.
    """

    commit_micros: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Commit:
    """A transaction ended. ``end`` is the position in the log right after it."""

    end: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Relation:
    """A table as it is from here on. It comes before a table's first change, and after an ALTER.

    Parameters
    ----------
    id
        The number that the changes name it by.
    columns
        Each column's name and the OID of its type, in the order of a row's values.
    """

    id: int
    schema: str
    table: str
    columns: tuple[tuple[str, int], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(name for name, _ in self.columns)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RowChange:
    """One row was inserted, updated or deleted.

    Parameters
    ----------
    op
        ``I``, ``U`` or ``D``.
    old
        The row before. None for an insert, and for an update without ``REPLICA IDENTITY FULL``.
    new
        The row after. None for a delete.
    whole
        Whether ``old`` has all columns, not the key's alone.
    """

    relation: int
    op: str
    old: Row | None = None
    new: Row | None = None
    whole: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Truncate:
    """Tables were emptied by TRUNCATE."""

    relations: tuple[int, ...]


Message = Begin | Commit | Relation | RowChange | Truncate


def decode(data: bytes) -> Message | None:
    """Return a message, None for one that says nothing about rows.

    Raises
    ------
    InvalidInput
        The bytes are no message of this protocol.
    """
    try:
        read = _READERS.get(data[:1])
        if read is None:
            if data[:1] in _SILENT:
                return None
            raise InvalidInput(f"unknown replication message {data[:1]!r}: {_ADVICE}")
        return read(_Bytes(data, 1))
    except (struct.error, ValueError, IndexError) as error:
        raise InvalidInput(f"broken replication message {data[:1]!r}: {_ADVICE}") from error


_ADVICE = "expected pgoutput, protocol version 1. Check that the slot's plugin is pgoutput"


class _Bytes:
    """Bytes that are read from the start on."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place = data, place

    def number(self, form: str) -> int:
        (value,) = struct.unpack_from(form, self._data, self._place)
        self._place += struct.calcsize(form)
        return int(value)

    def letter(self) -> str:
        return chr(self.number(">B"))

    def text(self) -> str:
        end = self._data.index(b"\0", self._place)
        text = self._data[self._place : end].decode()
        self._place = end + 1
        return text

    def sized(self) -> bytes:
        size = self.number(">I")
        end = self._place + size
        if end > len(self._data):
            raise ValueError("a value is cut off")
        value, self._place = self._data[self._place : end], end
        return value

    def row(self) -> Row:
        return tuple(self._value() for _ in range(self.number(">H")))

    def _value(self) -> Value:
        kind = self.letter()
        if kind == "t":
            return self.sized().decode()
        if kind == "u":
            return Unsent.UNCHANGED
        if kind == "n":
            return None
        raise ValueError(f"unknown kind of value {kind!r}")

    def skip(self, size: int) -> None:
        self._place += size


def _begin(data: _Bytes) -> Begin:
    data.skip(8)  # where its commit is
    return Begin(commit_micros=data.number(">q"))


def _commit(data: _Bytes) -> Commit:
    data.skip(1 + 8)  # flags, and where the commit is
    return Commit(end=data.number(">Q"))


def _relation(data: _Bytes) -> Relation:
    number = data.number(">I")
    schema, table = data.text() or "pg_catalog", data.text()
    data.skip(1)  # the replica identity
    columns = []
    for _ in range(data.number(">H")):
        data.skip(1)  # whether the column is part of the key
        name, type_ = data.text(), data.number(">I")
        data.skip(4)
        columns.append((name, type_))
    return Relation(id=number, schema=schema, table=table, columns=tuple(columns))


def _insert(data: _Bytes) -> RowChange:
    relation, _ = data.number(">I"), data.letter()
    return RowChange(relation=relation, op="I", new=data.row())


def _update(data: _Bytes) -> RowChange:
    relation, kind = data.number(">I"), data.letter()
    old = None
    whole = kind == "O"
    if kind != "N":
        old = data.row()
        data.skip(1)  # the letter N
    return RowChange(relation=relation, op="U", old=old, new=data.row(), whole=whole)


def _delete(data: _Bytes) -> RowChange:
    relation, kind = data.number(">I"), data.letter()
    return RowChange(relation=relation, op="D", old=data.row(), whole=kind == "O")


def _truncate(data: _Bytes) -> Truncate:
    count = data.number(">I")
    data.skip(1)  # CASCADE, RESTART IDENTITY
    return Truncate(relations=tuple(data.number(">I") for _ in range(count)))


_READERS: Mapping[bytes, Callable[[_Bytes], Message]] = {
    b"B": _begin,
    b"C": _commit,
    b"R": _relation,
    b"I": _insert,
    b"U": _update,
    b"D": _delete,
    b"T": _truncate,
}
_SILENT = (b"O", b"Y", b"M")  # an origin, a type's name, an application's own message
