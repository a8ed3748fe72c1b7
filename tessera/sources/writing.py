"""How an upload writes numbers and dates: by its first rows, or else by all of them.

Engines differ only in how they look at all rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence

from tessera.events.currency_names import has_decimals
from tessera.settings import RunSettings
from tessera.sources.amounts import Mark, decide_mark, shows_mark
from tessera.sources.dates.order import Dates, OrderVotes, decide_dates, is_settled
from tessera.sources.mappings import HeaderMapping

NUMBERS = ("unit_price", "amount", "refunded_amount", "quantity")
MOST_NUMBERS = 100_000  # distinct ones of a column that are looked at


def name_of(parts: Sequence[str]) -> str:
    """Return an upload's name for messages, by its parts' names."""
    return parts[0] if len(parts) == 1 else f"{parts[0]} and its other parts"


def mark_of(
    first: Collection[str],
    *,
    every: Callable[[], Iterable[str]],
    named: Iterable[str],
    settings: RunSettings,
    currency: str,
    name: str,
) -> Mark:
    """Return the decimal mark of an upload.

    Parameters
    ----------
    first, every
        Numbers of its first rows, and what reads all those with a point or a comma.
    named
        Currencies that its first rows name.
    currency
        Of the tenant's history, empty when there is none.
    name
        The upload, for messages.

    Raises
    ------
    InvalidInput
        Its amounts could be read two ways.
    """
    seen = set(first)
    if settings.decimal != "auto" or any(map(shows_mark, seen)):
        return decide_mark(sorted(seen), setting=settings.decimal, name=name)
    decimals = has_decimals(named, seen, fallback=settings.currency or currency)
    seen.update(every())
    return decide_mark(sorted(seen), setting="auto", name=name, decimals=decimals)


def dates_of(
    first: Collection[str],
    *,
    every: Callable[[], Iterable[tuple[str, int]]],
    settings: RunSettings,
    mapping: HeaderMapping,
    uploaded_at: dt.datetime | None,
    name: str,
) -> Dates:
    """Return how an upload writes dates.

    Parameters
    ----------
    first, every
        Dates of its first rows, and what reads, of each day and month that it has, a date and how
        many rows have them.
    uploaded_at
        When it came.
    name
        The upload, for messages.

    Raises
    ------
    InvalidInput
        They could be read two ways.
    """
    texts = set(first)
    if settings.dates == "auto" and not is_settled(texts):
        texts.update(date for date, _ in every())
    return decide_dates(
        sorted(texts),
        setting=settings.dates,
        usual=mapping.dates,
        name=name,
        uploaded_at=uploaded_at,
    )


def check_order(
    dates: Dates,
    *,
    contrary: Callable[[], int],
    every: Callable[[], Iterable[tuple[str, int]]],
    name: str,
) -> None:
    """Refuse an upload whose later rows contradict the order that its first ones show.

    Parameters
    ----------
    contrary
        Counts the rows that were refused for it.
    every
        As for ``dates_of``.
    name
        The upload, for messages.

    Raises
    ------
    InvalidInput
        It writes dates in both orders.
    """
    if not dates.order or not dates.shown_by or not contrary():
        return
    votes = OrderVotes()
    for date, rows in every():
        votes.add(date, rows)
    votes.check(name)
