"""Scores: against R's rfm, the AWS guidance and PyMC-Marketing, and what always holds."""

from __future__ import annotations

import math
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.measures import guidance_measures, order_measures
from tessera.customers.order_statistics import OrderStatistics
from tessera.customers.score_bins import quantiles
from tessera.customers.scores import bin_scores, rfm_scores
from tessera.customers.units import MINOR, UNITS
from tessera.errors import InvalidInput
from tests import reference
from tests.guidance import guided
from tests.histories import SHOPS, event_file


def whole(rows: list[dict[str, str]], name: str, unit: int = 1) -> np.ndarray:
    return np.array([int((Decimal(row[name]) * unit).to_integral_value()) for row in rows])


def in_order(values: np.ndarray) -> OrderStatistics:
    return OrderStatistics(lambda: (values,))


# ---- R rfm 0.3.0 -----------------------------------------------------------------------------
# Its bins are lower <= v < upper, with each edge one more than the quantile: with whole numbers
# that is our v <= edge for the largest whole number below R's upper edge.


def r_edges(name: str, measure: str) -> list[int]:
    edges = [
        Fraction(row[f"{measure}_upper"]) * UNITS[measure]
        for row in reference.rows(f"oracles/r_rfm/{name}")[:-1]
    ]
    nearest = [edge.limit_denominator(1000) for edge in edges]  # 14.8000000000002 is 14.8
    return [math.ceil(edge) - 1 for edge in nearest]


@pytest.mark.parametrize(
    ("scores", "thresholds", "scale"),
    [
        ("orders_scores_5bins", "orders_thresholds_5bins", 5),
        ("orders_scores_4bins", "orders_thresholds_4bins", 4),
        ("orders_scores_custom_thresholds", "orders_thresholds_custom", 5),
        ("customer_scores_5bins", "customer_thresholds_5bins", 5),
        ("online_retail_scores", "online_retail_thresholds", 5),
        ("cdnow_sample_scores", "cdnow_sample_thresholds", 5),
    ],
)
def test_scores_equal_rs_at_its_edges(scores, thresholds, scale):
    rows = reference.rows(f"oracles/r_rfm/{scores}")
    scored = rfm_scores(
        order_measures(
            recency_days=whole(rows, "recency_days"),
            orders=whole(rows, "transaction_count"),
            monetary=whole(rows, "amount", MINOR),
        ),
        scale=scale,
        thresholds={name: r_edges(thresholds, name) for name in UNITS},
    )
    assert scored.recency.tolist() == whole(rows, "recency_score").tolist()
    assert scored.frequency.tolist() == whole(rows, "frequency_score").tolist()
    assert scored.monetary.tolist() == whole(rows, "monetary_score").tolist()
    assert scored.cells().tolist() == whole(rows, "rfm_score").tolist()


@pytest.mark.parametrize(
    ("name", "scale"), [("orders", 5), ("orders", 4), ("online_retail", 5), ("cdnow_sample", 5)]
)
def test_quantiles_equal_rs_less_the_one_it_adds(name, scale):
    bins = f"_{scale}bins" if name == "orders" else ""
    rows = reference.rows(f"oracles/r_rfm/{name}_scores{bins}")
    edges = reference.rows(f"oracles/r_rfm/{name}_thresholds{bins}")[:-1]
    columns = {"recency": "recency_days", "frequency": "transaction_count", "monetary": "amount"}
    for measure, column in columns.items():
        ours = quantiles(in_order(whole(rows, column, UNITS[measure])), scale)
        theirs = [float(row[f"{measure}_upper"]) - 1 for row in edges]
        assert [float(edge / UNITS[measure]) for edge in ours] == pytest.approx(theirs, rel=1e-12)


# ---- the AWS guidance's own code ---------------------------------------------------------------


def events_by_customer(path: Path) -> dict[str, np.ndarray]:
    """The guidance's inputs, by plain SQL, without our own reader."""
    return duckdb.sql(f"""
        SELECT CustomerID AS id,
               max(epoch_us(strptime("Date", '%a, %d %b %Y %H:%M:%S %z'))) AS last_event_us,
               count(*) AS events,
               CAST(sum(CAST(UnitPrice AS DECIMAL(18, 4)) * CAST(Quantity AS INTEGER)) * {MINOR}
                    AS BIGINT) AS monetary
        FROM read_csv('{path}', all_varchar = true, header = true) GROUP BY CustomerID
    """).fetchnumpy()


def mangled(customer_id: str) -> str:
    """The guidance's fault: ids lose case and punctuation, and become numbers if they can."""
    text = re.sub(r"[^a-z0-9 ]", "", customer_id.lower()).strip()
    return str(int(text)) if text.isdigit() else text


