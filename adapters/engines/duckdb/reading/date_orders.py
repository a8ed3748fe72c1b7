"""Whether an upload writes the day or the month first: by its first rows, or else by all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb

from adapters.engines.duckdb.reading.parts import UploadFile
from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.events.reasons import CONTRARY_DATE
from tessera.settings import RunSettings
from tessera.sources.dates.order import DAY_AND_MONTH, Dates, OrderVotes, decide_dates, is_settled
from tessera.sources.mappings import HeaderMapping


def dates_of(
    connection: Connection,
    parts: Sequence[UploadFile],
    *,
    settings: RunSettings,
    mapping: HeaderMapping,
    uploaded_at: dt.datetime | None,
) -> Dates:
    """Return how an upload writes dates.

    Raises
    ------
    InvalidInput
        They could be read two ways.
    """
    texts = {cell for part in parts for cell in part.sample.get("date", [])}
    if settings.dates == "auto" and not is_settled(texts):
        for part in parts:
            texts |= {date for date, _ in _dates(connection, part).values()}
    return decide_dates(
        sorted(texts),
        setting=settings.dates,
        usual=mapping.dates,
        name=name_of(parts),
        uploaded_at=uploaded_at,
    )


def check_order(connection: Connection, parts: Sequence[UploadFile], *, dates: Dates) -> None:
    """Refuse an upload whose later rows contradict the order that its first ones show.

    Raises
    ------
    InvalidInput
        It writes dates in both orders.
    """
    query = f"SELECT count(*) FROM rejected_rows WHERE code = '{CONTRARY_DATE.code}'"  # noqa: S608
    if not dates.order or not dates.shown_by or not scalar(connection, query):
        return
    votes = OrderVotes()
    for part in parts:
        for date, rows in _dates(connection, part).values():
            votes.add(date, rows)
    votes.check(name_of(parts))


def name_of(parts: Sequence[UploadFile]) -> str:
    """Return the upload's name for messages."""
    return parts[0].name if len(parts) == 1 else f"{parts[0].name} and its other parts"


def _dates(connection: Connection, part: UploadFile) -> Mapping[str, tuple[str, int]]:
    """Return, of each day and month that a part has, a date and how many rows have them."""
    source = part.source(again=True)
    cell = source.columns["date"]
    query = f"""SELECT regexp_extract({cell}, {text(DAY_AND_MONTH)}) AS pair, min({cell}), count(*)
        FROM {source.relation} GROUP BY pair HAVING pair <> ''"""  # noqa: S608 (our own names)
    try:
        rows = connection.execute(query).fetchall()
    except duckdb.Error:  # a broken file: reading it will rewrite it first
        return {}
    return {str(pair): (str(date), int(count)) for pair, date, count in rows}
