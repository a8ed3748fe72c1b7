"""What history says today of the moments between two runs: PREVIOUS, as SQL.

Score decides who moved and why. DuckDB and Spark run the same text.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection

from tessera.contracts.tables import HISTORIES
from tessera.customers.summary import Period

PUBLISHED = {"segment": "STRING", "monetary": "DECIMAL(18, 2)", "labels": "STRING"}
COMPARED = ("recency_days", "frequency", "monetary", "last_event_at", "events")


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
    return f"""SELECT customer_key, published.segment,
            published.monetary AS published_monetary, published.labels AS published_labels,
            {history}
        FROM (SELECT customer_key, {known} FROM {published}) AS published
        FULL JOIN (SELECT customer_key FROM {present}) AS present
            USING (customer_key){joined}
        ORDER BY customer_key"""  # noqa: S608 (our own names)
