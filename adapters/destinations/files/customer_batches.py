"""The mapping query's rows in batches of whole customers: as columns, and as customers."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adapters.tables.parquet import arrow_schema
from tessera.contracts.tables import CUSTOMER_OUTPUT
from tessera.destinations import mapping
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Customer
from tessera.events.consent import CONSENTS
from tessera.events.contact_points.channels import EMAIL, EMAIL_CHANNELS, PHONE, PHONE_CHANNELS

SCHEMA = pa.schema(
    [
        *arrow_schema(CUSTOMER_OUTPUT),
        pa.field("channel_type", pa.string()),
        pa.field("address", pa.string()),
        pa.field("claim", pa.int64()),
        pa.field("ad_consent", pa.bool_()),
        pa.field("email_consent", pa.bool_()),
        pa.field("unreadable_email", pa.bool_()),
        pa.field("unreadable_phone", pa.bool_()),
    ]
)


@dataclasses.dataclass(frozen=True)
class CustomerBatch:
    """Every row of some customers, sorted as the mapping query sorts them.

    Parameters
    ----------
    rows
        One a customer and channel.
    """

    rows: pa.RecordBatch

    @functools.cached_property
    def profiles(self) -> pa.RecordBatch:
        """One row a customer, in the CUSTOMER_OUTPUT contract's columns."""
        return self.rows.select(list(CUSTOMER_OUTPUT.names)).filter(self._first)

    @functools.cached_property
    def numbers(self) -> NDArray[np.int64]:
        """Each row's customer, as a row of the profiles."""
        return np.cumsum(self._first.to_numpy(zero_copy_only=False)) - 1

    @functools.cached_property
    def contacts(self) -> pa.RecordBatch:
        """One row an address that is the customer's own."""
        return self.rows.filter(pc.equal(self.rows.column("claim"), 1))

    @functools.cached_property
    def customers(self) -> list[Customer]:
        """The customers one by one, for destinations that need each as an object."""
        return list(mapping.customers(_Columns(self.rows)))

    def with_labels(self, labels: pa.Array) -> CustomerBatch:
        """Return the customers with other labels, one text a customer in the profiles' order."""
        place = self.rows.schema.get_field_index("labels")
        rows = labels.take(pa.array(self.numbers))
        return CustomerBatch(self.rows.set_column(place, self.rows.schema.field(place), rows))

    def unusable(self, capabilities: Capabilities) -> dict[str, int]:
        """Count the customers whose addresses can't be read, or not be used at a destination.

        Returns
        -------
        dict
            Customers by ``unreadable_email`` and ``unreadable_phone``, 0 for a kind of address
            that the destination never gets.
        """
        counts = {}
        for kind in (EMAIL, PHONE):
            flags = self.rows.column(f"unreadable_{kind}")
            if capabilities.consented:
                flags = pc.and_(flags, self.rows.column("ad_consent"))
            count = pc.sum(flags.filter(self._first)).as_py() or 0
            counts[f"unreadable_{kind}"] = count if kind in capabilities.addresses else 0
        if capabilities.ascii_email:
            counts["unreadable_email"] += self._emails_beyond_ascii
        return counts

    @functools.cached_property
    def _emails_beyond_ascii(self) -> int:
        of_mail = pc.is_in(self.contacts.column("channel_type"), pa.array(EMAIL_CHANNELS))
        addresses = self.contacts.column("address").filter(of_mail)
        return len(addresses) - (pc.sum(pc.string_is_ascii(addresses)).as_py() or 0)

    def counted(self, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return the distinct values of some profile columns, with customers as ``count_all``."""
        profiles = pa.Table.from_batches([self.profiles.select(columns)])
        counts = profiles.group_by(columns, use_threads=False).aggregate([([], "count_all")])
        return list(counts.to_pylist())

    @functools.cached_property
    def emails(self) -> pa.Array:
        """Each customer's own e-mail address, null without one."""
        return self._addresses(EMAIL_CHANNELS)

    @functools.cached_property
    def phones(self) -> pa.Array:
        """Each customer's own phone number, null without one."""
        return self._addresses(PHONE_CHANNELS)

    def _addresses(self, channels: Sequence[str]) -> pa.Array:
        """Return each customer's own address on the first of these channels that has one."""
        own = pc.fill_null(pc.equal(self.rows.column("claim"), 1), pa.scalar(value=False))
        row_of = np.full(self.profiles.num_rows, -1)
        for channel in reversed(channels):  # the first one is written last
            on = pc.and_(own, pc.equal(self.rows.column("channel_type"), channel))
            places = np.flatnonzero(pc.fill_null(on, pa.scalar(value=False)))
            row_of[self.numbers[places]] = places
        return self.rows.column("address").take(pa.array(row_of, mask=row_of < 0))

    def reached(self) -> dict[str, Counter[str]]:
        """Count by segment the customers with each kind of own address, and who consented.

        Returns
        -------
        dict
            Customers by segment, for each count of ``SegmentReach``.
        """
        advertising, mailing = (self.rows.column(one).filter(self._first) for one in CONSENTS)
        email = pc.is_valid(self.emails)
        masks = {
            "customers": pa.array(np.full(self.profiles.num_rows, fill_value=True)),
            "email": email,
            "email_granted": pc.and_(email, mailing),
            "email_denied": pc.and_(email, pc.invert(mailing)),
            "phone": pc.is_valid(self.phones),
            "ad_consent": advertising,
        }
        segments = self.profiles.column("segment")
        chosen = {name: segments.filter(mask) for name, mask in masks.items()}
        return {
            name: Counter(
                {each["values"]: each["counts"] for each in labels.value_counts().to_pylist()}
            )
            for name, labels in chosen.items()
        }

    @functools.cached_property
    def _first(self) -> pa.Array:
        """Which rows are the first of their customer."""
        return _begins(self.rows.column("customer_key"))

    @property
    def shared_addresses(self) -> int:
        """How many addresses belong to another customer, seen with them more recently."""
        return pc.sum(pc.greater(self.rows.column("claim"), 1)).as_py() or 0

    @property
    def without_address(self) -> int:
        """How many customers have no own address."""
        reached = pc.count_distinct(self.contacts.column("customer_key")).as_py()
        return int(self.profiles.num_rows - reached)


def customer_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[CustomerBatch]:
    """Yield the query's rows such that no customer's are in two batches."""
    waiting = SCHEMA.empty_table()
    for batch in batches:
        fresh = pa.Table.from_batches([batch]).select(SCHEMA.names).cast(SCHEMA)
        rows = _one(pa.concat_tables([waiting, fresh]))
        last = _last_customer(rows)  # there may be more rows of it to come
        if last:
            yield CustomerBatch(rows.slice(0, last))
        waiting = pa.Table.from_batches([rows.slice(last)])
    if waiting.num_rows:
        yield CustomerBatch(_one(waiting))


def _one(table: pa.Table) -> pa.RecordBatch:
    [batch] = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], SCHEMA)]
    return batch


