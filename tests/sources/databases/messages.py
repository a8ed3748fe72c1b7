"""Replication messages as a server of PostgreSQL sends them, built by the documented formats."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from tessera.sources.databases.pgoutput import Unsent

BIGINT, TEXT, BOOLEAN, MOMENT, DOMAIN = 20, 25, 16, 1184, 70_001
ORDERS = 16_385


def begin(micros: int) -> bytes:
    return b"B" + struct.pack(">QqI", 1, micros, 7)


def commit(end: int) -> bytes:
    return b"C" + struct.pack(">BQQq", 0, end - 8, end, 0)


def relation(
    *columns: tuple[str, int], number: int = ORDERS, schema: str = "public", table: str = "orders"
) -> bytes:
    described = b"".join(
        b"\1" + name.encode() + b"\0" + struct.pack(">Ii", type_, -1) for name, type_ in columns
    )
    names = f"{schema}\0{table}\0".encode()
    count = struct.pack(">H", len(columns))
    return b"R" + struct.pack(">I", number) + names + b"f" + count + described


def insert(*new: str | None, number: int = ORDERS) -> bytes:
    return b"I" + struct.pack(">I", number) + b"N" + _row(new)


def update(
    new: Sequence[str | Unsent | None],
    old: Sequence[str | None] = (),
    *,
    kind: bytes = b"O",
    number: int = ORDERS,
) -> bytes:
    before = kind + _row(old) if old else b""
    return b"U" + struct.pack(">I", number) + before + b"N" + _row(new)


def delete(*old: str | None, kind: bytes = b"O", number: int = ORDERS) -> bytes:
    return b"D" + struct.pack(">I", number) + kind + _row(old)


def truncate(*numbers: int) -> bytes:
    tables = struct.pack(f">{len(numbers)}I", *numbers)
    return b"T" + struct.pack(">IB", len(numbers), 0) + tables


def _row(values: Sequence[str | Unsent | None]) -> bytes:
    made = struct.pack(">H", len(values))
    for value in values:
        if value is Unsent.UNCHANGED:
            made += b"u"
        elif value is None:
            made += b"n"
        else:
            assert isinstance(value, str)
            made += b"t" + struct.pack(">I", len(value.encode())) + value.encode()
    return made
