"""Customers by the shop's id or an address: the one search, from an index that Prepare writes.

An index is sorted by mark. So a search reads one row group of it, and its footer once.
"""

from __future__ import annotations

import bisect
import functools
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from adapters.stores.upload_history import UploadHistory
from tessera.contracts.tables import SEARCH_INDEX
from tessera.events.search import SearchMarks
from tessera.naming import search_prefix

MOST = 20
_MARK, _KEY = SEARCH_INDEX.names
_FILES_KEPT = 1024  # open: an index never changes
_WHOLE_BYTES = 128 * 1024  # a file so small is read at once and kept
_AT_ONCE = 16


class CustomerFinder:
    """Searches the indexes of a tenant's uploads. It reads no identities.

    Parameters
    ----------
    data, identities
        The two buckets.
    """

    def __init__(self, data: Objects, identities: Objects) -> None:
        self._data, self._identities = data, identities
        self._opened = functools.lru_cache(maxsize=_FILES_KEPT)(self._open)

    def find(self, tenant: str, term: str) -> tuple[str, ...] | None:
        """Return the keys of at most 20 customers with exactly this id or address, sorted.

        None if an upload's identities have no index yet: the next run of the tenant writes it.
        """
        # A run may replace an upload between two listings: then the second look is the right one.
        stored = self._indexes(tenant) or self._indexes(tenant)
        if stored is None:
            return None
        files = [(key, size) for key, size in stored.items() if key.endswith(".parquet")]
        for marks in SearchMarks(tenant).of_term(term):
            keys = self._with_marks(files, marks)
            if keys:
                return tuple(sorted(keys)[:MOST])
        return ()

    def _indexes(self, tenant: str) -> dict[str, int] | None:
        """Return the objects of the indexes that count, with their sizes."""
        history = UploadHistory(self._data, self._identities, tenant=tenant)
        people = history.people_keys(run_id="")
        stored = self._identities.sizes(search_prefix(tenant))
        if history.unindexed(people, indexes=stored):
            return None
        counting = {history.index_folder(key) for key in people}
        return {
            key: size for key, size in stored.items() if f"{key.rpartition('/')[0]}/" in counting
        }

    def _with_marks(self, files: list[tuple[str, int]], marks: Iterable[int]) -> set[str]:
        def search(file: tuple[str, int]) -> set[str]:
            index = self._opened(*file)
            return {key for mark in marks for key in index.keys(mark)}

        if len(files) == 1:
            return search(files[0])
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return set().union(*pool.map(search, files))

    def _open(self, key: str, size: int) -> _Index:
        if size <= _WHOLE_BYTES:
            return _Index(pq.ParquetFile(io.BytesIO(self._identities.read(key))))
        return _Index(pq.ParquetFile(ObjectFile(self._identities, key, size=size)))


class _Index:
    """A file of an index. Keys, its largest column, are read where somebody matches."""

    def __init__(self, file: pq.ParquetFile) -> None:
        self._file = file

    def keys(self, mark: int) -> Iterator[str]:
        """Yield the keys that have a mark."""
        groups = range(self._file.num_row_groups)
        first = bisect.bisect_left(groups, mark, key=lambda group: self._limits(group)[1])
        for group in groups[first:]:
            if self._limits(group)[0] > mark:
                break
            yield from self._keys_in(group, mark)

    def _limits(self, group: int) -> tuple[int, int]:
        """Return the least and the greatest mark of a row group."""
        limits = self._file.metadata.row_group(group).column(0).statistics
        return limits.min, limits.max

    def _keys_in(self, group: int, mark: int) -> Iterator[str]:
        marks = self._read(group, _MARK).to_numpy()
        first, last = marks.searchsorted(mark, "left"), marks.searchsorted(mark, "right")
        if first < last:
            yield from self._read(group, _KEY).slice(first, last - first).to_pylist()

    def _read(self, group: int, column: str) -> pa.ChunkedArray:
        return self._file.read_row_group(group, columns=[column], use_threads=False).column(0)
