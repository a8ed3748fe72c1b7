"""Who people are, by an id or an address: from identities, events and ledgers, read in place."""

from __future__ import annotations

import collections
import dataclasses
import gzip
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from tessera.destinations.planning.ledger import from_lines
from tessera.destinations.port import Contact
from tessera.erasure.people import KnownPerson
from tessera.erasure.request import NotErasableError
from tessera.naming import events_prefix, identities_prefix, tenant_prefix

_WHO = ["customer_key", "customer_id", "channel_type", "address"]
_ORDERS = ["customer_key", "order_id", "event_id"]
_LEDGER = re.compile(r"tenants/[^/]+/destinations/([^/]+)/ledger/.+\.csv\.gz")
_Rows = list[dict[str, str | None]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ResolvedPeople:
    """People, and the terms that name nobody.

    Parameters
    ----------
    people
        Each once.
    unknown
        The terms that nobody has. The repr does not show them.
    """

    people: tuple[KnownPerson, ...]
    unknown: tuple[str, ...] = dataclasses.field(repr=False)


class PeopleReader:
    """Reads who a tenant's customers are.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant
        Whose customers.
    key_of
        From an id to its customer key.
    """

    def __init__(
        self, data: Objects, identities: Objects, *, tenant: str, key_of: Callable[[str], str]
    ) -> None:
        self._data, self._identities = data, identities
        self._tenant, self._key_of = tenant, key_of

    def resolve(self, terms: Iterable[str]) -> ResolvedPeople:
        """Return the people that ids and addresses name.

        An address that is also an id, such as that of a guest, is the same person's.

        Raises
        ------
        NotErasableError
            An address belongs to several customers. The message does not name them.
        """
        wanted = {term.strip(): self._key_of(term) for term in terms}
        small = {term.lower(): term for term in wanted}
        by_address = self._rows_with(addresses=set(small))
        keys = self._keys(wanted, by_address)
        rows = self._rows_with(keys=keys)
        more = {self._key_of(str(row["address"])) for row in rows if row["address"]} - keys
        if more:
            rows += self._rows_with(keys=more)
        known = {str(row["customer_key"]) for row in rows}
        unknown = [
            term for term, key in wanted.items()
            if key not in known and not self._with(by_address, term)
        ]  # fmt: skip
        shared = self._shared(rows, known)
        orders = self._order_keys(known)
        return ResolvedPeople(
            people=tuple(
                _person(key, [row for row in rows if row["customer_key"] == key], shared, orders)
                for key in sorted(known)
            ),
            unknown=tuple(unknown),
        )

    def traces(self, keys: Collection[str]) -> dict[str, dict[str, list[list[str]]]]:
        """Return what the ledgers have of customers: id and trace, by destination and key."""
        there: dict[str, dict[str, list[list[str]]]] = {}
        prefix = f"{tenant_prefix(self._tenant)}destinations/"
        for name in self._identities.keys(prefix):
            match = re.match(r"([^/]+)/ledger/", name.removeprefix(prefix))
            if match is None:
                continue
            entries = there.setdefault(match[1], {})
            if _LEDGER.fullmatch(name):
                for key, customer_id, trace in self._entries(name, keys):
                    if [customer_id, trace] not in entries.setdefault(key, []):
                        entries[key].append([customer_id, trace])
        return there

    def _keys(self, wanted: Mapping[str, str], by_address: _Rows) -> set[str]:
        keys = set()
        ids = {str(row["customer_key"]) for row in self._rows_with(keys={*wanted.values()})}
        for term, key in wanted.items():
            theirs = {str(row["customer_key"]) for row in self._with(by_address, term)}
            if len(theirs - {key}) > 1:
                raise NotErasableError(
                    f"an address belongs to {len(theirs)} customers: erase each by the shop's id"
                )
            keys |= theirs | ({key} & ids)
        return keys

    def _with(self, rows: _Rows, term: str) -> _Rows:
        return [row for row in rows if str(row["address"]).strip().lower() == term.lower()]

    def _rows_with(self, *, keys: Collection[str] = (), addresses: Collection[str] = ()) -> _Rows:
        """Return the rows of identities with some keys or addresses."""
        rows: _Rows = []
        if not keys and not addresses:
            return rows
        for table in self._tables(self._identities, identities_prefix(self._tenant), _WHO):
            if keys:
                mask = pc.is_in(
                    table.column("customer_key"), value_set=pa.array(sorted(keys), pa.string())
                )
            else:
                small = pc.utf8_lower(pc.utf8_trim_whitespace(table.column("address")))
                mask = pc.is_in(small, value_set=pa.array(sorted(addresses), pa.string()))
            rows += table.filter(mask).to_pylist()
        return rows

    def _shared(self, rows: _Rows, known: Collection[str]) -> frozenset[str]:
        """Return the addresses, in small letters, that customers beside these have too."""
        addresses = {str(row["address"]).strip().lower() for row in rows if row["address"]}
        if not addresses:
            return frozenset()
        others = self._rows_with(addresses=addresses)
        return frozenset(
            str(row["address"]).strip().lower()
            for row in others
            if row["customer_key"] not in known
        )

    def _order_keys(self, keys: Collection[str]) -> Mapping[str, set[str]]:
        orders: dict[str, set[str]] = collections.defaultdict(set)
        wanted = pa.array(sorted(keys), pa.string())
        prefix = events_prefix(self._tenant)
        for table in self._tables(self._data, prefix, _ORDERS, between=sorted(keys)):
            theirs = table.filter(pc.is_in(table.column("customer_key"), value_set=wanted))
            for row in theirs.to_pylist():
                for name in _ORDERS[1:]:
                    if row.get(name):
                        orders[row["customer_key"]].add(row[name])
        return orders

    def _tables(
        self, objects: Objects, prefix: str, columns: Sequence[str], *,
        between: Sequence[str] = (),
    ) -> Iterator[pa.Table]:  # fmt: skip
        """Yield the row groups of all files below a prefix that may have some keys."""
        for key, size in objects.sizes(prefix).items():
            if not key.endswith(".parquet"):
                continue
            with pq.ParquetFile(ObjectFile(objects, key, size=size)) as file:
                has = [name for name in columns if name in file.schema_arrow.names]
                if not has or has[0] != "customer_key":
                    continue
                place = file.schema_arrow.names.index("customer_key")
                for group in range(file.num_row_groups):
                    limits = file.metadata.row_group(group).column(place).statistics
                    if _may_have(limits, between):
                        yield file.read_row_group(group, columns=has)

    def _entries(self, name: str, keys: Collection[str]) -> Iterator[tuple[str, str, str]]:
        packed = gzip.GzipFile(fileobj=io.BytesIO(self._identities.read(name)))
        for entry in from_lines(io.TextIOWrapper(packed, encoding="utf-8", newline="\n")):
            if entry.key in keys:
                yield entry.key, entry.customer_id, entry.trace


def _may_have(limits: pq.Statistics | None, keys: Sequence[str]) -> bool:
    """Return whether a row group may have some keys, by its least and greatest one."""
    if not keys or limits is None or not limits.has_min_max:
        return True
    return any(limits.min <= key <= limits.max for key in keys)


def _person(
    key: str, rows: _Rows, shared: frozenset[str], orders: Mapping[str, set[str]]
) -> KnownPerson:
    addresses = {
        (str(row["channel_type"] or ""), str(row["address"])) for row in rows if row["address"]
    }
    return KnownPerson(
        customer_key=key,
        ids=tuple(sorted({str(row["customer_id"]) for row in rows})),
        contacts=tuple(Contact(kind, address) for kind, address in sorted(addresses)),
        shared=tuple(sorted({a for _, a in addresses if a.strip().lower() in shared})),
        order_keys=tuple(sorted(orders.get(key, ()))),
    )
