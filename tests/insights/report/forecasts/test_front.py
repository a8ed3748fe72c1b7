"""The front page: figures with ranges, ranks, or why there are none."""

from __future__ import annotations

import pytest

from tessera.records.codec import encode
from tests import forecast_records as records


def front(page):
    """Return the front page's words: what stands before the segments."""
    words = " ".join(page.text.split())
    return words[: words.index("Every customer is in exactly one segment")]


def test_totals_stand_beside_their_ranges(shop_records, outline):
    records = shop_records("cdnow", prepare={"currency": "USD"})
    text = front(outline(records))
    for title, sign, name in (("Orders", "", "orders"), ("Value", "$", "money")):
        total = records.score.totals[name]
        shown = [f"{sign}{value:,.0f}" for value in (total.expected, total.low, total.high)]
        assert "{} in a year {} 80 % range {} to {}".format(title, *shown) in text
    assert "each customer has a chance for 30, 90 and 180 days" in text


def test_the_example_has_chances_in_full_and_the_rest_by_rank(shop_records, outline):
    text = front(outline(shop_records("online_retail")))
    assert "Orders in a year By rank" in text
    assert "Value in a year By rank" in text
    assert "Probably no order in 90 days 1,931 of 4,338 customers" in text
    assert "each customer has a chance for 30 and 90 days" in text
    assert "The order of customers can be trusted, the amounts cannot." in text
    assert "The history has 374 days. With less than two years no season can be learnt" in text
    assert "a first Christmas" in text


def test_it_leads_to_the_test(shop_records, outline):
    page = outline(shop_records("online_retail"))
    (link,) = (a["href"] for a in page.named("a") if a.get("href", "").startswith("#"))
    assert link.removeprefix("#") in {a.get("id") for a in page.named("h2")}


@pytest.mark.parametrize(
    ("mixed", "expected"),
    [
        (records.verdicts(chances="ranking"), "Chance of no order By rank"),
        (records.verdicts(chances="none"), "Chance of no order Not shown"),
        (records.verdicts(money="none"), "Value in a year Not shown"),
    ],
)
def test_what_is_not_in_figures_says_so(shop_records, outline, mixed, expected):
    models = encode(records.models(mixed))
    score = {"models": models, "totals": {}, "sets": {}, "value": None}
    assert expected in front(outline(shop_records("cdnow", score=score)))


def test_chances_without_a_churn_band_are_not_counted(shop_records, outline):
    text = front(outline(shop_records("cdnow", score={"sets": {}})))
    assert "Chance of no order In figures each customer has a chance for 30, 90 and 180" in text


def test_no_forecast_has_its_reason(shop_records, outline):
    models = encode(records.models(None, reasons=("nobody has bought anything yet",)))
    text = front(outline(shop_records("cdnow", score={"models": models, "totals": {}})))
    assert "No forecast is shown in this run. Nobody has bought anything yet." in text
    assert "What to expect" not in text


def test_a_run_of_a_version_without_models_has_no_front(make_records, outline):
    assert "What to expect" not in outline(make_records()).text
