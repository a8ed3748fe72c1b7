"""Who an upload's customers are, one row a customer and address: a SQL text for all engines."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tessera.events.consent import (
    DENIED,
    GRANTED,
    IS_GRANTED,
    answered_at,
    each_consent,
)
from tessera.events.consent import (
    answers as answers_of,
)
from tessera.events.contact_points.channels import CONTACT_CHANNELS, channel_sql

_SAME = "PARTITION BY customer_id, channel_type, address"
# Of rows with one address the latest says where the customer lives. Ties go to the first by its
# text, so that the order of rows decides nothing.
_LATEST_FIRST = """ORDER BY seen_at DESC NULLS LAST, username NULLS LAST, city NULLS LAST,
            state NULLS LAST, country NULLS LAST"""
# Over the same order, so that an engine sorts once for all.
_ANY = f"({_SAME} {_LATEST_FIRST} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"

_ANSWERED = each_consent("{consent}_granted_at, {consent}_denied_at")
_LATEST_ANSWERS = each_consent(
    f"max({{consent}}_granted_at) OVER {_ANY} AS {{consent}}_granted_at, "
    f"max({{consent}}_denied_at) OVER {_ANY} AS {{consent}}_denied_at"
)
_CONSENTS = each_consent(
    f"CASE {IS_GRANTED} WHEN true THEN '{GRANTED}' WHEN false THEN '{DENIED}' END AS {{consent}}, "
    "greatest({consent}_granted_at, {consent}_denied_at) AS {consent}_at"
)
_NO_CONSENTS = each_consent(
    "CAST(NULL AS STRING) AS {consent}, CAST(NULL AS TIMESTAMP) AS {consent}_at"
)
_IDENTITIES = f"""
WITH seen AS (
    SELECT customer_id, channel_type, address, username, city, state, country,
        max(occurred_at) AS seen_at{{answered_at}}
    FROM ({{people}}) AS people GROUP BY ALL
), spelt AS (
    SELECT customer_id, nullif(trim(upper(channel_type)), '') AS channel_type,
        nullif(trim(address), '') AS address, username, city, state, country, seen_at{{answered}}
    FROM seen
), named AS (
    SELECT customer_id, {channel_sql("channel_type", address="address")} AS channel_type,
        address, username, city, state, country, seen_at{{answered}}
    FROM spelt
), latest AS (
    SELECT customer_id, username, channel_type, address, city, state, country, seen_at,
        row_number() OVER ({_SAME} {_LATEST_FIRST}) AS place{{latest_answers}}
    FROM named
)
SELECT customer_id, username, channel_type, address, city, state, country,
    {{consents}}, seen_at AS last_seen_at
FROM latest
WHERE place = 1"""  # noqa: S608 (our own words)


def identities(people: str, *, answers: bool = True) -> str:
    """Return the query for IDENTITIES without the customers' keys, in any order.

    Parameters
    ----------
    people
        A query for what events say of their customers: customer_id, occurred_at, username,
        channel_type, address, city, state, country, ad_consent, email_consent.
    answers
        Whether one of them may give or deny a consent. Looking for answers costs a fifth.
    """
    if not answers:
        return _IDENTITIES.format(
            people=people, answered_at="", answered="", latest_answers="", consents=_NO_CONSENTS
        )
    return _IDENTITIES.format(
        people=people,
        answered_at=f", {answered_at('occurred_at')}",
        answered=f", {_ANSWERED}",
        latest_answers=f", {_LATEST_ANSWERS}",
        consents=_CONSENTS,
    )


def contacts(rows: str, columns: Collection[str], *, where: str = "true") -> Iterator[str]:
    """Yield queries for a customer's contacts: the address, an e-mail address, a phone number.

    Parameters
    ----------
    rows
        A query for an upload's rows, with all columns that ``identities`` needs, e-mail and phone.
    columns
        Those of our columns that the file has.
    where
        Which rows count.
    """
    kinds = [name for name in CONTACT_CHANNELS if name in columns]
    channel, address = "channel_type", "address"
    if "address" not in columns and kinds:
        address = kinds.pop(0)
        channel = f"CASE WHEN {address} IS NOT NULL THEN '{CONTACT_CHANNELS[address]}' END"
    consents = answers_of(columns)
    beside = " AND ".join(f"{name} IS NULL" for name in kinds)
    only = f" AND NOT ({address} IS NULL AND NOT ({beside}))" if kinds else ""
    yield _contact(rows, channel, address, where + only, answers=consents)
    for name in kinds:
        channel = f"'{CONTACT_CHANNELS[name]}'"
        yield _contact(rows, channel, name, f"{where} AND {name} IS NOT NULL", answers=consents)


def _contact(rows: str, channel: str, address: str, where: str, *, answers: str) -> str:
    return (
        f"SELECT customer_id, occurred_at, username, {channel} AS channel_type, "  # noqa: S608
        f"{address} AS address, city, state, country, {answers} FROM ({rows}) "
        f"WHERE {where}"
    )


def with_keys(identities: str, *, keys: str) -> str:
    """Return the query for IDENTITIES.

    Parameters
    ----------
    identities, keys
        A relation of ``identities``, and one of customer_id and customer_key.
    """
    return f"SELECT keys.customer_key, people.* FROM {identities} AS people JOIN {keys} AS keys ON people.customer_id = keys.customer_id"  # noqa: S608, E501
