"""Explanations: the facts of a real scoring, in the words that people read."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pytest

from tessera.segments.definition import load_preset
from tessera.segments.explanation import PREVIOUS_COLUMNS, explain, explain_absence
from tessera.segments.movement.causes import CAUSES, WORDS
from tessera.segments.sets.catalog import SHIPPED, segment_sets
from tessera.segments.sets.labels import labels_for, set_records

CLASSIC = load_preset("classic-11")
THRESHOLDS = {
    "recency": [14.0, 30.2, 90.0, 200.0],
    "frequency": [1.0, 2.0, 4.0, 8.0],
    "monetary": [20.0, 99.99, 300.0, 1234.5],
}


def profile(**changed):
    return {
        "customer_key": "k",
        "first_purchase_at": dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC),
        "last_purchase_at": dt.datetime(2026, 11, 10, 9, tzinfo=dt.UTC),
        "recency_days": 12,
        "frequency": 7,
        "monetary": Decimal("312.50"),
        "mean_order_value": Decimal("44.64"),
        "tenure_days": 321,
        "views": 0,
        "sessions": 0,
        "sessions_30d": 0,
        "last_view_days": None,
        "r_score": 5,
        "f_score": 4,
        "m_score": 4,
        "rfm_score": "544",
        "cluster": 1,
        "segment": "Champions",
        "as_of": dt.date(2026, 11, 22),
    } | changed


PROSPECT = profile(
    **dict.fromkeys(("r_score", "f_score", "m_score", "rfm_score", "recency_days", "cluster")),
    frequency=0,
    monetary=Decimal("0.00"),
    segment="Prospect",
)


def explained(row, **more):
    explanation = explain(row, definition=CLASSIC, thresholds=THRESHOLDS, **more)
    assert json.loads(json.dumps(explanation)) == explanation
    return explanation


def test_values_thresholds_and_rule():
    explanation = explained(profile())
    assert explanation["sentences"] == [
        "The last purchase was 12 days before 2026-11-22: recency score 5 of 5 (at most 14).",
        "7 orders: frequency score 4 of 5 (more than 4, at most 8).",
        "312.50 net of refunds: monetary score 4 of 5 (more than 300.00, at most 1,234.50).",
        "The cell 544 belongs to Champions in the definition classic-11. Bought very recently, "
        "buys most often and spends the most.",
        "No earlier run to compare.",
    ]
    assert explanation["segment"]["cells"] == ["445", "454", "455", "544", "545", "554", "555"]
    assert explanation["values"]["monetary"] == "312.50"
    assert explanation["scores"]["recency"]["above"] is None


@pytest.mark.parametrize("scale", [2, 4, 5])
def test_a_score_is_always_within_the_printed_limits(scale):
    from tessera.customers.scores import bin_scores

    values = np.arange(40)
    for measure, letter in (("recency", "r"), ("frequency", "f"), ("monetary", "m")):
        low = measure == "recency"
        scores, bins = bin_scores(values, name=measure, scale=scale, low_is_best=low)
        edges = [float(edge) for edge in bins.thresholds]
        for value, score in zip(values.tolist(), scores.tolist(), strict=True):
            row = profile(**{f"{letter}_score": score})
            thresholds = {**dict.fromkeys(THRESHOLDS, [0.0] * (scale - 1)), measure: edges}
            others = {f"{other}_score": 1 for other in "rfm" if other != letter}
            one = explain(row | others, definition=CLASSIC, thresholds=thresholds)["scores"]
            above, up_to = one[measure]["above"], one[measure]["up_to"]
            assert above is None or value > above
            assert up_to is None or value <= up_to


def test_visits_are_a_sentence_where_there_are_any():
    visits = {"sessions": 5, "sessions_30d": 2, "last_view_days": 1}
    assert explained(profile(**visits))["sentences"][3] == (
        "5 sessions, 2 of them in the last 30 days. The last visit was 1 day before 2026-11-22."
    )
    assert explained(profile(**visits))["values"]["sessions"] == 5


def test_a_profile_of_an_earlier_version_has_no_sessions():
    older = {name: value for name, value in profile().items() if "session" not in name}
    assert explained(older)["sentences"] == explained(profile())["sentences"]


def test_a_prospect_has_no_scores():
    explanation = explained(PROSPECT)
    assert explanation["scores"] is None
    assert explanation["sentences"][0].startswith(
        "No scores, so the segment is Prospect. No purchase"
    )


def test_one_of_each_is_in_the_singular():
    sentences = explained(profile(recency_days=1, frequency=1, f_score=1))["sentences"]
    assert sentences[0].startswith("The last purchase was 1 day before")
    assert sentences[1] == "1 order: frequency score 1 of 5 (at most 1)."


def test_the_guidances_own_counts_are_not_taken_from_the_profile():
    thresholds = {name: edges[:3] for name, edges in THRESHOLDS.items()}
    row = profile(r_score=4, f_score=1, m_score=3, rfm_score="413", segment="In Between")
    explanation = explain(row, definition=load_preset("aws-guidance"), thresholds=thresholds)
    assert explanation["scores"]["recency"]["value"] is None
    assert explanation["sentences"][0] == (
        "By events of any kind, as the AWS guidance counts recency: recency score 4 of 4 "
        "(at most 14)."
    )


def test_a_move_has_its_cause_and_its_steps():
    previous = profile(
        as_of=dt.date(2026, 11, 15), segment="Loyal", recency_days=5, frequency=6,
        monetary=Decimal("300.00"),
    )  # fmt: skip
    steps = [["time_passing", "At Risk"], ["own_behaviour", "Champions"]]
    move = {
        "from_segment": "Loyal", "to_segment": "Champions",
        "cause": "own_behaviour", "path": json.dumps(steps),
    }  # fmt: skip
    explanation = explained(profile(), previous=previous, move=move)
    assert explanation["sentences"][-3:] == [
        "On 2026-11-15 the segment was Loyal; it is Champions now, because the customer's own "
        "behaviour changed.",
        "Step by step: time passed: At Risk; the customer's own behaviour changed: Champions.",
        "Since then days since the last purchase went from 5 to 12, orders went from 6 to 7, "
        "net money went from 300.00 to 312.50.",
    ]
    assert explanation["previous"]["segment"] == "Loyal"
    assert explanation["move"]["path"][0]["label"] == "At Risk"


def test_an_explanation_needs_few_columns_of_the_previous_profile():
    before = profile(as_of=dt.date(2026, 11, 15), segment="Loyal", monetary=Decimal(300))
    few = {name: before[name] for name in PREVIOUS_COLUMNS}
    assert explained(profile(), previous=few) == explained(profile(), previous=before)
    assert explain_absence(few) == explain_absence(before)


def test_no_move_is_stated_too():
    previous = profile(as_of=dt.date(2026, 11, 15))
    assert explained(profile(), previous=previous)["sentences"][-1] == (
        "On 2026-11-15 the segment was Champions too."
    )


def test_a_new_customer_and_one_who_left():
    move = {"from_segment": None, "to_segment": "New", "cause": "own_behaviour", "path": []}
    assert explained(profile(), move=move)["sentences"][-1].startswith("New in this run, because")
    gone = {"from_segment": "Lost", "to_segment": None, "cause": "time_passing", "path": []}
    assert explain_absence(profile(segment="Lost"), move=gone)["sentences"] == [
        "On 2026-11-22 the segment was Lost.",
        "The present run doesn't know the customer any more, because time passed.",
    ]


def test_sets_say_what_they_follow_from():
    sets = segment_sets(SHIPPED, definition=CLASSIC, own={})
    columns = {
        "clv_365d": np.array([812.4, 640.0, 3.0, 2.0, 1.0]),
        "value_tenth": np.full(5, np.nan),
        "historic_value": np.full(5, 9.0),
        "p_no_order_90d": np.full(5, np.nan),
        "no_order_tenth": np.full(5, np.nan),
        "gap_state": np.array(["lapsed", "active", None, None, None], dtype=object),
        "p_cancel_30d": np.full(5, np.nan),
        "loyalty_score": np.full(5, np.nan),
        "cluster": np.array([1, 2, 3, 1, np.nan]),
    }
    labelled = labels_for(columns, sets, rfm=np.zeros(5, np.int64))
    records = set_records(sets, labelled)
    row = profile(
        value_tier="Middle", churn_band="High", cancel_band="No Subscription",
        value_at_risk="Watch", clv_365d=640.0, gap_state="lapsed", cluster=1.0,
    )  # fmt: skip
    explanation = explained(row, sets=records)
    assert explanation["sentences"][4:10] == [
        "value_tier is Middle, because clv_365d is 640 (more than 3, at most 640, by quantiles of "
        "all customers).",
        "churn_band is High, because gap_state is lapsed; p_no_order_90d is withheld; "
        "no_order_tenth is withheld.",
        "cancel_band is No Subscription, because no column has values for it; p_cancel_30d is "
        "withheld.",
        "cluster is 1.",
        "loyalty_3 is Not Scored, because no column has values for it; loyalty_score is withheld.",
        "value_at_risk is Watch, because value_tier is Middle and churn_band is High.",
    ]
    empty = explained(PROSPECT | {"churn_band": "Unknown", "gap_state": None}, sets=records)
    assert empty["sentences"][2] == (
        "churn_band is Unknown, because gap_state is empty; p_no_order_90d is withheld; "
        "no_order_tenth is withheld."
    )


def test_a_model_shows_its_inputs_or_why_it_is_withheld():
    models = {
        "purchase": {
            "name": "mbg_nbd",
            "inputs": {"repeats": 6, "last_day": 309, "age_days": 321},
            "outputs": ["p_alive"],
            "withheld": None,
        },
        "spend": {"name": "gamma_gamma", "withheld": "it loses to the segment average."},
    }
    explanation = explained(profile(p_alive=0.913), models=models)
    assert explanation["sentences"][4:6] == [
        "The purchase model (mbg_nbd) sees repeats 6, last_day 309, age_days 321 and says "
        "p_alive 0.913.",
        "The spend model (gamma_gamma) is withheld: it loses to the segment average.",
    ]


def quantity(title, grade, *, column, tenth=None, why=()):
    return {"title": title, "grade": grade, "column": column, "tenth": tenth, "why": why}


def test_a_forecast_is_explained_quantity_by_quantity():
    row = profile(
        expected_orders_365d=1.25, expected_orders_365d_from=0.0, expected_orders_365d_to=4.0,
        orders_tenth=8, p_no_order_30d=0.75, value_tenth=9,
    )  # fmt: skip
    forecast = {
        "quantities": [
            quantity("Orders", "full", column="expected_orders_365d", tenth="orders_tenth"),
            quantity("No order in 30 days", "full", column="p_no_order_30d"),
            quantity("No order in 180 days", "none", column="p_no_order_180d", why=["too short."]),
            quantity("Money", "ranking", column="clv_365d", tenth="value_tenth", why=["a", "b"]),
        ],
        "orders": ["the purchase model expects 1.10 orders in a year", "spend: × 1.1"],
    }
    explanation = explained(row, forecast=forecast)
    assert explanation["sentences"][4:9] == [
        "Orders: expected_orders_365d 1.25, 80 % range 0 to 4, tenth 8 of 10.",
        "No order in 30 days: p_no_order_30d 0.75.",
        "No order in 180 days: not shown, because too short.",
        "Money: tenth 9 of 10, without a figure, because a; b.",
        "Why these orders: the purchase model expects 1.10 orders in a year; spend: × 1.1.",
    ]
    assert explanation["forecast"]["quantities"][3]["value"] is None


def test_a_run_without_a_test_has_no_forecast():
    assert explained(profile())["forecast"] is None


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            {"from": "attributes", "model": "blend"},
            "The chance to cancel within 30 days is 0.125, by the customer's attributes (model "
            "blend).",
        ),
        (
            {"from": "subscription", "periods_paid": 5, "renewals_due": 1},
            "The chance to cancel within 30 days is 0.125, by the subscription's age: 5 periods "
            "paid, 1 renewal due in these days.",
        ),
        (
            {"from": None, "why": "the subscription ended 4 days before"},
            "There is no chance to cancel: the subscription ended 4 days before.",
        ),
    ],
)
def test_the_chance_to_cancel_says_where_it_comes_from(source, sentence):
    explanation = explained(profile(p_cancel_30d=0.125), cancellation=source)
    assert explanation["sentences"][4] == sentence
    assert explanation["cancellation"] == {"chance": 0.125, **source}
    assert explained(profile())["cancellation"] is None


@pytest.mark.parametrize(
    ("withheld", "sentence"),
    [
        (None, "The score of loyalty is 71.5 of 100, by learnt weights: a; b."),
        ("it is no better", "The score of loyalty is withheld: it is no better."),
    ],
)
def test_a_score_of_loyalty_says_what_pushes_it(withheld, sentence):
    source = {"weights": "learnt", "withheld": withheld, "pushes": ("a", "b")}
    explanation = explained(profile(loyalty_score=71.5), loyalty=source)
    assert explanation["sentences"][4] == sentence
    assert explanation["loyalty"] == {**source, "score": 71.5, "pushes": ["a", "b"]}
    assert explained(profile())["loyalty"] is None


def test_every_cause_has_words():
    assert set(WORDS) == set(CAUSES)
