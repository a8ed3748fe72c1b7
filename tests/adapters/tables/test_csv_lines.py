"""Lines made from columns are those that Python's csv module makes of ``export.cell``."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.tables.csv_lines import lines
from tessera.destinations.vendors.export import files as export

INSTANT = pa.timestamp("us", tz="UTC")
HARD = {
    "text": (
        pa.string(),
        [None, "", "plain", "a,b", 'say "hi"', "two\nlines", '=HYPERLINK("x")', "\t=1", "-1+1",
         "+12125550100", " @SUM(A1)", "x;\u00a0=1", "＝1", "Žofie ☂", '{"a": "-b", "c": "=d"}'],
    ),
    "whole": (pa.int64(), [None, 0, -7, 2**62]),
    "money": (
        pa.decimal128(18, 2),
        [None, *map(Decimal, ["0.00", "-0.05", "-12.50", "9000000000000000.00"])],
    ),
    "number": (
        pa.float64(),
        [None, 0.0, -0.0, 1.0, 0.1 + 0.2, 1e-4, 9.9e-5, 1e-7, 999_999.9, 1e6, 1e10, 1e15, 1e16,
         1e22, 5e-324, float("inf"), float("nan"), 999_999_999_999_999.9, -2.5],
    ),
    "day": (pa.date32(), [None, dt.date(2026, 5, 1), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    "instant": (
        INSTANT,
        [None, dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC),
         dt.datetime(2026, 4, 1, 12, 0, 0, 600_000, tzinfo=dt.UTC),
         dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)],
    ),
}  # fmt: skip


def expected(columns: list[list[Any]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for row in zip(*columns, strict=True):
        writer.writerow([export.cell(value) for value in row])
    return text.getvalue()


def written(*columns: pa.Array) -> str:
    return bytes(lines(columns)).decode()


def test_hard_cells():
    for name, (kind, values) in HARD.items():
        number = list(range(len(values)))
        lines = written(pa.array(number), pa.array(values, kind))
        assert lines == expected([number, values]), name


TEXT = st.text(st.sampled_from("=+-@＝＋－＠;,|\t\n \u00a0\"'a0.ß") | st.characters(codec="utf-8"))
# Python's csv module leaves a bare CR unquoted, see below.
TEXTS = st.none() | TEXT.filter(lambda text: "\r" not in text)
NUMBERS = st.none() | st.floats() | st.floats(0, 1) | st.floats(-1e12, 1e12)
INSTANTS = st.none() | st.datetimes(timezones=st.just(dt.UTC))
MONEY = st.none() | st.decimals("-9e15", "9e15", places=2)


@given(st.lists(st.tuples(TEXTS, NUMBERS, INSTANTS, MONEY), max_size=20))
@example([])
def test_any_cells(rows):
    columns = [[row[place] for row in rows] for place in range(4)]
    kinds = (pa.string(), pa.float64(), INSTANT, pa.decimal128(18, 2))
    arrays = [pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
    assert written(*arrays) == expected(columns)


@given(TEXT)
@example("a\rb")
@example("\r=1")
def test_any_text_can_be_read_back(text):
    [row] = csv.reader(io.StringIO(written(pa.array([text]), pa.array([1])), newline=""))
    assert row == [export.cell(text), "1"]


def test_rows_from_the_middle_of_a_batch():
    columns = [pa.array(["a", "=b", "c,d", None, "e"]), pa.array([1.0, 2.5, None, 4.0, 5.0])]
    assert written(*[column.slice(1, 3) for column in columns]) == '\'=b,2.5\n"c,d",\n,4.0\n'
