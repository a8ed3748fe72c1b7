"""Parquet files without some people: a row group at a time, and only where somebody is in it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.erasure.parquet_cells import has_text, is_in, rows_with_people
from tessera.contracts.tables import ORDER_IDS
from tessera.erasure.identifying import places_of
from tessera.erasure.people import Needles

_KEY = "customer_key"
_OWN_METADATA = b"ARROW:schema"
_Mask = Callable[[pa.Table], pa.Array]


@dataclasses.dataclass(frozen=True)
class _Search:
    """The columns to read, None for all, and the rows of people in them."""

    columns: list[str] | None
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
        return _Search([_KEY], lambda table: is_in(table.column(_KEY), needles.keys), by_key=True)
    if names == list(ORDER_IDS.names):
        return _Search(["key"], lambda table: is_in(table.column("key"), needles.hashes))
    return None


def _search(schema: pa.Schema, needles: Needles, *, headers: frozenset[str]) -> _Search | None:
    """Return how to search a file of others. None where it has nobody by its columns."""
    names = list(schema.names)
    identify = {*places_of(names, headers)}
    places = [
        place for place, field in enumerate(schema) if place in identify or has_text(field.type)
    ]
    if not places:
        return None
    # pyarrow reads columns by name, so where two have one name it has to read all.
    columns = [names[at] for at in places] if len({*names}) == len(names) else None

    def mask(table: pa.Table) -> pa.Array:
        masks = (
            rows_with_people(
                table.column(names[at] if columns else at), needles,
                header=names[at], headers=headers, identifies=at in identify,
            )
            for at in places
        )  # fmt: skip
        return functools.reduce(pc.or_, masks)

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


def _compression(file: pq.ParquetFile) -> str:
    if not file.num_row_groups or not file.metadata.num_columns:
        return "zstd"
    name = str(file.metadata.row_group(0).column(0).compression)
    return "none" if name == "UNCOMPRESSED" else name.lower()
