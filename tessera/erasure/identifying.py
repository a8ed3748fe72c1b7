"""Which columns of any file identify a customer: ours, and those of uploads and raw files."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from tessera import naming
from tessera.events.names import normalised
from tessera.sources.mappings import shipped
from tessera.sources.recognition.contract import COLUMNS
from tessera.sources.tables.mapping import TableMapping

_IDENTIFY = ("customer_id", "other_id", "email", "phone", "address")
_OURS = ("customer_key", "recipient")
_CUSTOMER = ("CustomerID", "OtherID")
_DATABASE = "database"


@dataclasses.dataclass(frozen=True, kw_only=True)
class IdentifyingHeaders:
    """Which columns and members identify a customer, by file. All names are normalised.

    Parameters
    ----------
    anywhere
        Those that do in any file.
    by_folder
        Those that do only in files below a prefix: an ``id`` of one table is a customer's, and of
        another one an order's.
    """

    anywhere: frozenset[str]
    by_folder: Mapping[str, frozenset[str]] = dataclasses.field(default_factory=dict)

    @classmethod
    def joined(cls, anywhere: frozenset[str], more: Iterable[tuple[str, Iterable[str]]]) -> Self:
        """Return the headers, with more of some folders."""
        by_folder: dict[str, frozenset[str]] = {}
        for folder, headers in more:
            by_folder[folder] = by_folder.get(folder, frozenset()).union(headers)
        return cls(anywhere=anywhere, by_folder=by_folder)

    def of(self, key: str) -> frozenset[str]:
        """Return the headers that identify a customer in the file of a key."""
        own = [each for folder, each in self.by_folder.items() if key.startswith(folder)]
        return self.anywhere.union(*own)


def usual_headers() -> frozenset[str]:
    """Return every header that identifies a customer, normalised."""
    known = {name for column in COLUMNS if column.name in _IDENTIFY for name in column.accepted}
    return frozenset({*known, *map(normalised, _OURS), *_headers_of_exports()})


def _headers_of_exports() -> Iterator[str]:
    """Yield the headers by which exports of known tools name a customer."""
    for mapping in shipped().values():
        returns = mapping.export.returns if mapping.export else {}
        for columns, name in itertools.product((mapping.columns, returns), _IDENTIFY):
            yield from map(normalised, columns.get(name, ()))


def headers_of_settings(columns: Mapping[str, Any]) -> frozenset[str]:
    """Return the headers that a tenant's setting ``columns`` names for what identifies."""
    named = (columns.get(name) for name in _IDENTIFY)
    return frozenset(normalised(str(each)) for each in named if each)


def headers_of_mappings(
    mappings: Mapping[str, TableMapping], *, tenant: str, kind: str
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield folders, and the columns of their files that mapping files name for the customer.

    Where a table's column of the customer leads to a lookup, the lookup's key is the customer too.

    Parameters
    ----------
    mappings
        By table or object.
    kind
        ``database`` or ``crm``: where their files are.
    """
    for table, mapping in mappings.items():
        for of_table, columns in _customers_of(table, mapping):
            headers = frozenset(map(normalised, columns))
            yield from ((folder, headers) for folder in _folders(tenant, kind, of_table))


def _customers_of(table: str, mapping: TableMapping) -> Iterator[tuple[str, set[str]]]:
    """Yield the table and its lookups, each with its columns that have the customer's id."""
    used = {
        (each.lookup, each.name)
        for header in _CUSTOMER
        if header in mapping.columns
        for each in mapping.columns[header].columns
    }
    own = {name for lookup, name in used if not lookup}
    for name, lookup in mapping.lookups.items():
        keys = {key for key, by in zip(lookup.key, lookup.by, strict=True) if by in own}
        theirs = {column for of, column in used if of == name}
        joined = {by for key, by in zip(lookup.key, lookup.by, strict=True) if key in theirs}
        own |= joined
        yield lookup.table, keys | theirs
    yield table, own


def _folders(tenant: str, kind: str, table: str) -> tuple[str, ...]:
    if kind == _DATABASE:
        schema, _, name = table.rpartition(".")
        return (f"{naming.raw_prefix(tenant, _DATABASE)}{schema or 'public'}/{name}/",)
    return naming.crm_exports_prefix(tenant, table), naming.crm_raw_prefix(tenant, table)


def places_of(header: Sequence[str], headers: Iterable[str]) -> tuple[int, ...]:
    """Return where the columns that identify a customer stand in a header."""
    wanted = frozenset(headers)
    return tuple(at for at, name in enumerate(header) if normalised(name) in wanted)
