"""The report on the test of the forecasts: all of it, in part, or withheld."""

from __future__ import annotations

import pytest

from tessera.insights.summary import summarise
from tessera.records.codec import encode
from tests import forecast_records as made

# ---- published ---------------------------------------------------------------------------------


def test_a_published_card_says_how_good_it_is(shop_records, outline):
    text = " ".join(outline(shop_records("cdnow", prepare={"currency": "USD"})).text.split())
    for expected in (
        "Yes, within their ranges. In figures: orders, the chance of no order in 30, 90 and 180 "
        "days and money.",
        "cut 182 days before 1 July 1998", "2,357 customers, 1,039 with a second purchase day",
        "1,156 happened", "everybody keeps buying at the same rate",
        "AUC of who does not order", "of 100 cases", "days since the last purchase alone 0.791",
        "of the money came from the tenth forecast to be worth most",
        "inside the range.",
    ):  # fmt: skip
        assert expected in text
    assert "What is used instead" not in text


def test_every_tenth_is_a_dot_with_its_figures(shop_records, outline):
    records = shop_records("cdnow")
    groups = records.score.models.card.calibration
    page = outline(records)
    assert len(page.named("circle")) == len(groups) == 10
    (plot,) = (a for a in page.named("svg") if a.get("class") == "plot")
    assert "tenth 10, 236 customers: " in plot["aria-label"]


def test_a_reused_model_is_named_as_such(shop_records, outline):
    records = shop_records("cdnow")
    models = {**encode(records.score.models), "reused": True, "learnt_as_of": "1998-06-01"}
    text = outline(shop_records("cdnow", score={"models": models})).text
    assert "The models are those of the run as of 1 June 1998, used again in this one." in text
    assert "cut 182 days before 1 June 1998" in text


def test_a_horizon_beyond_the_test_alone_is_no_doubt(shop_records, outline):
    reached = made.verdicts()
    untested = made.verdict("none", savings={}, off_by=None, reasons=("not covered",))
    verdicts = made.Verdicts(
        orders=reached.orders,
        no_order={**reached.no_order, "180": untested},
        money=reached.money,
    )
    models = encode(made.models(verdicts))
    text = outline(shop_records("cdnow", score={"models": models})).text
    assert "Yes, within their ranges." in text
    assert "Not shown: the chance of no order in 180 days." in text


# ---- in part -----------------------------------------------------------------------------------


def test_the_example_is_trusted_in_part(shop_records, outline):
    text = " ".join(outline(shop_records("online_retail")).text.split())
    shown = text[text.index("Can you trust the forecasts?") :]
    for expected in (
        "In part. In figures: the chance of no order in 30 and 90 days. By rank only: orders and "
        "money. Not shown: the chance of no order in 180 days.",
        "The order of customers can be trusted, the amounts cannot.",
        "With less than two years no season can be learnt",
        "does not distinguish customers and is no churn score",
        "Orders ranks only", "No order in 90 days figures", "No order in 180 days not shown",
        "The test covers 119 days, and this is 180 ahead.",
        "profiles have tenths in place of figures",
    ):  # fmt: skip
        assert expected in shown
    assert "own gaps between purchases" not in shown


@pytest.mark.parametrize(
    ("verdicts", "present", "absent"),
    [
        (made.verdicts(money="none"), "use the money spent so far", "tenths in place"),
        (made.verdicts(chances="none"), "own gaps between purchases", "money spent so far"),
        (made.verdicts(chances="ranking"), "tenths in place of figures", "own gaps between"),
    ],
)
def test_only_what_stands_in_is_named(shop_records, outline, verdicts, present, absent):
    models = encode(made.models(verdicts))
    score = {"models": models, "totals": {}, "sets": {}, "value": None}
    text = " ".join(outline(shop_records("cdnow", score=score)).text.split())
    shown = text[text.index("What is used instead") :]
    assert present in shown
    assert absent not in shown


# ---- withheld ----------------------------------------------------------------------------------


def test_too_little_history_has_no_card_and_still_says_so(shop_records, outline):
    models = encode(made.models(None, reasons=("nobody has bought anything yet",), model=None))
    value = {"clv_histogram": None, "churn_by_value": None}
    score = {"models": models, "value": value, "totals": {}}
    text = " ".join(outline(shop_records("cdnow", score=score)).text.split())
    assert "Not in this run. The forecasts are withheld. Nobody has bought anything yet." in text
    assert "The rule in the same test" not in text
    assert "Who to save first" not in text


def test_a_card_of_a_version_that_published_all_or_nothing_shows_its_test_alone(
    shop_records, outline
):
    records = shop_records("cdnow")
    card = encode(records.score.models.card) | {"verdicts": None, "forecast": None, "groups": ()}
    models = {**encode(records.score.models), "card": card}
    text = outline(shop_records("cdnow", score={"models": models, "totals": {}})).text
    assert "Not in this run." in text
    assert "How far off were they?" in text


def test_the_summary_has_what_programs_ask_for(make_records, shop_records):
    summary = summarise(shop_records("cdnow"))
    assert summary.models.card.verdicts.orders.grade == "full"
    assert summary.totals["orders"].low < summary.totals["orders"].expected
    assert summary.value.clv_histogram
    assert summary.breaker.waits is False
    assert summarise(make_records()).models is None


def test_the_summary_has_no_trees(shop_records):
    records = shop_records("cdnow")
    assert records.score.models.learnt is not None
    assert summarise(records).models.learnt is None
