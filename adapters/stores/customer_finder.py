"""Customers by the shop's id or an address: the one search that reads identities."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from adapters.stores.upload_history import UploadHistory

MOST = 20
_FILES_KEPT = 64  # in memory: the files of an upload never change
_KEY, _ID, _ADDRESS = "customer_key", "customer_id", "address"
_PHONE = r"\+?[0-9 ()./-]{5,}"
_PHONE_SIGNS = r"[ ()./-]"


class CustomerFinder:
    """Searches the identities of a tenant's uploads, each file read once.

    Parameters
    ----------
    data, identities
        The two buckets.
    """

    def __init__(self, data: Objects, identities: Objects) -> None:
        self._data, self._identities = data, identities
        self._people = functools.lru_cache(maxsize=_FILES_KEPT)(self._read)

    def find(self, tenant: str, term: str) -> tuple[str, ...]:
        """Return the keys of at most 20 customers with exactly this id or address, sorted.

        Ids are compared as they are. E-mail addresses may differ in capitals, and phone numbers
        in blanks and signs between their digits. A number that is an id is no phone number.
        """
        history = UploadHistory(self._data, self._identities, tenant=tenant)
        people = [self._people(file) for file in history.people_keys(run_id="")]
        wanted = term.strip()
        keys = {key for one in people for key in one.named(wanted)}
        if not keys and re.fullmatch(_PHONE, wanted):
            keys = {key for one in people for key in one.reached_at(wanted)}
        return tuple(sorted(keys)[:MOST])

    def _read(self, key: str) -> _People:
        return _People(self._identities.read(key))


class _People:
    """One file of identities. Keys, its largest column, are read where somebody matches."""

    def __init__(self, content: bytes) -> None:
        self._file = pq.ParquetFile(io.BytesIO(content))
        table = self._file.read(columns=[_ID, _ADDRESS], use_threads=False)
        self._ids = table.column(_ID)
        self._addresses = pc.utf8_lower(table.column(_ADDRESS))

    @functools.cached_property
    def _digits(self) -> pa.ChunkedArray:
        """The addresses without what people put between digits."""
        return pc.replace_substring_regex(self._addresses, _PHONE_SIGNS, "")

    def named(self, term: str) -> Iterator[str]:
        """Yield the keys of those with this id or address."""
        ids, addresses = pc.equal(self._ids, term), pc.equal(self._addresses, term.lower())
        return self._keys(pc.or_kleene(ids, addresses))

    def reached_at(self, number: str) -> Iterator[str]:
        """Yield the keys of those with this phone number."""
        return self._keys(pc.equal(self._digits, re.sub(_PHONE_SIGNS, "", number)))

    def _keys(self, match: pa.ChunkedArray) -> Iterator[str]:
        for place in pc.indices_nonzero(match.combine_chunks()).to_pylist():
            yield self._key(place)

    def _key(self, place: int) -> str:
        for group in range(self._file.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if place < rows:
                return str(self._file.read_row_group(group, columns=[_KEY]).column(0)[place])
            place -= rows
        raise AssertionError(f"row {place} is behind the last one")
