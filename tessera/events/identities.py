"""Who an upload's customers are, one row a customer and address: a SQL text for all engines."""

from __future__ import annotations

# Of rows with one address the latest says where the customer lives; of equally late ones the
# first by its text, so that the order of rows decides nothing.
_IDENTITIES = """
WITH seen AS (
    SELECT customer_id, nullif(trim(upper(channel_type)), '') AS channel_type,
        nullif(trim(address), '') AS address, username, city, state, country,
        max(occurred_at) AS seen_at
    FROM ({people}) AS people GROUP BY ALL
), latest AS (
    SELECT *, row_number() OVER (
        PARTITION BY customer_id, channel_type, address
        ORDER BY seen_at DESC NULLS LAST, username NULLS LAST, city NULLS LAST, state NULLS LAST,
            country NULLS LAST
    ) AS place FROM seen
)
SELECT customer_key, latest.customer_id, username, channel_type, address, city, state, country,
    seen_at AS last_seen_at
FROM latest JOIN {keys} AS keys ON latest.customer_id = keys.customer_id
WHERE place = 1"""


def identities(people: str, *, keys: str) -> str:
    """Return the query for IDENTITIES, in any order.

    Parameters
    ----------
    people
        A query for what events say of their customers: customer_id, occurred_at, username,
        channel_type, address, city, state, country.
    keys
        A relation of customer_id and customer_key.
    """
    return _IDENTITIES.format(people=people, keys=keys)
