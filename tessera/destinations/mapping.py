"""Join profiles and identities: the query behind every destination, and its rows as customers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.table import Column, Table
from tessera.contracts.tables import IDENTITIES, PROFILES
from tessera.destinations.port import Contact, Customer
from tessera.events.consent import CONSENTS, IS_GRANTED, answered_at, each_consent
from tessera.events.contact_points.channels import EMAIL, KINDS, PHONE

_PROFILE = ", ".join(f"profiles.{name}" for name in PROFILES.names)


def _of(kind: str) -> str:
    """Return the channels of a kind of address as an SQL list."""
    return ", ".join(f"'{channel}'" for channel in KINDS if KINDS[channel] == kind).join("()")


_READ = {
    "address": Column("address", "string", "In its normal form", nullable=True),
    "unreadable": Column(
        "unreadable", "string", "The kind of an address that can't be read", nullable=True
    ),
}
_KEPT = (
    "customer_key", "customer_id", "channel_type", "ad_consent", "ad_consent_at", "email_consent",
    "email_consent_at",
)  # fmt: skip
CONTACT_POINTS = Table(
    "identities",
    "Identities as the query reads them, with addresses in their normal form",
    (
        *(column for column in IDENTITIES.columns if column.name in (*_KEPT, "last_seen_at")),
        *_READ.values(),
    ),
    key=(),
)

# Written in the SQL that DuckDB and Spark share. Every order is total, so results never vary.
# An unreadable address is ignored: an earlier readable one takes its place.
QUERY = f"""
WITH seen AS (
  SELECT identities.* FROM identities
  JOIN profiles ON profiles.customer_key = identities.customer_key
), people AS (
  SELECT customer_key, customer_id FROM (
    SELECT customer_key, customer_id, row_number() OVER (
      PARTITION BY customer_key ORDER BY last_seen_at DESC NULLS LAST, customer_id
    ) AS place FROM seen
  ) AS ranked WHERE place = 1
), latest AS (
  SELECT customer_key, channel_type, address, last_seen_at FROM (
    SELECT customer_key, channel_type, address, last_seen_at, row_number() OVER (
      PARTITION BY customer_key, channel_type ORDER BY last_seen_at DESC NULLS LAST, address
    ) AS place FROM seen
    WHERE channel_type IS NOT NULL AND address IS NOT NULL
  ) AS ranked WHERE place = 1
), contacts AS (
  SELECT latest.customer_key, latest.channel_type, latest.address, row_number() OVER (
    PARTITION BY latest.channel_type, latest.address
    ORDER BY latest.last_seen_at DESC NULLS LAST, people.customer_id, people.customer_key
  ) AS claim FROM latest
  JOIN people ON people.customer_key = latest.customer_key
), faults AS (
  SELECT customer_key,
    max(CASE WHEN unreadable = '{EMAIL}' THEN 1 ELSE 0 END)
      > max(CASE WHEN address IS NOT NULL AND channel_type IN {_of(EMAIL)} THEN 1 ELSE 0 END)
      AS unreadable_email,
    max(CASE WHEN unreadable = '{PHONE}' THEN 1 ELSE 0 END)
      > max(CASE WHEN address IS NOT NULL AND channel_type IN {_of(PHONE)} THEN 1 ELSE 0 END)
      AS unreadable_phone
  FROM seen
  WHERE customer_key IN (SELECT customer_key FROM seen WHERE unreadable IS NOT NULL)
  GROUP BY customer_key
), choices AS (
  SELECT customer_key, {answered_at("{consent}_at")}
  FROM seen WHERE {" OR ".join(f"{one} IS NOT NULL" for one in CONSENTS)} GROUP BY customer_key
), consents AS (
  SELECT customer_key, {each_consent(IS_GRANTED + " AS {consent}")} FROM choices
)
SELECT {_PROFILE}, people.customer_id, contacts.channel_type, contacts.address, contacts.claim,
  consents.ad_consent, consents.email_consent, faults.unreadable_email, faults.unreadable_phone
FROM profiles
JOIN people ON people.customer_key = profiles.customer_key
LEFT JOIN contacts ON contacts.customer_key = profiles.customer_key
LEFT JOIN consents ON consents.customer_key = profiles.customer_key
LEFT JOIN faults ON faults.customer_key = profiles.customer_key
ORDER BY profiles.customer_key, contacts.channel_type NULLS FIRST
"""  # noqa: S608 (column names of a contract, no values)


class Profile(Mapping[str, Any]):
    """One row of the PROFILES contract's columns. A value is read from its column on access.

    Parameters
    ----------
    columns
        The values of each column, row by row.
    row
        The row's index.
    """

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, Sequence[Any]], row: int) -> None:
        self._columns = columns
        self._row = row

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 (a column's type is the contract's)
        return self._columns[name][self._row]

    def __iter__(self) -> Iterator[str]:
        return iter(PROFILES.names)

    def __len__(self) -> int:
        return len(PROFILES.names)


def customers(rows: Mapping[str, Sequence[Any]]) -> Iterator[Customer]:
    """Yield the customers in the query's rows, which have one row per customer and channel.

    Parameters
    ----------
    rows
        Columns in the query's order, with all rows of each customer. ``claim`` is 1 if the address
        belongs to the customer. It is higher if the address belongs to another customer, who used
        it more recently, and null without a contact. ``ad_consent`` is null if it is unknown.
    """
    keys, ids, claims = rows["customer_key"], rows["customer_id"], rows["claim"]
    channels, addresses = rows["channel_type"], rows["address"]
    consents = rows["ad_consent"]
    for key, group in itertools.groupby(range(len(keys)), key=keys.__getitem__):
        indexes = list(group)
        first = indexes[0]
        yield Customer(
            key=key,
            customer_id=ids[first],
            profile=Profile(rows, first),
            contacts=tuple(
                [Contact(channels[row], addresses[row]) for row in indexes if claims[row] == 1]
            ),
            withheld=len([row for row in indexes if (claims[row] or 0) > 1]),
            ad_consent=consents[first],
        )
