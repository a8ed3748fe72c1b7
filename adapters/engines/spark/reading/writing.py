"""How an upload writes numbers and dates, with executors to look at all of its rows."""

from __future__ import annotations

import collections
import datetime as dt
import functools
from collections.abc import Iterator

from pyspark.sql import DataFrame, functions

from adapters.engines.spark.reading.order_rows import number_cells
from adapters.engines.spark.reading.upload import CutUpload
from tessera.events.reasons import CONTRARY_DATE
from tessera.settings import RunSettings
from tessera.sources import writing
from tessera.sources.amounts import Mark
from tessera.sources.dates.order import DAY_AND_MONTH, Dates
from tessera.sources.writing import MOST_NUMBERS, NUMBERS


def mark_of(upload: CutUpload, settings: RunSettings, currency: str) -> Mark:
    """Return the decimal mark of an upload, in a tenant's history of this currency.

    Raises
    ------
    InvalidInput
        Its amounts could be read two ways.
    """
    return writing.mark_of(
        {cell for part in upload.parts for name in NUMBERS for cell in part.sample.get(name, ())},
        every=functools.partial(_marked_numbers, upload),
        named=(cell for part in upload.parts for cell in part.sample.get("currency", ())),
        settings=settings,
        currency=currency,
        name=upload.name,
    )


def _marked_numbers(upload: CutUpload) -> Iterator[str]:
    """Yield the distinct numbers with a point or a comma."""
    for cells in _numbers(upload):
        marked = cells.where("contains(number, '.') OR contains(number, ',')")
        distinct = marked.distinct().limit(MOST_NUMBERS)
        yield from (str(row[0]) for row in distinct.collect())


def dates_of(upload: CutUpload, settings: RunSettings, *, uploaded_at: dt.datetime | None) -> Dates:
    """Return how an upload writes dates.

    Raises
    ------
    InvalidInput
        They could be read two ways.
    """
    return writing.dates_of(
        {cell for part in upload.parts for cell in part.sample.get("date", ())},
        every=functools.partial(_days_and_months, upload),
        settings=settings,
        mapping=upload.read.mapping,
        uploaded_at=uploaded_at,
        name=upload.name,
    )


def check_order(
    upload: CutUpload, counts: collections.Counter[tuple[str, str]], *, dates: Dates
) -> None:
    """Refuse an upload whose later rows contradict the order that its first ones show.

    Raises
    ------
    InvalidInput
        It writes dates in both orders.
    """
    writing.check_order(
        dates,
        contrary=lambda: counts[CONTRARY_DATE.code, ""],
        every=functools.partial(_days_and_months, upload),
        name=upload.name,
    )


def _days_and_months(upload: CutUpload) -> list[tuple[str, int]]:
    """Return, for each day and month of numbers, a date and how many rows have them."""
    pair = functions.regexp_extract("date", DAY_AND_MONTH, 0).alias("pair")
    counted = upload.cells().groupBy(pair).agg(functions.min("date"), functions.count("date"))
    return [(row[1], row[2]) for row in counted.where("pair <> ''").collect()]


def _numbers(upload: CutUpload) -> list[DataFrame]:
    """Return the upload's cells with numbers, as the column number."""
    cells = upload.raw_cells()
    if upload.read.mapping.export is not None:
        return list(number_cells(cells, upload.parts).values())
    named = [name for name in NUMBERS if any(name in part.columns for part in upload.parts)]
    return [cells.selectExpr(f"{name} AS number") for name in named]