def guidance_scores(events):
    """Ids, recency, frequency and the three scores, as we make the guidance's."""
    measures = guidance_measures(
        last_event_us=events["last_event_us"],
        latest_event_us=int(events["last_event_us"].max()),
        events=events["events"],
        monetary=events["monetary"],
    )
    scores = rfm_scores(measures, scale=4)
    columns = (
        measures.recency, measures.frequency, scores.recency, scores.frequency, scores.monetary,
    )  # fmt: skip
    return [str(customer) for customer in events["id"]], np.column_stack(columns).tolist()


@pytest.mark.parametrize("name", reference.NAMES)
def test_scores_equal_the_guidances_own(name):
    ids, values = guidance_scores(events_by_customer(reference.EVENTS[name]))
    ours = {mangled(who): tuple(own) for who, own in zip(ids, values, strict=True)}
    theirs = {
        row["CustomerID"]: tuple(
            int(float(row[name]))
            for name in ("recency", "frequency", "r_score", "f_score", "m_score")
        )
        for row in reference.rows(f"oracles/aws_guidance/{name}_expected")
    }
    assert ours == theirs


@pytest.mark.parametrize("name", SHOPS)
def test_scores_of_known_shops_follow_the_guidances_rules(name, tmp_path):
    theirs = guided(SHOPS[name].events())
    ids, values = guidance_scores(events_by_customer(event_file(name, tmp_path)))
    expected = np.column_stack([theirs.recency, theirs.frequency, theirs.scores]).tolist()
    assert dict(zip(ids, values, strict=True)) == dict(zip(theirs.customers, expected, strict=True))
    assert len(ids) == SHOPS[name].customers


@pytest.mark.parametrize("name", [*reference.NAMES, *SHOPS])
def test_bin_sizes_equal_the_guidances_and_missing_ones_are_named(name, tmp_path):
    events = events_by_customer(event_file(name, tmp_path))
    if name in SHOPS:
        theirs = guided(SHOPS[name].events())
        sizes = Counter(map(str, theirs.scores[:, 1].tolist()))
        quartiles = theirs.quartiles
    else:
        record = reference.document(f"oracles/aws_guidance/{name}_expected")
        sizes, quartiles = record["f"], record["quartiles"]["frequency"]
    scores, bins = bin_scores(events["events"], name="frequency", scale=4)
    assert {str(s): n for s, n in enumerate(bins.sizes, start=1) if n} == sizes
    assert [float(edge) for edge in bins.thresholds] == quartiles
    assert bool(bins.warnings) == (0 in bins.sizes)
    assert len(scores) == sum(bins.sizes)


def test_the_guidance_counts_whole_days_to_24_hours_after_the_last_event():
    hour = 3_600_000_000
    measures = guidance_measures(
        last_event_us=np.array([100 * hour, 99 * hour, 76 * hour, 75 * hour]),
        latest_event_us=100 * hour,
        events=np.ones(4, np.int64),
        monetary=np.zeros(4, np.int64),
    )
    assert measures.recency.tolist() == [1, 1, 2, 2]


# ---- PyMC-Marketing 0.19.2 ---------------------------------------------------------------------
# Comparable are its quartiles of recency and of the mean value where ties leave no bin empty. Where
# they do (every frequency) it merges bins, which ours never does.


@pytest.mark.parametrize("name", ["cdnow_sample", "online_retail"])
def test_money_quartiles_equal_pymc_marketings(name):
    rows = reference.rows(f"oracles/pymc_marketing/{name}_pymc_rfm_segments")
    money, _ = bin_scores(whole(rows, "monetary_value", 10**8), name="money", scale=4)
    assert [row["rfm_score"][2] for row in rows] == [str(score) for score in money]


@pytest.mark.parametrize("name", ["cdnow_sample", "online_retail"])
def test_recency_quartiles_equal_pymc_marketings(name):
    rows = reference.rows(f"oracles/pymc_marketing/{name}_pymc_rfm_segments")
    recency, _ = bin_scores(whole(rows, "recency"), name="recency", scale=4, low_is_best=True)
    assert [row["rfm_score"][0] for row in rows] == [str(score) for score in recency]


def test_money_quartiles_of_a_known_shop_are_pandas_own():
    means = SHOPS["boutique"].drawn.mean_spend
    money = np.round(means[means > 0] * MINOR).astype(np.int64)
    scores, _ = bin_scores(money, name="money", scale=4)
    assert scores.tolist() == pd.qcut(money, 4, labels=[1, 2, 3, 4]).tolist()


# ---- what always holds -------------------------------------------------------------------------

values = st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=60)
small = st.lists(st.integers(0, 8), min_size=1, max_size=60)
scales = st.integers(2, 9)


@settings(deadline=None)
@given(values | small, scales)
def test_equal_values_share_a_score_and_more_is_never_less(numbers, scale):
    column = np.array(numbers, np.int64)
    scores, bins = bin_scores(column, name="monetary", scale=scale)
    order = np.argsort(column, kind="stable")
    assert (np.diff(scores[order]) >= 0).all()
    assert len({(v, s) for v, s in zip(numbers, scores.tolist(), strict=True)}) == len(set(numbers))
    assert set(scores.tolist()) <= set(range(1, scale + 1))
    assert sum(bins.sizes) == len(numbers)


