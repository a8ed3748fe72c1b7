"""The groups of segment sets in numbers: counts are conserved, sums exact, averages of buyers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.units import MINOR
from tessera.segments import groups
from tessera.segments.definition import load_preset
from tessera.segments.groups import CustomerValues, LabelCodes, group_statistics, totals_of
from tessera.segments.statistics import segment_statistics

LABELS = ("a", "b", "c", "d")
NOTHING = (None, None, None, None)


def values(rows: list[dict[str, Any]]) -> CustomerValues:
    return CustomerValues(
        recency_days=np.array([row["days"] for row in rows], np.int64),
        orders=np.array([row["orders"] for row in rows], np.int64),
        monetary=np.array([row["money"] for row in rows], np.int64),
    )


def columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    known = [row["orders"] > 0 for row in rows]
    clv = np.array([row["clv"] / 100 for row in rows], np.float64)
    return {
        "clv_365d": np.where(known, clv, np.nan),
        "p_no_order_90d": np.where(known, [row["chance"] for row in rows], np.nan),
        "gap_state": np.full(len(rows), None, object),
    }


CUSTOMERS = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.integers(0, 4000),
            "orders": st.integers(0, 3) | st.integers(1, 10**6),
            "money": st.integers(-(10**17), 10**17),
            "clv": st.integers(0, 10**9),
            "chance": st.floats(0, 1),
            "code": st.integers(0, 2),  # nobody has the last label
            "other": st.integers(0, 3),
        }
    ),
    min_size=1,
    max_size=40,
)


@given(rows=CUSTOMERS, chunk=st.integers(1, 50))
def test_every_set_counts_every_customer_once(rows, chunk):
    sets = {
        name: LabelCodes(labels=LABELS, codes=np.array([row[name] for row in rows], np.int64))
        for name in ("code", "other")
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "_CHUNK", chunk)
        made = group_statistics(values(rows), forecasts=columns(rows), sets=sets)
    for name, each in made.items():
        assert [one.group for one in each] == list(LABELS)
        assert sum(one.uuids for one in each) == len(rows)
        assert sum(one.percentage for one in each) == pytest.approx(100, abs=len(each) * 5e-5)
        assert sum(Decimal(one.monetary) for one in each) == pytest.approx(
            Decimal(sum(row["money"] for row in rows)) / MINOR, abs=Decimal("0.02")
        )
        for code, one in enumerate(each):
            check_group(one, [row for row in rows if row[name] == code])


def check_group(one: groups.GroupStatistics, rows: list[dict[str, Any]]) -> None:
    """Compare a group with its rows, taken one by one."""
    bought = [row for row in rows if row["orders"]]
    orders = sum(row["orders"] for row in bought)
    if not bought:
        averages = (one.order_count_avg, one.timeliness_avg_days, one.clv_avg, one.mean_order_value)
        assert averages == NOTHING
    else:
        assert one.order_count_avg == pytest.approx(orders / len(bought), abs=0.006)
        days = sum(row["days"] for row in bought)
        assert one.timeliness_avg_days == pytest.approx(days / len(bought), abs=0.006)
        clv = Decimal(sum(row["clv"] for row in bought)) / 100 / len(bought)
        assert one.clv_avg == str(clv.quantize(Decimal("0.01"), ROUND_HALF_UP))
        chance = sum(row["chance"] for row in bought) / len(bought)
        assert one.p_no_order_90d_avg == pytest.approx(chance, abs=1e-6)
    assert (one.uuids, one.buyers) == (len(rows), len(bought))
    assert one.historic_value_avg is None  # its column is not there


def test_a_withheld_forecast_has_no_average():
    rows = [{"days": 1, "orders": 2, "money": 5 * MINOR, "clv": 7, "chance": 0.5}]
    withheld = {"clv_365d": np.full(1, np.nan), "historic_value": np.array([5.0])}
    sets = {"s": LabelCodes(labels=("a",), codes=np.zeros(1, np.int64))}
    [one] = group_statistics(values(rows), forecasts=withheld, sets=sets)["s"]
    assert (one.clv_avg, one.p_no_order_90d_avg) == (None, None)
    assert (one.historic_value_avg, one.mean_order_value) == ("5.00", "2.50")


def test_the_order_of_rows_leaves_no_trace():
    rng = np.random.default_rng(7)
    count = 5000
    shop = CustomerValues(
        recency_days=rng.integers(0, 900, count),
        orders=rng.integers(0, 9, count),
        monetary=rng.integers(-(10**9), 10**12, count),
    )
    chances, codes = rng.random(count), rng.integers(0, 4, count)
    shuffled = rng.permutation(count)
    again = CustomerValues(**{name: column[shuffled] for name, column in vars(shop).items()})

    def made(shop, chances, codes):
        sets = {"s": LabelCodes(labels=LABELS, codes=codes)}
        return group_statistics(shop, forecasts={"p_no_order_90d": chances}, sets=sets)

    assert made(shop, chances, codes) == made(again, chances[shuffled], codes[shuffled])


def test_sums_beyond_64_bits_are_exact():
    most = np.full(40, 10**18 - 1, np.int64)
    zeros = np.zeros(40, np.int64)
    shop = CustomerValues(recency_days=zeros, orders=zeros + 1, monetary=most)
    row = totals_of([(shop, zeros)], count=1).row(0)
    assert row.monetary == "4000000000000000.00"


def test_the_definitions_own_groups_are_its_segments():
    rng = np.random.default_rng(3)
    shop = CustomerValues(
        recency_days=rng.integers(0, 900, 800),
        orders=rng.integers(0, 4, 800),
        monetary=rng.integers(-(10**6), 10**8, 800),
    )
    definition = load_preset("classic-11")
    codes = rng.integers(0, len(definition.everyone), 800)
    labels = [one.label for one in definition.everyone]
    made = group_statistics(
        shop, forecasts={}, sets={"rfm": LabelCodes(labels=labels, codes=codes)}
    )["rfm"]
    for group, row in zip(
        made, segment_statistics(lambda: [(shop, codes)], definition=definition), strict=True
    ):
        assert (group.group, group.uuids) == (row.label, row.customers)
        assert (group.monetary, group.mean_order_value) == (row.monetary, row.mean_order_value)
        assert group.percentage == pytest.approx(100 * row.share, abs=1e-9)
        assert group.monetary_percentage == pytest.approx(100 * row.monetary_share, abs=1e-9)
        averages = (group.order_count_avg, group.timeliness_avg_days)
        assert averages == (row.mean_frequency, row.mean_recency_days)
