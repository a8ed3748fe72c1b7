"""Tables for BI tools in a database: their columns, and how a customer becomes a row.

``customers`` has one row per customer. ``transitions`` has one row per move of a customer between
two labels of a segment set. ``segments`` describes what the labels mean.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from tessera.contracts.tables import PROFILES
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Item
from tessera.records.loads.segment import Segment

Kind = Literal["text", "integer", "money", "bound", "date"]
Value = str | int | Decimal | dt.date | None
Statement = tuple[str, tuple[Value, ...]]  # its SQL, with %s for each of the values

CUSTOMERS, TRANSITIONS, SEGMENTS = "customers", "transitions", "segments"
_CELL_BYTES = 4096

CAPABILITIES = Capabilities(
    requests=True,
    batch_items=10_000,
    item_characters=5_000,
    exchange_seconds=60,
    membership="table",
    thresholds=True,
    lanes=1,  # concurrent batches would wait for each other's locks on the same tables
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


@dataclasses.dataclass(frozen=True)
class Dialect:
    """What differs between warehouses.

    Parameters
    ----------
    title
        The warehouse's name in messages.
    types
        The SQL type of each kind of column.
    name_bytes
        The maximum length of a column's name.
    cell_bytes
        The maximum length of a text in UTF-8, 0 for no limit.
    """

    title: str
    types: Mapping[Kind, str]
    name_bytes: int = 63
    cell_bytes: int = 0


POSTGRESQL = Dialect(
    "PostgreSQL",
    {
        "text": "TEXT",
        "integer": "BIGINT",
        "money": "NUMERIC(18, 2)",
        "bound": "NUMERIC(38, 10)",
        "date": "DATE",
    },
)
REDSHIFT = Dialect(
    "Redshift",
    {**POSTGRESQL.types, "text": f"VARCHAR({_CELL_BYTES})"},
    name_bytes=127,
    cell_bytes=_CELL_BYTES,
)
SNOWFLAKE = Dialect(
    "Snowflake", {**POSTGRESQL.types, "text": "VARCHAR", "integer": "BIGINT"}, name_bytes=255
)


def _kind(name: str) -> Kind:
    """Return an attribute's kind of column. Labels are text, and so is the cluster's rank."""
    if name in content.INTEGERS:
        return "integer"
    if name in content.DECIMALS:
        return "money"
    return "date" if name in _DAYS else "text"


_TYPES = {column.name: column.type for column in PROFILES.columns}
_DAYS = frozenset(
    field.name for field in content.FIELDS if field.form == "day" or _TYPES[field.column] == "date"
)
_IDENTITY: dict[str, Kind] = {"customer_id": "text", "customer_key": "text"}
# Name and kind of each table's columns, and the columns of its key.
TABLES: Mapping[str, tuple[Mapping[str, Kind], tuple[str, ...]]] = {
    CUSTOMERS: (
        {**_IDENTITY, **{name: _kind(name) for name in content.NAMES}, "left_at": "date"},
        ("customer_id",),
    ),
    TRANSITIONS: (
        {
            "customer_id": "text",
            "set": "text",
            "from_label": "text",
            "to_label": "text",
            "as_of": "date",
        },
        ("customer_id", "set", "as_of"),
    ),
    SEGMENTS: (
        {
            **dict.fromkeys(("name", "label", "set", "kind", "attribute", "value"), "text"),
            **dict.fromkeys(("meaning", "action"), "text"),
            "at_least": "bound",
            "at_most": "bound",
            "customers": "integer",
            "as_of": "date",
        },
        ("name",),
    ),
}


def own_columns(segments: Iterable[Segment]) -> dict[str, Kind]:
    """Return the columns of the segment sets, in the segments' order."""
    return {content.attribute(one): "text" for one in segments if one.kind == "set"}


def misfit(item: Item, *, dialect: Dialect) -> tuple[str, str] | None:
    """Return why a column can't store an item's values, as code and message, or None."""
    texts = (item.customer_id, *item.content.values())
    if any("\0" in text for text in texts):
        return "character", "a value has the character U+0000, which no column can store"
    limit = dialect.cell_bytes
    if limit and any(len(text.encode()) > limit for text in texts):
        return "too-long", f"a value has more than {limit} bytes, the maximum of a column"
    return None


def row(item: Item, names: Sequence[str], *, as_of: dt.date) -> tuple[Value, ...]:
    """Return an item as a row of ``customers``. A customer who left only keeps ``left_at``."""
    if not item.digest:
        left: dict[str, Value] = {"left_at": as_of, "customer_key": item.key}
        left["customer_id"] = item.customer_id
        return tuple(left.get(name) for name in names)
    cells: dict[str, Value] = {
        name: _value(name, text) for name, text in item.content.items() if name != "customer_id"
    }
    cells |= {"customer_id": item.customer_id, "customer_key": item.key}
    return tuple(cells.get(name) for name in names)


def _value(name: str, text: str) -> Value:
    kind = _kind(name)
    if kind == "integer":
        return int(text)
    if kind == "money":
        return Decimal(text)
    return dt.date.fromisoformat(text) if kind == "date" else text


def kinds(names: Iterable[str]) -> dict[str, Kind]:
    """Return the kind of each column of ``customers``. The columns of own sets are text."""
    known, _ = TABLES[CUSTOMERS]
    return {name: known.get(name, "text") for name in names}