@settings(deadline=None)
@given(values | small, scales)
def test_recency_is_the_same_bins_upside_down(numbers, scale):
    column = np.array(numbers, np.int64)
    up, _ = bin_scores(column, name="recency", scale=scale)
    down, _ = bin_scores(column, name="recency", scale=scale, low_is_best=True)
    assert (up + down == scale + 1).all()


@settings(deadline=None)
@given(values | small, scales, st.randoms(use_true_random=False))
def test_the_order_of_customers_is_irrelevant(numbers, scale, random):
    mixed = list(range(len(numbers)))
    random.shuffle(mixed)
    column = np.array(numbers, np.int64)
    scores, bins = bin_scores(column, name="monetary", scale=scale)
    shuffled, same = bin_scores(column[mixed], name="monetary", scale=scale)
    assert shuffled.tolist() == scores[mixed].tolist()
    assert same == bins


@settings(deadline=None)
@given(
    st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=60), scales, st.integers(1, 10**5)
)
def test_another_currency_changes_no_score(numbers, scale, rate):
    column = np.array(numbers, np.int64)
    scores, _ = bin_scores(column, name="monetary", scale=scale)
    dearer, _ = bin_scores(column * rate, name="monetary", scale=scale)
    assert dearer.tolist() == scores.tolist()


@settings(deadline=None)
@given(values | small, scales)
def test_quantiles_are_numpys_exactly(numbers, scale):
    ordered = sorted(numbers)
    for part, quantile in enumerate(
        quantiles(in_order(np.array(numbers, np.int64)), scale), start=1
    ):
        position = Fraction((len(ordered) - 1) * part, scale)
        low = ordered[math.floor(position)]
        high = ordered[math.ceil(position)]
        assert quantile == low + (high - low) * (position - math.floor(position))


@settings(deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), scales)
def test_enough_distinct_values_without_ties_fill_every_bin(numbers, scale):
    distinct = np.array(sorted(set(numbers)), np.int64)
    _, bins = bin_scores(distinct, name="monetary", scale=scale)
    if len(distinct) >= scale:
        assert max(bins.sizes) - min(bins.sizes) <= 1
        assert not bins.warnings


def test_a_degenerate_distribution_is_named():
    _, bins = bin_scores(np.array([1] * 96 + [2, 3, 4, 5]), name="frequency", scale=5)
    assert bins.sizes == (96, 0, 0, 0, 4)
    assert bins.warnings == (
        "nobody has frequency score 2, 3 or 4: equal values share a score, there are 5 distinct "
        "values, and 96.0 % of customers have the value 1",
    )


def test_money_in_a_warning_reads_as_money():
    _, bins = bin_scores(np.array([123_400] * 3), name="monetary", scale=2)
    assert bins.sizes == (3, 0)
    assert bins.warnings == (
        "nobody has monetary score 2: equal values share a score, there is 1 distinct value, "
        "and 100.0 % of customers have the value 12.34",
    )


def test_who_has_not_bought_has_no_scores_and_moves_nobody_elses():
    buyers = {
        "recency_days": np.array([3, 40, 9]),
        "orders": np.array([5, 1, 2]),
        "monetary": np.array([90, 10, 30]),
    }
    alone = rfm_scores(order_measures(**buyers), scale=3)
    with_lookers = rfm_scores(
        order_measures(**{name: np.r_[0, column, 0] for name, column in buyers.items()}), scale=3
    )
    assert alone.cells().tolist() == [333, 111, 222]
    assert with_lookers.cells().tolist() == [0, 333, 111, 222, 0]
    assert with_lookers.bins == alone.bins


def test_nobody_to_score_is_one_warning():
    nothing = np.zeros(2, np.int64)
    scores = rfm_scores(
        order_measures(recency_days=nothing, orders=nothing, monetary=nothing), scale=5
    )
    assert scores.cells().tolist() == [0, 0]
    assert scores.warnings == ("nobody has bought anything yet: there are no scores",)
    assert scores.bins["recency"].sizes == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("scale", "thresholds", "message"),
    [
        (5, [1, 2, 3], "expected 4 ascending values"),
        (3, [2, 1], "expected 2 ascending values"),
        (1, None, "at least 2"),
        (10, None, "at most 9"),
    ],
)
def test_wrong_thresholds_and_scales_are_refused(scale, thresholds, message):
    with pytest.raises(InvalidInput, match=message):
        bin_scores(np.array([1, 2, 3]), name="frequency", scale=scale, thresholds=thresholds)


def test_a_value_on_a_threshold_stays_in_the_lower_bin():
    scores, _ = bin_scores(np.array([9, 10, 11]), name="frequency", scale=2, thresholds=[10])
    assert scores.tolist() == [1, 1, 2]
