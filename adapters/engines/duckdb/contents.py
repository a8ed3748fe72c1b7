"""What an upload holds, in the figures that a shop compares with its own dashboard."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

from adapters.engines.duckdb.history import DuckDBRelations, own_rows
from adapters.engines.duckdb.session import Connection, only_row, scalar, text
from adapters.engines.history import COUNTED
from adapters.engines.orders import settle_orders
from tessera.customers.orders.overlap import Overlap
from tessera.customers.summary import IS_ORDER, one_per_event_id


@dataclasses.dataclass(frozen=True, kw_only=True)
class Month:
    """A calendar month: ``net`` is purchases less refunds and returns."""

    month: str
    customers: int
    orders: int
    net: Decimal


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileContents:
    """The accepted events of an upload, each event_id once.

    Parameters
    ----------
    first, last
        The first and the last local day. None if there is no event.
    customers, orders
        Their number. Rows with one order_id, or of one customer at one instant, are one order.
    net
        Money: purchases less refunds and returns.
    months
        Every month with an event, the first one first.
    """

    first: dt.date | None
    last: dt.date | None
    customers: int
    orders: int
    net: Decimal
    months: tuple[Month, ...]


def contents_of(connection: Connection, *, time_zone: str) -> FileContents:
    """Return what ``accepted_rows`` holds.

    Parameters
    ----------
    connection
        Has the relation.
    time_zone
        Whose days and months are meant.
    """
    has_ids = bool(scalar(connection, "SELECT count(event_id) FROM accepted_rows"))
    own = own_rows("accepted_rows", customer="customer_id")
    events = one_per_event_id(f"({own})") if has_ids else own
    local = f"timezone({text(time_zone)}, occurred_at::TIMESTAMPTZ)"
    connection.execute(f"CREATE TEMP VIEW {COUNTED} AS {events}")
    counted, _ = settle_orders(DuckDBRelations(connection), COUNTED, Overlap())
    connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW contents AS
        SELECT customer_key, amount, {local}::DATE AS day,
            CASE WHEN {IS_ORDER}
            THEN hash(customer_key, order_id, CASE WHEN order_id IS NULL THEN occurred_at END)
            END AS bought
        FROM ({counted})"""  # noqa: S608 (our own names, a quoted value)
    )
    figures = "count(DISTINCT customer_key), count(DISTINCT bought), coalesce(sum(amount), 0)"
    whole = only_row(connection, f"SELECT min(day), max(day), {figures} FROM contents")  # noqa: S608
    months = connection.execute(
        f"SELECT strftime(day, '%Y-%m') AS month, {figures} FROM contents "  # noqa: S608
        "GROUP BY month ORDER BY month"
    ).fetchall()
    return FileContents(
        first=whole[0],
        last=whole[1],
        customers=int(whole[2]),
        orders=int(whole[3]),
        net=_money(whole[4]),
        months=tuple(
            Month(month=str(month), customers=int(who), orders=int(orders), net=_money(net))
            for month, who, orders, net in months
        ),
    )


def _money(amount: object) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))
