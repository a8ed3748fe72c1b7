"""Arrow columns to whole numbers and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.tables.columns import days, decimals, integers, optional, unscaled

unscaled_values = st.lists(st.integers(-(10**18) + 1, 10**18 - 1))


@settings(deadline=None)
@given(unscaled_values)
def test_decimals_come_back_as_they_went(values):
    column = decimals(np.array(values, np.int64), scale=4)
    assert column.to_pylist() == [Decimal(value).scaleb(-4) for value in values]
    assert unscaled(pa.chunked_array([column])).tolist() == values


def test_slices_and_chunks_keep_their_place():
    column = decimals(np.arange(-5, 5), scale=2)
    chunks = pa.chunked_array([column.slice(7), column.slice(2, 3), column.slice(0, 0)])
    assert unscaled(chunks).tolist() == [2, 3, 4, -3, -2, -1]
    assert unscaled(pa.chunked_array([], pa.decimal128(18, 4))).tolist() == []


def test_what_is_absent_is_null():
    absent = np.array([False, True])
    assert decimals(np.array([150, 2]), scale=2, absent=absent).to_pylist() == [
        Decimal("1.50"),
        None,
    ]
    assert optional(np.array([3, 0], np.int8), absent=absent).to_pylist() == [3, None]


def test_integers_and_instants_are_int64():
    assert integers(pa.chunked_array([pa.array([1, None], pa.int32())])).tolist() == [1, 0]
    instant = dt.datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=dt.UTC)
    column = pa.chunked_array([pa.array([instant], pa.timestamp("us", tz="UTC"))])
    assert integers(column).tolist() == [1_000_005]


def test_a_timestamp_has_the_day_that_it_is_in():
    instants = [
        dt.datetime(2011, 12, 9, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(1969, 12, 31, 12, tzinfo=dt.UTC),
        None,
    ]
    column = pa.chunked_array([pa.array(instants, pa.timestamp("us", tz="UTC"))])
    expected = [(dt.date(2011, 12, 9) - dt.date(1970, 1, 1)).days, -1, np.nan]
    assert np.array_equal(days(column), expected, equal_nan=True)
