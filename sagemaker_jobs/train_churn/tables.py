"""A Parquet table of attributes as typed columns."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.parquet import read_table
from tessera.customers.subscriptions.attributes import (
    KEY,
    LABEL,
    OBSERVED,
    Attribute,
    Attributes,
    Floats,
    Kind,
)
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Customers:
    """Customers in the order of their keys, so that the order of files leaves no trace.

    Parameters
    ----------
    label : shape (n,)
        1 for who cancelled, 0 for who did not, NaN for who is not known; None without the column.
    observed : shape (n,)
        The day that each row describes, as days since 1970-01-01.
    """

    attributes: Attributes
    label: Floats | None
    observed: Floats


def read_customers(folder: Path) -> Customers:
    """Read a folder of Parquet files: customer_key, observed_at, attributes, perhaps a label.

    Booleans are flags, numbers numbers, dates and timestamps (in UTC) dates, texts categories.

    Raises
    ------
    InvalidInput
        There is no file, no customer_key, no day in a row, or a column of another type.
    """
    table = read_table(folder)
    for name in (KEY, OBSERVED):
        if name not in table.column_names or table.column(name).null_count:
            raise InvalidInput(
                f"the attributes need a {name!r} in every row: the step before writes it"
            )
    table = table.sort_by(KEY)
    columns = {name: table.column(name) for name in table.column_names if name != KEY}
    label, observed = columns.pop(LABEL, None), columns.pop(OBSERVED)
    attributes = tuple(_attribute(name, column) for name, column in columns.items())
    return Customers(
        attributes=Attributes(attributes),
        label=None if label is None else _floats(label),
        observed=_floats(_days(observed)),
    )


def _attribute(name: str, column: pa.ChunkedArray) -> Attribute:
    kind = _kind(name, column.type)
    if kind == "category":
        return _category(name, column)
    return Attribute(name, kind, _floats(_days(column) if kind == "date" else column))


def _kind(name: str, found: pa.DataType) -> Kind:
    types = pa.types
    if types.is_boolean(found):
        return "flag"
    if types.is_integer(found) or types.is_floating(found) or types.is_decimal(found):
        return "number"
    if types.is_date(found) or types.is_timestamp(found):
        return "date"
    if types.is_string(found) or types.is_large_string(found) or types.is_dictionary(found):
        return "category"
    raise InvalidInput(
        f"attribute {name!r} has the type {found}: expected numbers, texts, booleans or dates"
    )


def _category(name: str, column: pa.ChunkedArray) -> Attribute:
    texts = column.cast(pa.string())
    levels = sorted(text for text in pc.unique(texts).to_pylist() if text is not None)
    places = pc.index_in(texts, value_set=pa.array(levels, pa.string()))
    return Attribute(name, "category", _floats(places), tuple(levels))


def _days(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return dates as days since 1970-01-01."""
    return column.cast(pa.date32()).cast(pa.int32())


def _floats(column: pa.ChunkedArray) -> Floats:
    """Return numbers or booleans as floats, NaN where they are absent or infinite."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    values = column.cast(pa.float64()).fill_null(np.nan)
    plain = np.array(values.to_numpy(), np.float64)
    plain[~np.isfinite(plain)] = np.nan
    return plain
