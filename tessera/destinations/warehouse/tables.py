"""Tables for BI tools in a database: what all warehouses are told, and how rows say it.

``customers`` has one row a customer, ``transitions`` each move of a customer between two labels of
a segment set, ``segments`` what the labels mean.
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
from tessera.destinations.port import Item, Segment

Kind = Literal["text", "integer", "money", "bound", "date"]
Value = str | int | Decimal | dt.date | None
Statement = tuple[str, tuple[Value, ...]]  # its text, with %s for each of the values

CUSTOMERS, TRANSITIONS, SEGMENTS = "customers", "transitions", "segments"
_CELL_BYTES = 4096

CAPABILITIES = Capabilities(
    requests=True,
    batch_items=10_000,
    item_characters=5_000,
    exchange_seconds=60,
    membership="table",
    thresholds=True,
    lanes=1,  # batches that write the same tables at once would only wait for each other
    volatile=content.VOLATILE,
    drifting=content.DRIFTING,
)


@dataclasses.dataclass(frozen=True)
class Dialect:
    """Where warehouses differ.

    Parameters
    ----------
    title
        What people call it.
    types
        The type of each kind of column.
    name_bytes
        The longest name of a column.
    cell_bytes
        The longest text in UTF-8, 0 for any that a customer can have.
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


def _kind(name: str) -> Kind:
    """Return which kind of column says an attribute: labels are texts, the cluster's rank too."""
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
# Name and kind of each table's columns, and how many of the first ones are its key.
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
    """Return the columns that segment sets ask for, in their order."""
    return {content.attribute(one): "text" for one in segments if one.kind == "set"}


def misfit(item: Item, *, dialect: Dialect) -> tuple[str, str] | None:
    """Return as code and words why no column can hold what an item says, None where all can."""
    texts = (item.customer_id, *item.content.values())
    if any("\0" in text for text in texts):
        return "character", "a text has the character U+0000, which no column holds"
    limit = dialect.cell_bytes
    if limit and any(len(text.encode()) > limit for text in texts):
        return "too-long", f"a text has more than {limit} bytes, the most that a column holds"
    return None


def row(item: Item, names: Sequence[str], *, as_of: dt.date) -> tuple[Value, ...]:
    """Return an item as a row of ``customers``: who left has nothing but the day of leaving."""
    if not item.digest:
        left: dict[str, Value] = {"left_at": as_of, "customer_key": item.key}
        left["customer_id"] = item.customer_id
        return tuple(left.get(name) for name in names)
    told: dict[str, Value] = {
        name: _value(name, text) for name, text in item.content.items() if name != "customer_id"
    }
    told |= {"customer_id": item.customer_id, "customer_key": item.key}
    return tuple(told.get(name) for name in names)


def _value(name: str, text: str) -> Value:
    kind = _kind(name)
    if kind == "integer":
        return int(text)
    if kind == "money":
        return Decimal(text)
    return dt.date.fromisoformat(text) if kind == "date" else text


def kinds(names: Iterable[str]) -> dict[str, Kind]:
    """Return the kind of each column of ``customers``; a column of own sets is text."""
    known, _ = TABLES[CUSTOMERS]
    return {name: known.get(name, "text") for name in names}
