"""What customers bought since a day, from the events that count: as a pipeline's run has it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
import zoneinfo
from pathlib import Path

import numpy as np
import pyarrow as pa

from adapters.engines.duckdb.folding import fold_table
from adapters.engines.duckdb.history import (
    OF_ASKED,
    StoredUpload,
    by_customer,
    open_history,
    span_of,
)
from adapters.engines.duckdb.session import Connection, connect, private_errors
from adapters.stores.events import EventStore
from tessera.campaigns.planning.candidates import Keys
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.customers.summary import IS_ORDER, Period

_EPOCH = dt.date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownPurchases:
    """Purchases, and until when they are known.

    Parameters
    ----------
    rows
        A row for each customer and day with money.
    known_until
        The day of the last order, in the shop's time zone. The days before it are known whole, and
        it may not be. Events without an order say nothing about orders. None without an order.
    """

    rows: PurchaseRows
    known_until: dt.date | None


def purchases_since(
    store: EventStore,
    *,
    customers: Keys,
    since: dt.date,
    today: dt.date,
    time_zone: str,
    memory_limit_mb: int = 1024,
) -> KnownPurchases:
    """Return what some customers bought, by the same rules as a run of the pipeline.

    Parameters
    ----------
    store
        The tenant's events.
    customers
        Whose purchases.
    since
        The first day.
    today
        The day after the last one.
    time_zone
        The shop's, which says when a day begins.
    memory_limit_mb
        What the engine may use before it spills to disk.
    """
    records = store.uploads()
    if not records:
        return KnownPurchases(rows=_rows(None, today=today), known_until=None)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        uploads = [
            StoredUpload(
                store.download(record, folder),
                record,
                voided=store.download_voided(record, folder),
            )
            for record in records
        ]
        with connect(folder, memory_limit_mb=memory_limit_mb) as connection, private_errors():
            open_history(connection, uploads)
            last = span_of(connection, where=IS_ORDER).last
            table = _days(connection, customers, since=since, today=today, time_zone=time_zone)
    known_until = last.astimezone(zoneinfo.ZoneInfo(time_zone)).date() if last else None
    return KnownPurchases(rows=_rows(table, today=today), known_until=known_until)


def _days(
    connection: Connection, customers: Keys, *, since: dt.date, today: dt.date, time_zone: str
) -> pa.Table:
    period = Period(as_of=today, window_months=0, time_zone=time_zone)
    keys = [key.decode() for key in np.unique(customers).tolist()]
    connection.register("campaign_people", pa.table({"customer_key": pa.array(keys, pa.string())}))
    connection.execute(
        """CREATE TABLE asked AS
        SELECT name AS customer_key FROM names SEMI JOIN campaign_people USING (customer_key)"""
    )
    fold_table(connection, "people_days", by_customer(OF_ASKED), period=period, kept="days")
    return connection.sql(
        f"""SELECT names.customer_key, days_ago, bought, CAST(net AS DOUBLE) AS net
        FROM people_days JOIN names ON people_days.customer_key = names.name
        WHERE days_ago <= {(today - since).days}
        ORDER BY names.customer_key, days_ago"""  # noqa: S608 (our own names)
    ).to_arrow_table()


def _rows(table: pa.Table | None, *, today: dt.date) -> PurchaseRows:
    if table is None:
        return PurchaseRows(
            customer_key=np.zeros(0, "S36"),
            day=np.zeros(0, np.int64),
            amount=np.zeros(0),
            is_order=np.zeros(0, np.bool_),
        )
    ago = table.column("days_ago").to_numpy().astype(np.int64)
    return PurchaseRows(
        customer_key=np.array(table.column("customer_key").to_pylist(), "S36"),
        day=(today - _EPOCH).days - ago,
        amount=table.column("net").to_numpy(),
        is_order=table.column("bought").to_numpy() == 1,
    )
