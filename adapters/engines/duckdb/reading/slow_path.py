"""The odd rows, read with care: each distinct text once, by the product's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.reading.fast_path import (
    CONSENT_TEXTS,
    EVENT,
    MONEY_TEXTS,
    PLAIN,
    TEXTS,
    amount_meant,
    event_meant,
    product_meant,
)
from adapters.engines.duckdb.reading.stand_ins import read_odd_persons
from adapters.engines.duckdb.reading.texts import map_texts
from adapters.engines.duckdb.session import Connection
from tessera.events.consent import CONSENTS
from tessera.events.currency_names import WITHOUT_DECIMALS, currency_of, merge
from tessera.events.names import CANCELLED, SUBSCRIPTIONS, UNCOUNTED, WITHOUT_MONEY
from tessera.events.persons.reading import STAND_INS
from tessera.events.products import PRODUCT
from tessera.events.reasons import (
    BAD_AMOUNT,
    CURRENCY_CONFLICT,
    DOUBTFUL_ID,
    MISSING_AMOUNT,
    UNKNOWN_EVENT,
)
from tessera.sources.rows import Reading, TextReader

_INSTANT = pa.schema(
    [("date_text", pa.string()), ("instant", pa.timestamp("us", tz="UTC")), ("code", pa.string())]
)
_EVENT = pa.schema([("event_text", pa.string()), ("event", pa.string())])
_MONEY = pa.schema(
    [
        *((name, pa.string()) for name in MONEY_TEXTS),
        ("money", pa.decimal128(18, 4)),
        ("returned", pa.bool_()),
        ("refunded", pa.decimal128(18, 4)),
        ("sign", pa.string()),
        ("three_places", pa.bool_()),
        ("one_assumed", pa.bool_()),
        ("code", pa.string()),
    ]
)


def read_odd_rows(
    connection: Connection, marked: str, *, reading: Reading, usual: Sequence[str]
) -> None:
    """Make the table ``odd_rows``: what the fast path left, read or with the code of its fault.

    Parameters
    ----------
    marked
        The relation of rows set apart: those of the fast path, with ``part`` and ``record``.
    usual
        Queries for the rows that are not odd, with their customers and contacts.
    """
    cells = {name: f"COALESCE({name}, '')" for name in TEXTS}
    # A row that is nobody's event names the reason as its event.
    cells["event_text"] = f"CASE WHEN skipped <> '' THEN skipped ELSE {cells['event_text']} END"
    texts = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    contacts = ", ".join(f"COALESCE({name}, '') AS {name}_text" for name in STAND_INS)
    connection.execute(
        f"CREATE OR REPLACE TABLE odd_texts AS SELECT part, record, "  # noqa: S608
        f"COALESCE(customer_id, '') AS id_text, currency, {', '.join(PLAIN)}, {texts}, {contacts} "
        f"FROM {marked} WHERE odd"
    )
    reader = TextReader(reading)

    def instant(row: Sequence[Any]) -> tuple[Any, ...]:
        value = reader.instant(row[0])
        return (*row, None, value) if isinstance(value, str) else (*row, value, None)

    def event(row: Sequence[Any]) -> tuple[Any, ...]:
        return *row, reader.event(row[0])

    def consent(row: Sequence[Any]) -> tuple[Any, ...]:
        value = reader.consent(row[0])
        return *row, value.answer, value.code

    def money(row: Sequence[Any]) -> tuple[Any, ...]:
        value = reader.money(tuple(row))
        if isinstance(value, str):
            return *row, None, None, None, None, None, None, value
        return (
            *row, value.amount, value.returned, value.refunded, value.currency,
            value.three_places, value.one_assumed, None,
        )  # fmt: skip

    def currency(row: Sequence[Any]) -> tuple[Any, ...]:
        named = merge(currency_of(row[0]), row[1])
        return *row, named, named is None, named in WITHOUT_DECIMALS

    map_texts(connection, "odd_instants", _distinct(TEXTS[:1]), _INSTANT, instant)
    map_texts(connection, "odd_events", _distinct(TEXTS[1:2]), _EVENT, event)
    for name, cell in zip(CONSENTS, CONSENT_TEXTS, strict=True):
        schema = pa.schema([(each, pa.string()) for each in (cell, name, "code")])
        map_texts(connection, f"odd_{name}", _distinct([cell]), schema, consent)
    map_texts(connection, "odd_money", _distinct(MONEY_TEXTS), _MONEY, money)
    map_texts(connection, "odd_currencies", _NAMED, _CURRENCY, currency)
    read_odd_persons(connection, reading.ids, usual=usual)
    connection.execute(_JOINED)


def _distinct(keys: Sequence[str]) -> str:
    return f"SELECT DISTINCT {', '.join(keys)} FROM odd_texts"  # noqa: S608 (our own names)


_CURRENCY = pa.schema(
    [
        ("currency_text", pa.string()), ("sign", pa.string()), ("currency", pa.string()),
        ("conflict", pa.bool_()), ("entire", pa.bool_()),
    ]
)  # fmt: skip
_SIGN = f"CASE WHEN e.event IN {WITHOUT_MONEY} THEN '' ELSE COALESCE(m.sign, '') END"
_MONEY_KEYS = ", ".join(MONEY_TEXTS)
_NAMED = f"""SELECT DISTINCT COALESCE(o.currency, ''), {_SIGN}
    FROM odd_texts AS o JOIN odd_events AS e USING (event_text)
    JOIN odd_money AS m USING ({_MONEY_KEYS})"""  # noqa: S608 (our own names)
# A subscription may begin, go on or end on a row without money. A cancelled order may not: an
# order's id says that it is one, and what to take off again must be known.
_NO_MONEY_MOVED = f"""m.code = '{MISSING_AMOUNT.code}' AND (e.event IN {SUBSCRIPTIONS}
                OR e.event = '{CANCELLED}' AND COALESCE(trim(o.order_id), '') = '')"""


def _plain(column: str) -> str:
    if column not in PRODUCT:
        return f"o.{column}"
    return f"{product_meant(f'o.{column}', event='e.event')} AS {column}"


_BAD_CONSENT = f"COALESCE({', '.join(f'odd_{name}.code' for name in CONSENTS)})"
_JOINED = f"""
CREATE OR REPLACE TABLE odd_rows AS
SELECT part, record, customer_id, {event_meant()} AS event, occurred_at, {amount_meant()} AS amount,
    currency, {", ".join(PLAIN)}, {", ".join(CONSENTS)}, one_assumed, code
