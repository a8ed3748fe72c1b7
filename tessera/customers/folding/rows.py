"""Events as they are folded: what each is, on which local day, and whose."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tessera.customers.money import Ints
from tessera.customers.summary import IS_ORDER, Period
from tessera.events.names import EMAIL_READS, LOOKS, VIEWED, WITHOUT_MONEY

Bits = npt.NDArray[np.int8]

NO_ORDER_ID = -1
LATELY_DAYS = 30  # of views and e-mails

# A subscription's payment is an order. Refunds and returns move money and are none.
MARKS = {
    "order": IS_ORDER,
    "money": f"event NOT IN {WITHOUT_MONEY}",
    "look": f"event IN {LOOKS}",
    "view": f"event = '{VIEWED}'",
    "read": f"event IN {EMAIL_READS}",
    "read_lately": f"event IN {EMAIL_READS} AND occurred_at >= {{lately}}",
}


def event_rows(events: str, *, period: Period, days_until_as_of: Callable[[str], str]) -> str:
    """Return the query for the rows that are folded, in the order of ``events``.

    Parameters
    ----------
    events
        A relation with EVENTS' columns.
    period
        Events outside it don't count.
    days_until_as_of
        SQL for the calendar days from the local day of an instant (a SQL name) to as_of.
    """
    lately = period.since(LATELY_DAYS)
    marks = " + ".join(
        f"CASE WHEN {condition.format(lately=lately)} THEN {1 << bit} ELSE 0 END"
        for bit, condition in enumerate(MARKS.values())
    )
    return f"""SELECT customer_key, occurred_at, amount, order_id,
        CAST({days_until_as_of("occurred_at")} AS INT) AS days_ago,
        CAST({marks} AS TINYINT) AS marks
        FROM {events} WHERE {period.contains}"""  # noqa: S608 (our own names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EventRows:
    """Rows of ``event_rows``: all of some customers, one customer after the other.

    Parameters
    ----------
    starts
        Where each customer's rows begin. They are in any order.
    occurred_us
        Microseconds since 1970, in UTC.
    minor
        Amounts in ten-thousandths.
    orders
        Equal numbers for equal order_ids, ``NO_ORDER_ID`` without one.
    days_ago, marks
        As in the query.
    """

    starts: Ints
    occurred_us: Ints
    minor: Ints
    orders: Ints
    days_ago: Ints
    marks: Bits
