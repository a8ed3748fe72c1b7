"""What customers are worth, in two pictures."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.records.scoring.sets import ValueBin
from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import segment_sets
from tessera.segments.sets.labels import labels_for
from tessera.segments.sets.value_map import ValuedCustomers, value_record

SETS = segment_sets(("value_tier", "churn_band"), definition=load_preset("classic-11"), own={})


def record(clv):
    values = np.asarray(clv, np.float64)
    columns = {
        "clv_365d": values,
        "value_tenth": np.full(len(values), np.nan),
        "historic_value": values,
        "p_no_order_90d": np.linspace(0, 1, len(values)),
        "no_order_tenth": np.full(len(values), np.nan),
        "gap_state": np.full(len(values), None, object),
    }
    labelled = labels_for(columns, SETS, rfm=np.zeros(len(values), np.int64))
    codes = {name: one.codes for name, one in labelled.items()}
    people = ValuedCustomers(clv=values, labels=codes)
    return value_record(lambda: (people,), sets=SETS)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50))
def test_every_customer_stands_in_one_bin_and_one_cell(clv):
    value = record(clv)
    assert sum(row.customers for row in value.clv_histogram) == len(clv)
    ends = [row.below for row in value.clv_histogram]
    assert ends[-1] is None
    assert ends[:-1] == sorted(ends[:-1])
    assert sum(map(sum, value.churn_by_value.customers)) == len(clv)


def test_bins_end_at_round_sums():
    value = record([0.5, 3, 30, 300])
    assert [row.below for row in value.clv_histogram][-6:] == [10, 20, 50, 100, 200, None]
    assert value.clv_histogram[-1] == ValueBin(low=200, below=None, customers=1)


def test_withheld_values_have_no_distribution():
    value = record([np.nan, np.nan])
    assert value.clv_histogram is None