FROM (
    SELECT o.part, o.record, p.customer_id, e.event::{EVENT} AS event, i.instant AS occurred_at,
        COALESCE(m.money, 0) AS money, m.returned, COALESCE(m.refunded, 0) AS refunded,
        c.currency, {", ".join(map(_plain, PLAIN))},
        {", ".join(f"odd_{name}.{name}" for name in CONSENTS)},
        e.event NOT IN {(*WITHOUT_MONEY, *UNCOUNTED)} AND COALESCE(m.one_assumed, false)
            AS one_assumed,
        CASE
            WHEN e.event IN {UNCOUNTED} THEN NULL
            WHEN p.refused THEN '{DOUBTFUL_ID.code}'
            WHEN i.code IS NOT NULL THEN i.code
            WHEN e.event IS NULL THEN '{UNKNOWN_EVENT.code}'
            WHEN e.event NOT IN {WITHOUT_MONEY} AND m.code IS NOT NULL AND NOT ({_NO_MONEY_MOVED})
            THEN m.code
            WHEN {_BAD_CONSENT} IS NOT NULL THEN {_BAD_CONSENT}
            WHEN c.conflict THEN '{CURRENCY_CONFLICT.code}'
            WHEN e.event NOT IN {WITHOUT_MONEY} AND m.three_places AND c.entire
            THEN '{BAD_AMOUNT.code}'
        END AS code
    FROM odd_texts AS o
    JOIN odd_instants AS i USING (date_text)
    JOIN odd_events AS e USING (event_text)
    {" ".join(f"JOIN odd_{name} USING ({name}_text)" for name in CONSENTS)}
    JOIN odd_money AS m USING ({_MONEY_KEYS})
    JOIN odd_currencies AS c
        ON COALESCE(o.currency, '') = c.currency_text AND {_SIGN} = c.sign
    JOIN odd_persons AS p ON o.part = p.part AND o.record = p.record
) AS read"""  # noqa: S608 (our own names)
