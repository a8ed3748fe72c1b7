"""How an upload writes numbers and dates, with DuckDB to look at all of its rows."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence

import duckdb

from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.events.reasons import CONTRARY_DATE
from tessera.settings import RunSettings
from tessera.sources import writing
from tessera.sources.amounts import Mark
from tessera.sources.dates.order import DAY_AND_MONTH, Dates
from tessera.sources.mappings import HeaderMapping


def mark_of(
    connection: Connection, parts: Sequence[UploadFile], *, settings: RunSettings, currency: str
) -> Mark:
    """Return the decimal mark of an upload, in a tenant's history of this currency.

    Raises
    ------
    InvalidInput
        Its amounts could be read two ways.
    """
    return writing.mark_of(
        {cell for part in parts for cell in part.first_numbers},
        every=functools.partial(_numbers, connection, parts),
        named=(cell for part in parts for cell in part.sample.get("currency", ())),
        settings=settings,
        currency=currency,
        name=_name(parts),
    )


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
    return writing.dates_of(
        {cell for part in parts for cell in part.sample.get("date", ())},
        every=functools.partial(_dates, connection, parts),
        settings=settings,
        mapping=mapping,
        uploaded_at=uploaded_at,
        name=_name(parts),
    )


def check_order(connection: Connection, parts: Sequence[UploadFile], *, dates: Dates) -> None:
    """Refuse an upload whose later rows contradict the order that its first ones show.

    Raises
    ------
    InvalidInput
        It writes dates in both orders.
    """
    query = f"SELECT count(*) FROM rejected_rows WHERE code = '{CONTRARY_DATE.code}'"  # noqa: S608
    writing.check_order(
        dates,
        contrary=lambda: int(scalar(connection, query)),
        every=functools.partial(_dates, connection, parts),
        name=_name(parts),
    )


def _name(parts: Sequence[UploadFile]) -> str:
    return writing.name_of([part.name for part in parts])


def _numbers(connection: Connection, parts: Sequence[UploadFile]) -> Iterator[str]:
    """Yield the distinct numbers with a point or a comma."""
    for part in parts:
        source = part.source(again=True)
        for cell in (f"c{place}" for place in part.numbers):
            query = (
                f"SELECT DISTINCT {cell} FROM {source.relation} WHERE contains({cell}, '.') "  # noqa: S608
                f"OR contains({cell}, ',') LIMIT {writing.MOST_NUMBERS}"
            )
            try:
                rows = connection.execute(query).fetchall()
            except duckdb.Error:  # a broken file: reading it will rewrite it first
                break
            yield from (str(row[0]) for row in rows)


def _dates(connection: Connection, parts: Sequence[UploadFile]) -> Iterator[tuple[str, int]]:
    """Yield, of each day and month that a part has, a date and how many rows have them."""
    for part in parts:
        source = part.source(again=True)
        cell = source.columns["date"]
        query = f"""SELECT regexp_extract({cell}, {text(DAY_AND_MONTH)}) AS pair, min({cell}), count(*)
            FROM {source.relation} GROUP BY pair HAVING pair <> ''"""  # noqa: S608, E501 (our own names)
        try:
            rows = connection.execute(query).fetchall()
        except duckdb.Error:  # a broken file: reading it will rewrite it first
            continue
        yield from ((str(date), int(count)) for _, date, count in rows)
