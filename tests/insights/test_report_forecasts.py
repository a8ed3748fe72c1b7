"""The report on forecasts: whether they are trusted, what customers are worth, who may leave."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecast import Buyers, learn
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import model_of
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import report_card
from tessera.customers.spend.clv import ClvTerms
from tessera.customers.spend.fitting import fit_spend
from tessera.customers.spend.history import SpendHistory
from tessera.insights.report.drawing import figures, plots
from tessera.insights.summary import summarise
from tessera.records.codec import encode
from tests import reference


def nobody() -> Buyers:
    none = np.zeros(0)
    return Buyers(
        history=PurchaseHistory(repeats=none, last_day=none, age_days=none),
        net_spend=none,
        repeat_spend=none,
    )


@pytest.fixture(scope="module")
def fresh_card():
    """CDNOW's card after 39 weeks, made by the present code from a peer's summary."""
    repeats, last, age, orders, spend, mean = reference.columns(
        "oracles/clv/cdnow_sample_split19970930_clvtools_pnbd_predictions",
        "x", "t.x", "T.cal", "actual.x", "actual.period.spending", "predicted.mean.spending",
    ).values()  # fmt: skip
    history = PurchaseHistory(
        repeats=repeats, last_day=np.round(7 * last), age_days=np.round(7 * age)
    )
    backtest = Backtest(
        history=history, mean_spend=mean, past_spend=repeats * mean, orders=orders, spend=spend,
        holdout_days=273,
    )  # fmt: skip
    model = model_of("pareto_nbd", {"r": 0.5533, "alpha": 74.05, "s": 0.606, "beta": 81.65})
    fitted = fit_spend(SpendHistory.of(repeats, mean_spend=mean))
    return report_card([model], backtest=backtest, spend=fitted.model), fitted


# ---- published ---------------------------------------------------------------------------------


def test_a_published_card_says_how_good_it_is(shop_records, outline):
    text = outline(shop_records("cdnow", prepare={"currency": "USD"})).text
    for expected in (
        "Yes, within the errors below. The forecasts are Pareto/NBD's.",
        "Over 182 days that it had not seen, Pareto/NBD is off by 0.506 purchase days",
        "cut 182 days before 1 July 1998", "2,357 customers, 1,039 with a second purchase day",
        "1,156 happened", "+2.7 %", "+56.3 %", "0.640", "everybody keeps buying as often as so far",
        "0.790", "knew which in 79 of 100 cases", "days since the last purchase alone 0.791",
        "55.6 %", "had spent most so far brought 50.6 %",
    ):  # fmt: skip
        assert expected in text
    assert "What is used instead" not in text


def test_the_lowest_error_of_each_column_is_bold(shop_records, outline):
    page = outline(shop_records("cdnow"))
    assert sum(a.get("class") == "best" for a in page.named("b")) == 2


def test_every_tenth_is_a_dot_with_its_figures(shop_records, outline):
    records = shop_records("cdnow")
    groups = records.score.models.card.calibration
    page = outline(records)
    assert len(page.named("circle")) == len(groups) == 10
    (plot,) = (a for a in page.named("svg") if a.get("class") == "plot")
    assert "tenth 10, 236 customers: 2.91 predicted, 2.41 happened" in plot["aria-label"]


def test_a_data_scientist_finds_the_fits(shop_records, outline):
    records = shop_records("cdnow")
    kept = encode(records.score.models)
    model = kept["model"]
    sorted_model = {
        **model,
        "parameters_per_week": dict(sorted(model["parameters_per_week"].items())),
    }
    models = {**kept, "model": sorted_model}
    text = " ".join(outline(shop_records("cdnow", score={"models": models})).text.split())
    assert "r 0.5619 ± 0.044 alpha 12.56 ± 0.89 s 0.417 ± 0.077 beta 10.95 ± 4.5" in text
    for expected in (
        "published, whole history", "−25,585.32",
        "tested, before the cut", "b 1.339 ± 0.39", "−18,607.20", "q 4.19 ± 0.3",
    ):  # fmt: skip
        assert expected in text


def test_lifetime_values_say_on_what_terms(shop_records, outline):
    page = outline(shop_records("cdnow", prepare={"currency": "USD"}))
    assert ClvTerms().label in page.text
    assert "All 2,357 customers together: $70,764" in " ".join(page.text.split())
    (bars,) = (a for a in page.named("div") if a.get("class") == "bars")
    assert "$0 to $16: 1,643 customers; $16 to $33: 228" in bars["aria-label"]
    assert "$377 and more: 25 customers" in bars["aria-label"]
    assert "equally wide" not in page.text


def test_ranges_that_are_not_equally_wide_are_noted(shop_records, outline):
    bins = [
        {"from": 0.0, "below": 0.5, "customers": 2},
        {"from": 0.5, "below": 5.0, "customers": 1},
        {"from": 5.0, "below": None, "customers": 1},
    ]
    records = shop_records("cdnow")
    value = {**encode(records.score.value), "clv_histogram": bins}
    page = outline(shop_records("cdnow", score={"value": value}))
    assert "The ranges are not equally wide." in page.text
    (bars,) = (a for a in page.named("div") if a.get("class") == "bars")
    assert "£0.00 to £0.50: 2 customers; £0.50 to £5.00: 1 customer;" in bars["aria-label"]


def test_the_map_holds_every_customer_and_their_value(shop_records, outline):
    text = outline(shop_records("cdnow", prepare={"currency": "USD"})).text
    shown = " ".join(text.split("Who to save first")[1].split("Segment sets")[0].split())
    assert "Customers and their CLV; darker is more CLV" in shown
    assert shown.endswith(
        "High 3 $296 81 $9.6k 152 $36.2k Middle 634 $8.0k 287 $12.4k 13 $821 Low 1,187 $3.4k – –"
    )


def test_a_reused_model_is_named_as_such(shop_records, outline):
    records = shop_records("cdnow")
    models = {**encode(records.score.models), "reused": True, "learnt_as_of": "1998-06-01"}
    text = outline(shop_records("cdnow", score={"models": models})).text
    assert "The models are those of the run as of 1 June 1998, used again in this one." in text
    assert "cut 182 days before 1 June 1998" in text


# ---- withheld ----------------------------------------------------------------------------------


def test_a_withheld_card_says_why_and_what_is_used_instead(shop_records, outline):
    text = outline(shop_records("online_retail")).text
    for expected in (
        "Not in this run. The forecasts are withheld.",
        "no better than to assume that everybody keeps buying at the same rate (1.082).",
        "does not distinguish customers and is no churn score", "the best model, withheld",
        "What is used instead", "own gaps between purchases", "Lapsed", "39.4 %",
    ):  # fmt: skip
        assert expected in text


def test_withheld_values_are_not_shown(shop_records, outline):
    text = outline(shop_records("online_retail")).text
    assert "What customers will be worth" not in text
    assert "Who to save first" in text
    assert "by money spent so far" in text
    assert "and their CLV" not in text
    assert "because the chance of no order within 90 days is withheld" in text


def test_too_little_history_has_no_card_and_still_says_so(shop_records, outline):
    models = encode(shop_records("cdnow").score.models) | encode(learn(nobody(), backtest=None))
    value = {"clv_histogram": None, "churn_by_value": None}
    text = outline(shop_records("cdnow", score={"models": models, "value": value})).text
    assert (
        "Not in this run. The forecasts are withheld. Nobody has bought anything yet."
        in " ".join(text.split())
    )
    assert "The rule in the same test" not in text
    assert "Who to save first" not in text


# ---- records and code agree --------------------------------------------------------------------


def test_a_card_of_the_present_code_is_shown_whole(fresh_card, shop_records, outline):
    card, fitted = fresh_card
    records = shop_records("cdnow")
    models = encode(records.score.models) | {"card": encode(card), "spend": encode(fitted)}
    page = outline(shop_records("cdnow", score={"models": models}))
    for accuracy in (card.models[0].accuracy, *card.baselines.values()):
        assert figures.number(accuracy.mae, 3) in page.text
        assert figures.signed_share(accuracy.total_error) in page.text
    assert f"{card.discrimination.auc:.3f}" in page.text
    assert figures.share(card.value.by_prediction) in page.text
    assert len(page.named("circle")) == len(card.calibration)


def test_the_summary_has_what_programs_ask_for(make_records, shop_records):
    summary = summarise(shop_records("cdnow"))
    assert summary.models.card.decision.publish
    assert summary.value.clv_histogram
    assert summary.breaker.waits is False
    assert summarise(make_records()).models is None


# ---- plots -------------------------------------------------------------------------------------


@given(st.floats(1e-3, 1e5))
def test_ticks_are_round_and_apart(most):
    end = 1.06 * most
    ticks = plots.ticks(most, end=end)
    assert ticks[-1] == 0
    assert ticks[0] <= most
    places = [280 * math.sqrt(value / end) for value in ticks]
    assert all(above - below >= 25.9 for above, below in pairwise(places))


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=10))
def test_dots_stay_inside_their_frame(pairs):
    drawn = plots.calibration([plots.Point(*pair, "x") for pair in pairs], label="x")
    places = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert len(places) == len(pairs)
    for x, y in places:
        assert 40 <= float(x) <= 320
        assert 24 <= float(y) <= 304


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=40))
def test_columns_have_room_for_their_labels(counts):
    drawn = plots.columns([plots.Bar("a", count, "b") for count in counts], label="x")
    heights = [int(height) for height in re.findall(r"height:(\d+)px", drawn)]
    assert len(heights) == len(counts)
    assert max(heights) <= 150
    assert drawn.count("<small>a</small>") <= 10
    assert drawn.count('class="between"') == len(counts) - drawn.count("<small>a</small>")
