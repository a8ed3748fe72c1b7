"""Profiles ⋈ identities: the one query behind every destination, and its rows as customers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from tessera.contracts.tables import PROFILES
from tessera.destinations.port import Contact, Customer

_PROFILE = ", ".join(f"profiles.{name}" for name in PROFILES.names)
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"

# Written in the SQL that DuckDB and Spark share, with every order spelled out to the last tie.
# Mail addresses are compared without case, in ASCII alone: engines differ about other letters.
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
    PARTITION BY latest.channel_type,
      CASE WHEN latest.channel_type = 'EMAIL'
        THEN translate(latest.address, '{_UPPER}', '{_LOWER}') ELSE latest.address END
    ORDER BY latest.last_seen_at DESC NULLS LAST, people.customer_id, people.customer_key
  ) AS claim FROM latest
  JOIN people ON people.customer_key = latest.customer_key
)
SELECT {_PROFILE}, people.customer_id, contacts.channel_type, contacts.address, contacts.claim
FROM profiles
JOIN people ON people.customer_key = profiles.customer_key
LEFT JOIN contacts ON contacts.customer_key = profiles.customer_key
ORDER BY profiles.customer_key, contacts.channel_type NULLS FIRST
"""  # noqa: S608 (column names of a contract, no values)


def customers(rows: Iterable[Mapping[str, Any]]) -> Iterator[Customer]:
    """Yield the customers that the query's rows describe: one row a customer and channel.

    Parameters
    ----------
    rows
        Sorted as the query sorts them. ``claim`` is 1 where the address is the customer's own,
        more where somebody else, seen with it more recently, has it, and null without a contact.
    """
    columns = PROFILES.names
    for key, group in itertools.groupby(rows, key=itemgetter("customer_key")):
        found = list(group)
        yield Customer(
            key=key,
            customer_id=found[0]["customer_id"],
            profile={name: found[0][name] for name in columns},
            contacts=tuple(
                Contact(row["channel_type"], row["address"]) for row in found if row["claim"] == 1
            ),
            withheld=sum(row["claim"] is not None and row["claim"] > 1 for row in found),
        )