def _begins(keys: pa.Array) -> pa.Array:
    """Return which rows are the first of their customer."""
    changes = pc.not_equal(keys.slice(1), keys.slice(0, max(len(keys) - 1, 0)))
    return pa.concat_arrays([pa.array([True][: len(keys)], pa.bool_()), changes])


def _last_customer(rows: pa.RecordBatch) -> int:
    """Return where the rows of the last customer begin."""
    begins = np.flatnonzero(_begins(rows.column("customer_key")))
    return int(begins[-1]) if len(begins) else 0


class _Columns(dict[str, list[Any]]):
    """Columns as lists of Python values, each made when it is first asked for."""

    def __init__(self, rows: pa.RecordBatch) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, name: str) -> list[Any]:
        self[name] = _values(self._rows.column(name))
        return self[name]


def _values(column: pa.Array) -> list[Any]:
    """Return what ``to_pylist`` does, several times as fast where it makes objects."""
    kind = column.type
    if pa.types.is_decimal(kind):
        texts = column.cast(pa.string()).to_pylist()
        return [None if text is None else Decimal(text) for text in texts]
    if pa.types.is_date(kind):
        return list(column.to_numpy(zero_copy_only=False).astype("datetime64[D]").tolist())
    if pa.types.is_timestamp(kind):
        instants = (
            column.cast(pa.int64()).cast(pa.timestamp("us")).to_numpy(zero_copy_only=False).tolist()
        )
        return [each if each is None else each.replace(tzinfo=dt.UTC) for each in instants]
    return list(column.to_pylist())
