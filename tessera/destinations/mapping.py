"""Profiles ⋈ identities: the one query behind every destination, and its rows as customers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tessera.contracts.tables import PROFILES
from tessera.destinations.port import Contact, Customer
from tessera.events.consent import DENIED, GRANTED

_PROFILE = ", ".join(f"profiles.{name}" for name in PROFILES.names)
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"

# Written in the SQL that DuckDB and Spark share, with every order spelled out to the last tie.
# Mail addresses are compared without case, in ASCII alone: engines differ about other letters.
# ``translate`` is slow; an address that is its own lower() has nothing for it to do, in any engine.
# Of what was said of consent to advertising the latest counts; of both at one instant, the no.
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
  SELECT customer_key, channel_type, address, last_seen_at,
    CASE WHEN channel_type <> 'EMAIL' OR address = lower(address) THEN address
      ELSE translate(address, '{_UPPER}', '{_LOWER}') END AS claimed
  FROM (
    SELECT customer_key, channel_type, address, last_seen_at, row_number() OVER (
      PARTITION BY customer_key, channel_type ORDER BY last_seen_at DESC NULLS LAST, address
    ) AS place FROM seen
    WHERE channel_type IS NOT NULL AND address IS NOT NULL
  ) AS ranked WHERE place = 1
), contacts AS (
  SELECT latest.customer_key, latest.channel_type, latest.address, row_number() OVER (
    PARTITION BY latest.channel_type, latest.claimed
    ORDER BY latest.last_seen_at DESC NULLS LAST, people.customer_id, people.customer_key
  ) AS claim FROM latest
  JOIN people ON people.customer_key = latest.customer_key
), said AS (
  SELECT customer_key, max(CASE WHEN ad_consent = '{GRANTED}' THEN ad_consent_at END) AS granted_at,
    max(CASE WHEN ad_consent = '{DENIED}' THEN ad_consent_at END) AS denied_at
  FROM seen WHERE ad_consent IS NOT NULL GROUP BY customer_key
), consents AS (
  SELECT customer_key, COALESCE(
    granted_at > denied_at, granted_at IS NOT NULL AND denied_at IS NULL
  ) AS ad_consent FROM said
)
SELECT {_PROFILE}, people.customer_id, contacts.channel_type, contacts.address, contacts.claim,
  consents.ad_consent
FROM profiles
JOIN people ON people.customer_key = profiles.customer_key
LEFT JOIN contacts ON contacts.customer_key = profiles.customer_key
LEFT JOIN consents ON consents.customer_key = profiles.customer_key
ORDER BY profiles.customer_key, contacts.channel_type NULLS FIRST
"""  # noqa: S608 (column names of a contract, no values)


class Profile(Mapping[str, Any]):
    """One row of the PROFILES contract's columns; a value is read when somebody asks for it.

    Parameters
    ----------
    columns
        The values of each column, row by row.
    row
        Which row it is.
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
    """Yield the customers that the query's rows describe: one row a customer and channel.

    Parameters
    ----------
    rows
        Columns, sorted as the query sorts them, with every row of each customer. ``claim`` is 1
        where the address is the customer's own, more where somebody else, seen with it more
        recently, has it, and null without a contact. ``ad_consent`` is null where nobody said.
    """
    keys, ids, claims = rows["customer_key"], rows["customer_id"], rows["claim"]
    channels, addresses = rows["channel_type"], rows["address"]
    consents = rows["ad_consent"]
    for key, group in itertools.groupby(range(len(keys)), key=keys.__getitem__):
        found = list(group)
        yield Customer(
            key=key,
            customer_id=ids[found[0]],
            profile=Profile(rows, found[0]),
            contacts=tuple(
                [Contact(channels[row], addresses[row]) for row in found if claims[row] == 1]
            ),
            withheld=len([row for row in found if (claims[row] or 0) > 1]),
            ad_consent=consents[found[0]],
        )
