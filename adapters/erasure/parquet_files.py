"""Parquet files without some people: a row group at a time, and only where somebody is in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tessera.contracts.tables import ORDER_IDS
from tessera.erasure.identifying import places_of
from tessera.erasure.people import Needles

_KEY = "customer_key"
_OWN_METADATA = b"ARROW:schema"
_Mask = Callable[[pa.Table], pa.Array]


@dataclasses.dataclass(frozen=True)
class _Search:
    """The columns to read, and the rows of people in them."""

    columns: list[str]
    mask: _Mask
    by_key: bool = False  # by our own keys alone, which statistics of row groups may exclude


def rewrite_parquet(
    source: Path, target: Path, needles: Needles, *, headers: frozenset[str], is_ours: bool
) -> int:
    """Write a file without some people's rows. Return how many rows went: 0 writes nothing.

    The other rows keep their order, row groups, types and compression.

    Parameters
    ----------
    headers
        Columns that identify a customer in files of others, normalised.
    is_ours
        Whether Tessera wrote the file. In files of others ``customer_key`` may be the shop's id.
    """
    with pq.ParquetFile(source) as file:
        search = _own_search(file.schema_arrow, needles) if is_ours else None
        search = search or _search(file.schema_arrow, needles, headers=headers)
        if search is None:
            return 0
        hits = _hits(file, search, needles)
        if not hits:
            return 0
        _write(file, target, hits=hits)
    return sum(int(pc.sum(mask).as_py()) for mask in hits.values())


def _own_search(schema: pa.Schema, needles: Needles) -> _Search | None:
    """Return how to search a file of ours. None where its columns do not say."""
    names = list(schema.names)
    if _KEY in names:  # each row of ours is the customer's of its key, and nobody else's
        return _Search([_KEY], lambda table: _is_in(table.column(_KEY), needles.keys), by_key=True)
    if names == list(ORDER_IDS.names):
        return _Search(["key"], lambda table: _is_in(table.column("key"), needles.hashes))
    return None


def _search(schema: pa.Schema, needles: Needles, *, headers: frozenset[str]) -> _Search | None:
    """Return how to search a file of others. None where it has nobody by its columns."""
    names = list(schema.names)
    identify = [names[at] for at in places_of(names, headers)]
    texts = [field.name for field in schema if _is_text(field.type)]
    columns = list(dict.fromkeys([*identify, *texts]))
    if not columns or len({*names}) < len(names):
        return None
    exact = needles.keys | needles.addresses | needles.hashes

    def mask(table: pa.Table) -> pa.Array:
        ids = [_ids(table.column(name), needles) for name in identify]
        any_text = [_is_in(_small(table.column(name)), exact) for name in texts]
        return _either([*ids, *any_text], len(table))

    return _Search(columns, mask)


def _hits(file: pq.ParquetFile, search: _Search, needles: Needles) -> dict[int, pa.Array]:
    """Return which rows to remove, by row group."""
    hits = {}
    for group in range(file.num_row_groups):
        if search.by_key and _is_beyond(file, group, needles.keys):
            continue
        mask = search.mask(file.read_row_group(group, columns=search.columns))
        if pc.any(mask).as_py():
            hits[group] = mask
    return hits


def _write(file: pq.ParquetFile, target: Path, *, hits: dict[int, pa.Array]) -> None:
    own = file.metadata.metadata or {}
    more = {name: value for name, value in own.items() if name != _OWN_METADATA}
    with pq.ParquetWriter(
        target,
        file.schema_arrow.remove_metadata(),
        compression=_compression(file),
        store_schema=_OWN_METADATA in own,
    ) as writer:
        if more:
            writer.add_key_value_metadata(more)
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            if group in hits:
                table = table.filter(pc.invert(hits[group]))
            if len(table):
                writer.write_table(table, row_group_size=len(table))


def _is_beyond(file: pq.ParquetFile, group: int, keys: Iterable[str]) -> bool:
    """Return whether a row group's least and greatest key exclude all keys."""
    place = file.schema_arrow.names.index(_KEY)
    limits = file.metadata.row_group(group).column(place).statistics
    if limits is None or not limits.has_min_max:
        return False
    low, high = _text(limits.min), _text(limits.max)
    return all(key < low or key > high for key in keys)


def _text(value: Any) -> str:  # noqa: ANN401 (a text, or bytes of one)
    return value.decode() if isinstance(value, bytes) else str(value)


def _is_in(column: pa.ChunkedArray, wanted: Iterable[str]) -> pa.Array:
    kind = column.type
    values = sorted(wanted)
    if pa.types.is_fixed_size_binary(kind) or pa.types.is_binary(kind):
        fitting = [each.encode() for each in values]
        column = column.cast(pa.binary())
        return _whole(pc.is_in(column, value_set=pa.array(fitting, pa.binary())))
    return _whole(pc.is_in(column.cast(pa.string()), value_set=pa.array(values, pa.string())))


def _ids(column: pa.ChunkedArray, needles: Needles) -> pa.Array:
    """Return which cells are ids. Most files have few spellings beside the usual one."""
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    usual = _is_in(texts, needles.ids)
    return _either([usual, _is_in(pc.utf8_lower(texts), needles.ids)], len(column))


def _small(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.string())))


def _either(masks: list[pa.Array], rows: int) -> pa.Array:
    combined = pa.array([False] * rows) if not masks else masks[0]
    for mask in masks[1:]:
        combined = pc.or_(combined, mask)
    return combined


def _whole(mask: pa.ChunkedArray | pa.Array) -> pa.Array:
    return mask.combine_chunks() if isinstance(mask, pa.ChunkedArray) else mask


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _compression(file: pq.ParquetFile) -> str:
    if not file.num_row_groups or not file.metadata.num_columns:
        return "zstd"
    name = str(file.metadata.row_group(0).column(0).compression)
    return "none" if name == "UNCOMPRESSED" else name.lower()
