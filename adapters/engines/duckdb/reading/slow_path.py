"""The odd rows, read with care: each distinct text once, by the product's own functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.reading.fast_path import (
    CONSENT,
    EVENT,
    MONEY_TEXTS,
    PLAIN,
    TEXTS,
    amount_meant,
    event_meant,
)
from adapters.engines.duckdb.session import Connection
from tessera.events.names import CANCELLED, SUBSCRIPTIONS, UNCOUNTED, WITHOUT_MONEY
from tessera.events.reasons import (
    MISSING_AMOUNT,
    MISSING_CUSTOMER_ID,
    UNKNOWN_EVENT,
)
from tessera.sources.rows import Reading, TextReader

_BATCH = 50_000
_INSTANT = pa.schema(
    [("date_text", pa.string()), ("instant", pa.timestamp("us", tz="UTC")), ("code", pa.string())]
)
_EVENT = pa.schema([("event_text", pa.string()), ("event", pa.string())])
_CONSENT = pa.schema([("consent_text", pa.string()), (CONSENT, pa.string()), ("code", pa.string())])
_MONEY = pa.schema(
    [
        *((name, pa.string()) for name in MONEY_TEXTS),
        ("money", pa.decimal128(18, 4)),
        ("returned", pa.bool_()),
        ("refunded", pa.decimal128(18, 4)),
        ("code", pa.string()),
    ]
)


def read_odd_rows(connection: Connection, marked: str, *, reading: Reading) -> None:
    """Make the table ``odd_rows``: what the fast path left, read or with the code of its fault.

    Parameters
    ----------
    marked
        The relation of rows set apart: those of the fast path, with ``part`` and ``record``.
    """
    cells = {name: f"COALESCE({name}, '')" for name in TEXTS}
    # A row that is nobody's event names the reason as its event.
    cells["event_text"] = f"CASE WHEN skipped <> '' THEN skipped ELSE {cells['event_text']} END"
    texts = ", ".join(f"{cell} AS {name}" for name, cell in cells.items())
    connection.execute(
        f"CREATE TABLE odd_texts AS SELECT part, record, customer_id, "  # noqa: S608
        f"currency, {', '.join(PLAIN)}, {texts} FROM {marked} WHERE odd"
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
            return *row, None, None, None, value
        return *row, value.amount, value.returned, value.refunded, None

    _map(connection, "odd_instants", TEXTS[:1], _INSTANT, instant)
    _map(connection, "odd_events", TEXTS[1:2], _EVENT, event)
    _map(connection, "odd_consents", TEXTS[2:3], _CONSENT, consent)
    _map(connection, "odd_money", MONEY_TEXTS, _MONEY, money)
    connection.execute(_JOINED)


def _map(
    connection: Connection,
    table: str,
    keys: Sequence[str],
    schema: pa.Schema,
    read: Callable[[Sequence[Any]], tuple[Any, ...]],
) -> None:
    distinct = f"SELECT DISTINCT {', '.join(keys)} FROM odd_texts"  # noqa: S608 (our own names)
    reader = connection.cursor().sql(distinct).to_arrow_reader(_BATCH)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            columns = list(zip(*(read(row) for row in rows), strict=True))
            if columns:
                arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    made = pa.RecordBatchReader.from_batches(schema, batches())
    connection.register("made", made)
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM made")  # noqa: S608
    connection.unregister("made")


_MONEY_KEYS = ", ".join(MONEY_TEXTS)
# A subscription may begin, go on or end on a row without money. A cancelled order may not: an
# order's id says that it is one, and what to take off again must be known.
_NO_MONEY_MOVED = f"""m.code = '{MISSING_AMOUNT.code}' AND (e.event IN {SUBSCRIPTIONS}
                OR e.event = '{CANCELLED}' AND COALESCE(trim(o.order_id), '') = '')"""
_JOINED = f"""
CREATE TABLE odd_rows AS
SELECT part, record, customer_id, {event_meant()} AS event, occurred_at, {amount_meant()} AS amount,
    currency, {", ".join(PLAIN)}, {CONSENT}, code
FROM (
    SELECT o.part, o.record, o.customer_id, e.event::{EVENT} AS event, i.instant AS occurred_at,
        COALESCE(m.money, 0) AS money, m.returned, COALESCE(m.refunded, 0) AS refunded,
        o.currency, {", ".join(f"o.{name}" for name in PLAIN)}, a.{CONSENT},
        CASE
            WHEN e.event IN {UNCOUNTED} THEN NULL
            WHEN o.customer_id IS NULL OR trim(o.customer_id) = ''
            THEN '{MISSING_CUSTOMER_ID.code}'
            WHEN i.code IS NOT NULL THEN i.code
            WHEN e.event IS NULL THEN '{UNKNOWN_EVENT.code}'
            WHEN e.event NOT IN {WITHOUT_MONEY} AND m.code IS NOT NULL AND NOT ({_NO_MONEY_MOVED})
            THEN m.code
            ELSE a.code
        END AS code
    FROM odd_texts AS o
    JOIN odd_instants AS i USING (date_text)
    JOIN odd_events AS e USING (event_text)
    JOIN odd_consents AS a USING (consent_text)
    JOIN odd_money AS m USING ({_MONEY_KEYS})
) AS read"""  # noqa: S608 (our own names)
