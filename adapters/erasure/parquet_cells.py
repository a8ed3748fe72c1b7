"""Which cells of a Parquet column have people in them: as exact values, in texts, and nested."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tessera.erasure.json_values import without_people
from tessera.erasure.people import Needles

# A text may have an address in it, but for a cell that is nothing else. The latter are most.
_ADDRESS = r"^[0-9a-z!#$%&*+/?^_`~.\-]+@[0-9a-z.\-]*[0-9a-z]$"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-"
_UUID_CHARACTERS = 36


def rows_with_people(
    column: pa.ChunkedArray,
    needles: Needles,
    *,
    header: str,
    headers: frozenset[str],
    identifies: bool,
) -> pa.Array:
    """Return a mask of the rows whose cell names somebody.

    Parameters
    ----------
    header, headers
        The column's name, and all names that identify a customer: nested values have some too.
    identifies
        Whether the column has customers' ids.
    """
    kind = _value_type(column.type)
    if pa.types.is_nested(kind):
        return _by_cell(column, lambda cell: _nested_names(header, cell, needles, headers=headers))
    if _is_binary(kind):
        return _by_cell(column, lambda cell: _bytes_name(cell, needles, identifies=identifies))
    texts = column.cast(pa.string())
    mask = _in_texts(texts, needles)
    return pc.or_(mask, _ids(texts, needles)) if identifies else mask


def has_text(kind: pa.DataType) -> bool:
    """Return whether a column's type can hold a key or an address."""
    kind = _value_type(kind)
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return bool(is_text or pa.types.is_nested(kind) or _is_binary(kind))


def is_in(column: pa.ChunkedArray, wanted: Iterable[str]) -> pa.Array:
    """Return a mask of the cells that are one of some texts."""
    kind = column.type
    values = sorted(wanted)
    if _is_binary(kind):
        fitting = [each.encode() for each in values]
        column = column.cast(pa.binary())
        return _whole(pc.is_in(column, value_set=pa.array(fitting, pa.binary())))
    return _whole(pc.is_in(column.cast(pa.string()), value_set=pa.array(values, pa.string())))


def _in_texts(texts: pa.ChunkedArray, needles: Needles) -> pa.Array:
    small = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    exact = is_in(small, needles.keys | needles.addresses | needles.hashes)
    has_at = pc.or_(pc.match_substring(small, "@"), pc.match_substring(small, "\\u"))
    is_address = pc.match_substring_regex(small, _ADDRESS)
    has_key = pc.and_(
        pc.greater(pc.utf8_length(small), _UUID_CHARACTERS),
        pc.match_substring_regex(small, _UUID),
    )
    is_longer = pc.or_(pc.and_(has_at, pc.invert(is_address)), has_key)
    longer = _whole(pc.fill_null(is_longer, fill_value=False))
    if not pc.any(longer).as_py():
        return exact
    named = [needles.is_in(cell) for cell in texts.filter(longer).to_pylist()]
    inside = pc.replace_with_mask(longer, longer, pa.array(named, pa.bool_()))
    return pc.or_(exact, inside)


def _ids(texts: pa.ChunkedArray, needles: Needles) -> pa.Array:
    """Return which cells are ids. Most files have few spellings beside the usual one."""
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.or_(is_in(trimmed, needles.ids), is_in(pc.utf8_lower(trimmed), needles.ids))


def _by_cell(column: pa.ChunkedArray, names: Callable[[Any], bool]) -> pa.Array:
    cells = column.to_pylist()
    return pa.array([cell is not None and names(cell) for cell in cells], pa.bool_())


def _nested_names(
    header: str,
    cell: Any,  # noqa: ANN401 (a list, a map or a structure)
    needles: Needles,
    *,
    headers: frozenset[str],
) -> bool:
    _, removed = without_people({header: _plain(cell)}, needles, headers=headers)
    return bool(removed)


def _plain(value: Any) -> Any:  # noqa: ANN401 (any value of Parquet, as JSON has it)
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return _decoded(value) if isinstance(value, bytes) else value


def _bytes_name(cell: bytes, needles: Needles, *, identifies: bool) -> bool:
    text = _decoded(cell)
    return needles.is_in(text) or (identifies and needles.is_id(text))


def _decoded(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


def _value_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _whole(mask: pa.ChunkedArray | pa.Array) -> pa.Array:
    return mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask
