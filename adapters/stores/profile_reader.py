"""A run's profiles by key, a few row groups at a time, straight from their Parquet files.

Profiles are in the order of ``customer_key``, so a lookup reads one row group, and a page goes on
where the one before it ended. Files in another order can be looked up too, at the price of reading
more groups. A run's files never change: what is known of them stays in memory.
"""

from __future__ import annotations

import bisect
import dataclasses
import functools
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from tessera.contracts.tables import CUSTOMER_PRODUCTS, PROFILES

KEY = "customer_key"
_MOST_GROUPS = 100  # that one page reads: a filter that matches nobody would read them all
_FOLDERS_KEPT = 8
_NAMES = {*PROFILES.names, *CUSTOMER_PRODUCTS.names}

Row = dict[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """Rows in the order of their keys.

    Parameters
    ----------
    rows
        At most as many as were asked for.
    after
        The key after which the next page begins. None on the last page.
    """

    rows: Sequence[Row]
    after: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Group:
    """A row group, and the keys between which its rows are."""

    file: pq.ParquetFile
    place: int
    low: str
    high: str

    def read(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return some columns, or all. Those that an earlier version did not write are empty."""
        names = list(columns) if columns is not None else None
        table = self.file.read_row_group(self.place, columns=names, use_threads=False)
        for name in [*(names or ())]:
            if name not in table.column_names and name in _NAMES:
                table = table.append_column(name, pa.nulls(len(table)))
        return table


class ProfileReader:
    """Reads customers of a run.

    Parameters
    ----------
    data
        The data bucket.
    most_groups
        How many row groups a page reads before it ends early.
    """

    def __init__(self, data: Objects, *, most_groups: int = _MOST_GROUPS) -> None:
        self._data, self._most_groups = data, most_groups
        self._groups = functools.lru_cache(maxsize=_FOLDERS_KEPT)(self._opened)

    def row(self, prefix: str, key: str, *, columns: Sequence[str] | None = None) -> Row | None:
        """Return the row of a key below a prefix, None without one."""
        wanted = None if columns is None else [*dict.fromkeys((KEY, *columns))]
        for group in self._groups(prefix):
            if group.low <= key <= group.high:  # one only, where files are in order
                table = group.read(wanted)  # at once: keys by themselves would be decoded twice
                position = pc.index(table.column(KEY), key).as_py()
                if position >= 0:
                    row = table.slice(position, 1)
                    return dict((row.select(columns) if columns else row).to_pylist()[0])
        return None

    def rows(self, prefix: str, key: str) -> list[Row]:
        """Return all rows of a key below a prefix, of a table that has several of one."""
        groups = [group for group in self._groups(prefix) if group.low <= key <= group.high]
        tables = (group.read() for group in groups)
        return [
            dict(row)
            for table in tables
            for row in table.filter(pc.equal(table.column(KEY), key)).to_pylist()
        ]

    def page(self, prefix: str, *, after: str = "", where: Mapping[str, str], limit: int) -> Page:
        """Return the first rows after a key that have these values.

        Parameters
        ----------
        prefix
            Where the files are.
        after
            A key. Empty begins at the first customer.
        where
            By column, the text that a row must have. A column of the form ``labels.<set>`` is the
            label in that segment set.
        limit
            How many rows at most.
        """
        rows: list[Row] = []
        groups = self._groups(prefix)
        first = bisect.bisect_right(groups, after, key=lambda group: group.high)
        for looked_at, group in enumerate(groups[first:], start=1):
            rows += _matching(group, after=after, where=where, limit=limit + 1 - len(rows))
            if len(rows) > limit:
                return Page(rows=rows[:limit], after=rows[limit - 1][KEY])
            if looked_at == self._most_groups and group is not groups[-1]:
                return Page(rows=rows, after=group.high)
        return Page(rows=rows, after=None)

    def columns(self, prefix: str, names: Sequence[str]) -> Iterator[pa.Table]:
        """Yield some columns of all rows, a row group at a time."""
        for group in self._groups(prefix):
            yield group.read(names)

    def first_rows(
        self,
        prefix: str,
        columns: Sequence[str],
        *,
        by: str,
        among: Sequence[str],
        most_groups: int,
    ) -> Mapping[str, Row]:
        """Return the first row of each of some values.

        Parameters
        ----------
        prefix
            Where the files are.
        columns, by
            The columns of the rows, and that of the values.
        among
            The values.
        most_groups
            How many row groups are read. A value that none of them has is absent.
        """
        rows: dict[str, Row] = {}
        for table in itertools.islice(self.columns(prefix, (by, *columns)), most_groups):
            missing = [one for one in among if one not in rows]
            if not missing:
                break
            is_wanted = pc.is_in(table.column(by), value_set=pa.array(missing, pa.string()))
            for row in table.filter(is_wanted).to_pylist():
                rows.setdefault(row[by], row)
        return rows

    def _opened(self, prefix: str) -> tuple[_Group, ...]:
        groups = [
            group
            for key, size in self._data.sizes(prefix).items()
            if key.endswith(".parquet")
            for group in _groups_of(ObjectFile(self._data, key, size=size))
        ]
        return tuple(sorted(groups, key=lambda group: group.low))


def _groups_of(source: ObjectFile) -> Iterator[_Group]:
    file = pq.ParquetFile(source, pre_buffer=True)
    column = file.schema_arrow.get_field_index(KEY)
    for place in range(file.num_row_groups):
        group = file.metadata.row_group(place)
        if group.num_rows:
            limits = group.column(column).statistics
            yield _Group(file=file, place=place, low=limits.min, high=limits.max)


def _matching(group: _Group, *, after: str, where: Mapping[str, str], limit: int) -> list[Row]:
    """Return the first matching rows of a row group. Reads all columns only if there are any."""
    looked_at = {KEY: None, **dict.fromkeys(map(_column, where))}
    table = group.read(list(looked_at))
    mask = pc.greater(table.column(KEY), after)
    for name, value in where.items():
        mask = pc.and_kleene(mask, _equal(table, name, value))
    places = pc.indices_nonzero(mask.combine_chunks())[:limit]
    return [dict(row) for row in group.read().take(places).to_pylist()] if len(places) else []


def _column(name: str) -> str:
    return name.partition(".")[0]


def _equal(table: pa.Table, name: str, value: str) -> pa.ChunkedArray:
    column, _, inside = name.partition(".")
    if not inside:
        return pc.equal(table.column(column), value)
    # As adapters.tables.models writes them. A quote inside a label is escaped there and here.
    return pc.match_substring(table.column(column), f'"{inside}": {json.dumps(value)}')
