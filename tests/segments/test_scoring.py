"""Scoring and statistics: complete, exact, and equal to what R and the AWS guidance count."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.clusters.fitting import fit_clusters
from tessera.customers.units import MINOR
from tessera.naming import PROSPECT
from tessera.records.codec import decode, encode
from tessera.records.scoring.score import Scoring
from tessera.segments.assignment import segment_codes
from tessera.segments.cells import every_cell
from tessera.segments.definition import PRESETS, load_preset, parse
from tessera.segments.groups import CustomerValues
from tessera.segments.scoring import CustomerColumns, ScoringRule
from tessera.segments.scoring_record import score_record
from tessera.segments.statistics import segment_statistics
from tests import reference
from tests.guidance import guided
from tests.histories import SHOPS

DAY = 86_400_000_000


def customers(*rows):
    """Rows of recency_days, orders, monetary, events."""
    recency, orders, monetary, events = np.array(rows, np.int64).reshape(-1, 4).T
    return CustomerColumns(
        recency_days=recency,
        orders=orders,
        monetary=monetary,
        last_event_us=(1000 - recency) * DAY,
        events=events,
    )


def model_of(columns, k=2):
    bought = columns.orders > 0
    return fit_clusters(
        recency_days=columns.recency_days[bought],
        frequency=columns.orders[bought],
        monetary=columns.monetary[bought],
        customers=np.ones(bought.sum(), np.int64),
        k=k,
        seed=18,
    )


def run(columns, preset="classic-11", k=2):
    model = model_of(columns, k)
    rule = ScoringRule.learnt(columns, definition=load_preset(preset), model=model)
    scored = rule.score(columns)
    return scored, score_record(columns, scored, rule=rule)


# ---- R's segments: ranges of scores, the first that fits -----------------------------------------


def r_definition(rules):
    def fits(rule, cell):
        limits = zip(("recency", "frequency", "monetary"), map(int, cell), strict=True)
        return all(int(rule[f"{m}_lower"]) <= s <= int(rule[f"{m}_upper"]) for m, s in limits)

    owner = {
        cell: next((rule["segment"] for rule in rules if fits(rule, cell)), "Others")
        for cell in every_cell(5)
    }
    labels = [rule["segment"] for rule in rules] + ["Others"]
    text = {"meaning": "R's.", "action": "None."}
    tables = [
        {"label": label, "cells": [c for c, o in owner.items() if o == label], **text}
        for label in labels
        if label in owner.values()
    ]
    return parse({"name": "r", "meaning": "R's.", "segment": tables})


@pytest.mark.parametrize("rules", ["testrules", "docrules"])
def test_segments_and_their_totals_equal_rs(rules):
    definition = r_definition(reference.rows(f"oracles/r_rfm/orders_{rules}_segment_rules"))
    scores = reference.rows("oracles/r_rfm/orders_scores_5bins")
    cells = np.array([int(row["rfm_score"]) for row in scores])
    codes = segment_codes(cells, definition=definition)
    expected = reference.rows(f"oracles/r_rfm/orders_{rules}_segments")
    labels = [one.label for one in definition.segments]
    assert [labels[code] for code in codes] == [row["segment"] for row in expected]

    values = CustomerValues(
        recency_days=np.array([int(row["recency_days"]) for row in scores]),
        orders=np.array([int(row["transaction_count"]) for row in scores]),
        monetary=np.array([int(row["amount"]) * MINOR for row in scores]),
    )
    ours = {
        row.label: (row.customers, row.monetary)
        for row in segment_statistics(lambda: [(values, codes)], definition=definition)
        if row.customers
    }
    summary = reference.rows(f"oracles/r_rfm/orders_{rules}_segment_summary")
    assert ours == {
        row["segment"]: (int(row["customers"]), f"{int(row['revenue'])}.00") for row in summary
    }


# ---- the guidance's counts -----------------------------------------------------------------------


def guidance_sizes(cells):
    """Sizes under our preset, where a customer of both Dormant and Volatile counts in both."""
    definition = load_preset("aws-guidance")
    labels = [one.label for one in definition.segments]
    sizes = Counter(labels[code] for code in segment_codes(cells, definition=definition))
    both = int((cells == 122).sum())
    return {
        "Champions": sizes["Champions"],
        "Dormant": sizes["Dormant"],
        "Volatile": sizes["Volatile"] + both,
    }


@pytest.mark.parametrize("name", reference.NAMES)
def test_the_guidances_segments_are_as_large_as_its_own(name):
    rows = reference.rows(f"oracles/aws_guidance/{name}_expected")
    cells = np.array([int(row["r_score"] + row["f_score"] + row["m_score"]) for row in rows])
    theirs = reference.document(f"oracles/aws_guidance/{name}_expected")["segments"]
    assert guidance_sizes(cells) == theirs


@pytest.mark.parametrize("name", SHOPS)
def test_the_guidances_segments_of_known_shops_are_as_large_as_its_rules_make_them(name):
    theirs = guided(SHOPS[name].events())
    assert guidance_sizes(theirs.scores @ (100, 10, 1)) == theirs.segments()


# ---- what always holds -----------------------------------------------------------------------

looker = st.tuples(st.just(0), st.just(0), st.integers(-(10**6), 0), st.integers(1, 9))
buyer = st.tuples(
    st.integers(0, 400), st.integers(1, 30), st.integers(-(10**6), 10**9), st.integers(1, 99)
)


@settings(max_examples=40, deadline=None)
@given(st.lists(looker | buyer, max_size=25), st.sampled_from(PRESETS))
def test_segments_are_complete_and_disjoint_and_lose_no_money(rows, preset):
    columns = customers(*rows)
    _, record = run(columns, preset)
    assert sum(row.customers for row in record.segments) == len(rows) == record.customers
    buyers = sum(orders > 0 for _, orders, _, _ in rows)
    assert sum(row.customers for row in record.clusters) + len(rows) - buyers == len(rows)
    if preset != "aws-guidance":
        prospects = next(row for row in record.segments if row.label == PROSPECT)
        assert prospects.customers == len(rows) - buyers
        inside = sum(cell.customers for cell in itertools.chain(*record.grid))
        assert inside == buyers == sum(record.bins["recency"])
    scale = record.scale
    assert [len(line) for line in record.grid] == [scale] * scale


@settings(max_examples=40, deadline=None)
@given(st.lists(looker | buyer, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(rows, random):
    mixed = list(range(len(rows)))
    random.shuffle(mixed)
    scored, record = run(customers(*rows))
    shuffled, same = run(customers(*[rows[i] for i in mixed]))
    assert same == record
    assert shuffled.codes.tolist() == scored.codes[mixed].tolist()
    assert shuffled.clusters.tolist() == scored.clusters[mixed].tolist()


def test_statistics_are_exact_sums():
    columns = customers((10, 2, 125_050, 3), (30, 1, -20_000, 1), (0, 0, 0, 7))
    _, record = run(columns)
    assert (record.customers, record.buyers, record.orders) == (3, 2, 3)
    assert record.monetary == "10.51"
    prospect = record.segments[-1]
    assert (prospect.customers, prospect.share, prospect.monetary) == (1, 0.333333, "0.00")
    assert (prospect.mean_recency_days, prospect.mean_order_value) == (None, None)
    best = next(row for row in record.segments if row.monetary == "12.51")
    assert (best.mean_order_value, best.mean_frequency) == ("6.25", 2.0)
    assert (best.mean_recency_days, best.median_recency_days) == (10.0, 10.0)


def test_the_guidance_scores_those_who_only_looked():
    columns = customers((10, 2, 125_050, 3), (30, 1, 20_000, 1), (0, 0, 0, 7))
    scored, record = run(columns, "aws-guidance")
    assert (scored.scores.cells() > 0).all()
    assert scored.clusters[2] == 0
    assert sum(row.customers for row in record.segments) == 3


def test_nobody_bought():
    _, record = run(customers((0, 0, 0, 2), (0, 0, 0, 1)))
    assert record.segments[-1].customers == 2
    assert (record.clusters, record.buyers, record.monetary) == ((), 0, "0.00")
    assert record.warnings == (
        "nobody has bought anything yet: there are no scores",
        "clusters: only 0 distinct buyers, and 2 clusters were asked for",
    )


def test_no_customers_at_all():
    for preset in PRESETS:
        _, record = run(customers(), preset)
        assert (record.customers, record.monetary) == (0, "0.00")


def test_one_customer_and_equal_customers_are_warnings():
    for count in (1, 50):
        _, record = run(customers(*[(5, 1, 99_900, 1)] * count))
        assert sum(row.customers for row in record.segments) == count
        assert len(record.warnings) == 4
        assert "100.0 % of customers have the value 9.99" in record.warnings[2]


def test_thresholds_are_in_the_units_people_use():
    columns = customers(*[(day, 1, day * MINOR // 2, 1) for day in range(1, 8)])
    _, record = run(columns)
    assert record.thresholds["recency"] == (2.2, 3.4, 4.6, 5.8)
    assert record.thresholds["monetary"] == (1.1, 1.7, 2.3, 2.9)


def test_the_record_is_json():
    _, record = run(customers((10, 2, 125_050, 3), (30, 1, 20_000, 1)))
    assert decode(Scoring, json.loads(json.dumps(encode(record))), document="score") == record
