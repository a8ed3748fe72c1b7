"""What history says today of the moments between two runs: PREVIOUS, as SQL.

Score decides who moved and why. DuckDB and Spark run the same text.

An order can arrive late: its date is before the previous run, its row came after it. Such an event
is *added*. It is the customer's own behaviour, and corrects nothing that was published. An event is
added if

1. it is later than every event that the previous run counted, or
2. an upload that came after that run brought it, it is at most ``LATE_DAYS`` older than that run's
   day, and no earlier upload has it: neither a line of its order, nor an event of the same customer
   and amount within a day.

All others correct the history. An export that repeats known orders under other numbers, or that
brings years at once, is no late order.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from tessera.contracts.tables import HISTORIES
from tessera.customers.orders.order_lines import DAYS_APART
from tessera.customers.summary import Period, sql_instant

LATE_DAYS = 31  # how late an order arrives: an export a month

PUBLISHED = {
    "segment": "STRING",
    "recency_days": "INT",
    "frequency": "BIGINT",
    "monetary": "DECIMAL(18, 2)",
    "labels": "STRING",
}
COMPARED = ("recency_days", "frequency", "monetary", "last_event_at", "events")
WITHOUT_ADDED = ("corrected", "aged")  # the histories of what the previous run could count

_ADDED = """
SELECT DISTINCT customer_key, event, occurred_at, amount, COALESCE(order_id, '') AS order_key
FROM {history} AS e
WHERE upload_rank >= {uploads} AND {late}
    AND NOT EXISTS (
        SELECT 1 FROM {events} AS k
        WHERE k.upload_rank < {uploads} AND {known} AND k.customer_key = e.customer_key
            AND k.event = e.event AND k.order_id = e.order_id
    )
    AND NOT EXISTS (
        SELECT 1 FROM {events} AS k
        WHERE k.upload_rank < {uploads} AND {known} AND k.customer_key = e.customer_key
            AND k.event = e.event AND k.amount = e.amount
            AND k.occurred_at >= e.occurred_at - INTERVAL 1 DAY
            AND k.occurred_at <= e.occurred_at + INTERVAL 1 DAY
    )"""

_NOT_ADDED = """(upload_rank < {uploads} OR NOT EXISTS (
    SELECT 1 FROM {added} AS a
    WHERE a.customer_key = e.customer_key AND a.event = e.event AND a.occurred_at = e.occurred_at
        AND a.amount = e.amount AND a.order_key = COALESCE(e.order_id, '')
))"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Known:
    """What the previous run knew of the history.

    Parameters
    ----------
    uploads, later_uploads
        How many of this run's uploads had come by then, the oldest, and how many came later.
    last_event_at
        The last event that it counted. None where its record is gone.
    """

    uploads: int
    later_uploads: int
    last_event_at: dt.datetime | None

    @property
    def has_both_kinds(self) -> bool:
        """Whether there are uploads of both kinds, so that one can bring what others lack."""
        return bool(self.uploads and self.later_uploads)


def added(history: str, *, events: str, known: Known, previous: Period) -> str:
    """Return the query for the late events that uploads after the previous run brought.

    Parameters
    ----------
    history
        The events that count.
    events
        Those of all uploads, replaced ones too.
    """
    late, of_order = (
        f"occurred_at >= {sql_instant(previous.end - dt.timedelta(days=days))} "
        f"AND NOT ({previous.ended})"
        for days in (LATE_DAYS, LATE_DAYS + DAYS_APART)
    )
    return _ADDED.format(
        history=history, events=events, uploads=known.uploads, late=late, known=of_order
    )


def without_added(history: str, *, known: Known, added: str = "") -> str:
    """Return the query for the events that correct or confirm what the previous run published.

    Parameters
    ----------
    history
        The events that count.
    added
        A relation of the query ``added``. Empty where that has no rows.
    """
    conditions = []
    if known.last_event_at is not None:
        conditions.append(f"occurred_at <= {sql_instant(known.last_event_at)}")
    if added:
        conditions.append(_NOT_ADDED.format(uploads=known.uploads, added=added))
    where = " AND ".join(conditions) or "1 = 1"
    return f"SELECT e.* FROM {history} AS e WHERE {where}"  # noqa: S608 (our own names)


def periods(previous: Period, *, as_of: dt.date, same_period: bool) -> dict[str, Period]:
    """Return the periods to fold again, by the name of their columns in PREVIOUS.

    Parameters
    ----------
    previous
        What the previous run counted.
    as_of
        The present day.
    same_period
        Whether this run counts days in the same way.
    """
    later = dataclasses.replace(previous, as_of=as_of)
    folded = {"corrected": previous}
    if previous.window_months:  # else nothing but recency ages, which needs no events
        folded["aged"] = dataclasses.replace(later, known_until=previous.as_of)
    return folded if same_period else {**folded, "behaved": later}


def previous(
    published: str, *, columns: Collection[str], present: str, folded: Collection[str]
) -> str:
    """Return the query for PREVIOUS, everyone of either run, sorted.

    Columns that Score can derive from others stay empty.

    Parameters
    ----------
    published, present
        Relations of the previous run's profiles, and of this run's CUSTOMERS.
    columns
        Those of ``published``: earlier versions published fewer.
    folded
        The names of ``periods``: each has a relation ``<name>_customers`` of ``COMPARED``.
    """
    joined = "".join(
        f" FULL JOIN {name}_customers AS {name} USING (customer_key)" for name in folded
    )
    known = ", ".join(
        f"{name} AS {name}" if name in columns else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in PUBLISHED.items()
    )
    history = ", ".join(
        f"{name}.{column} AS {name}_{column}" if name in folded else f"NULL AS {name}_{column}"
        for name in HISTORIES
        for column in COMPARED
    )
    then = ", ".join(
        f"published.{name} AS published_{name}" for name in PUBLISHED if name != "segment"
    )
    return f"""SELECT customer_key, published.segment, {then},
            {history}
        FROM (SELECT customer_key, {known} FROM {published}) AS published
        FULL JOIN (SELECT customer_key FROM {present}) AS present
            USING (customer_key){joined}
        ORDER BY customer_key"""  # noqa: S608 (our own names)
