"""How far a database was read: a small document beside its change files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.sources.databases.transactions import StreamPlace

CURSOR = "cursor.json"
# By its changes, by a column that grows, or whole each time.
Way = Literal["changes", "updated_at", "whole"]
_VERSION = 1
_ADVICE = "Run with --reload, which reads all tables again"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableCursor:
    """How far a table was read.

    Parameters
    ----------
    loaded_at
        When it was last read whole.
    read_at
        The instant of its last change file.
    mark
        The greatest value of ``updated_at`` so far. Empty for none.
    types
        The type of each column that was read.
    """

    way: Way
    key: tuple[str, ...]
    loaded_at: dt.datetime
    read_at: dt.datetime
    mark: str = ""
    types: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DatabaseCursor:
    """How far all tables of a database were read.

    Parameters
    ----------
    database
        Which one, without the user.
    slot
        The replication slot. Empty for none.
    place
        How far its stream was read.
    tables
        By schema and name with a dot.
    """

    database: str
    slot: str = ""
    place: StreamPlace = dataclasses.field(default_factory=StreamPlace)
    tables: Mapping[str, TableCursor] = dataclasses.field(default_factory=dict)
    version: int = _VERSION

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return encode(self)


def read_cursor(value: object) -> DatabaseCursor:
    """Return a stored cursor.

    Raises
    ------
    InvalidInput
        It can't be read. The message says what to do.
    """
    cursor = decode(DatabaseCursor, value, document=CURSOR, advice=_ADVICE)
    if cursor.version != _VERSION:
        raise InvalidInput(f"{CURSOR} has version {cursor.version}: expected {_VERSION}. {_ADVICE}")
    return cursor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadPolicy:
    """When a table is read whole although its changes would do.

    Parameters
    ----------
    overlap
        How far before the mark rows are read again: a transaction can commit late.
    reload_after
        How long deleted rows may stay where they can't be seen: by ``updated_at``.
    reload
        Whether all tables are read whole this time.
    """

    overlap: dt.timedelta = dt.timedelta(hours=1)
    reload_after: dt.timedelta = dt.timedelta(days=7)
    reload: bool = False


def why_whole(
    before: TableCursor | None, *, way: Way, key: tuple[str, ...], types: Mapping[str, str],
    policy: ReadPolicy, now: dt.datetime,
) -> str:  # fmt: skip
    """Return why a table has to be read whole, or an empty text where its changes do."""
    if before is None or way == "whole":
        return "it was never read" if before is None else "no updated_at column is named"
    if policy.reload:
        return "a reload was asked for"
    if before.way != way or before.key != key:
        return "it is read in another way than before"
    by_updates = _why_whole_by_updates(before, policy=policy, now=now)
    return _changed_types(before.types, types) or (by_updates if way == "updated_at" else "")


def _why_whole_by_updates(before: TableCursor, *, policy: ReadPolicy, now: dt.datetime) -> str:
    if not before.mark:
        return "it had no rows"
    if now - before.loaded_at >= policy.reload_after:
        return f"deleted rows are looked for every {policy.reload_after.days} days"
    return ""


def _changed_types(before: Mapping[str, str], types: Mapping[str, str]) -> str:
    """Return which column is new or of another type. What was stored for it no longer holds."""
    for name, type_ in types.items():
        if name not in before:
            return f"column {name!r} is new"
        if before[name] != type_:
            return f"column {name!r} was {before[name]} and is {type_}"
    return ""
