"""Sales to nobody, counted apart from the customers' sales: a SQL text for all engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tessera.customers.summary import IS_ORDER
from tessera.events.names import UNCOUNTED
from tessera.records.runs.prepare import Anonymous


def anonymous_sales(rows: str, *, place: str, amount: str = "amount") -> str:
    """Return the query for what events without a customer come to, for ``anonymous_record``.

    Parameters
    ----------
    rows
        A relation of an upload's rows as they were judged.
    place
        SQL for where a row is in the upload: a row without an order's number is one order.
    amount
        SQL for a row's money in the tenant's currency.
    """
    return f"""SELECT count(*), count(DISTINCT CASE WHEN {IS_ORDER}
            THEN coalesce('id ' || order_id, {place}) END),
            CAST(CAST(coalesce(sum({amount}), 0) AS DECIMAL(38, 4)) AS STRING)
        FROM {rows}
        WHERE code IS NULL AND event NOT IN {UNCOUNTED} AND customer_id IS NULL"""  # noqa: S608


def anonymous_record(row: Sequence[Any]) -> Anonymous:
    """Return the one row of the query."""
    rows, orders, money = row
    return Anonymous(rows=int(rows), orders=int(orders), monetary=str(money))
