"""A query's rows as a table for people, as CSV or as JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from adapters.warehouse.files import QueryRows
from tessera.plurals import plural

Format = Literal["table", "csv", "json"]
FORMATS: tuple[Format, ...] = ("table", "csv", "json")
_MOST_SHOWN = 1_000  # rows of a table for people. A file gets all
_WIDEST = 60


def lines(result: QueryRows, form: Format) -> Iterator[str]:
    """Yield the lines of a result."""
    if form == "csv":
        yield from _csv(result)
    elif form == "json":
        yield from _json(result)
    else:
        yield from _table(result)


def _csv(result: QueryRows) -> Iterator[str]:
    for row in itertools.chain([result.columns], result.rows):
        cells = io.StringIO()
        csv.writer(cells, lineterminator="").writerow("" if one is None else one for one in row)
        yield cells.getvalue()


def _json(result: QueryRows) -> Iterator[str]:
    yield "["
    before = ""
    for row in result.rows:
        if before:
            yield before + ","
        pairs = zip(result.columns, map(_json_value, row), strict=True)
        before = " " + json.dumps(dict(pairs), ensure_ascii=False)
    if before:
        yield before
    yield "]"


def _json_value(value: Any) -> Any:
    """Return money and days as text: a number of JSON would lose digits."""
    return str(value) if isinstance(value, Decimal | dt.date | dt.time) else value


def _table(result: QueryRows) -> Iterator[str]:
    shown = list(itertools.islice(result.rows, _MOST_SHOWN + 1))
    more, shown = len(shown) > _MOST_SHOWN, shown[:_MOST_SHOWN]
    cells = [[_cell(one) for one in row] for row in shown]
    right = [_is_figure([row[n] for row in shown]) for n in range(len(result.columns))]
    widths = [max(map(len, column)) for column in zip(result.columns, *cells, strict=True)]
    for row in [result.columns, ["─" * width for width in widths], *cells]:
        padded = [
            f"{text:>{width}}" if figure else f"{text:<{width}}"
            for text, width, figure in zip(row, widths, right, strict=True)
        ]
        yield "  " + "  ".join(padded).rstrip()
    yield f"  the first {_MOST_SHOWN:,} rows" if more else f"  {plural(len(shown), 'row')}"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _is_figure(values: list[Any]) -> bool:
    return any(isinstance(one, int | float | Decimal) for one in values)
