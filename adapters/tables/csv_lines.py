"""Arrow columns as the lines of a CSV: the cells that ``export.cell`` gives, without its loop."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tessera.destinations.vendors.export import files as export

# Between these, a number with a fraction has the same shortest digits in Arrow and in Python.
_PLAIN_FROM, _PLAIN_TO = 1e-4, 1e6
_QUOTED = re.compile('[,"\r\n]')
_DATE_CHARACTERS = 10


def lines(columns: Sequence[pa.Array]) -> memoryview:
    """Return rows as UTF-8 text, each with its line end. Cells are quoted only where they must be.

    Parameters
    ----------
    columns
        Of the same length, in order. At most 2 GB of text.
    """
    joined = pc.binary_join_element_wise(
        *[_cells(column) for column in columns],
        ",",
        null_handling="replace",
        null_replacement="",
    )
    ended = pc.binary_join_element_wise(joined, "", "\n")
    size = pc.sum(pc.binary_length(ended)).as_py() or 0
    return memoryview(ended.buffers()[2] or b"")[:size]


def header(names: Sequence[str]) -> memoryview:
    """Return the line that names the columns."""
    return lines([pa.array([name]) for name in names])


def _cells(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_string(kind):
        return _texts(column)
    if pa.types.is_timestamp(kind):
        return _instants(column)
    if pa.types.is_floating(kind):
        return _numbers(column)
    return column.cast(pa.string())


def _texts(column: pa.Array) -> pa.Array:
    coded = column.dictionary_encode()  # each is looked at once
    values = coded.dictionary
    special = pc.match_substring_regex(values, export.SPECIAL)
    return _rewritten(values, values, special, by=_quoted).take(coded.indices)


def _quoted(value: str) -> str:
    cell = export.cell(value)
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _numbers(column: pa.Array) -> pa.Array:
    size = pc.abs(column)
    plain = pc.and_(
        pc.and_(pc.greater_equal(size, _PLAIN_FROM), pc.less(size, _PLAIN_TO)),
        pc.not_equal(column, pc.floor(column)),
    )
    return _rewritten(column.cast(pa.string()), column, pc.invert(plain), by=export.cell)


def _rewritten(
    text: pa.Array, values: pa.Array, where: pa.Array, *, by: Callable[[Any], str]
) -> pa.Array:
    """Return the text with some values, few as a rule, written by Python."""
    chosen = pc.fill_null(where, pa.scalar(value=False))
    written = [by(value) for value in values.filter(chosen).to_pylist()]
    return pc.replace_with_mask(text, chosen, pa.array(written, pa.string())) if written else text


def _instants(column: pa.Array) -> pa.Array:
    # Without its zone, which is UTC, Arrow writes an instant forty times as fast.
    plain = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).cast(pa.timestamp("us"))
    text = pc.replace_substring(plain.cast(pa.string()), ".000000", "")
    dated = pc.utf8_replace_slice(text, _DATE_CHARACTERS, _DATE_CHARACTERS + 1, "T")
    return pc.binary_join_element_wise(dated, "", "Z")
