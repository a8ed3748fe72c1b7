"""What customers will be worth, and which of the valuable ones may be leaving."""

from __future__ import annotations

from tessera.customers.spend.clv import ClvTerms
from tessera.records.codec import encode
from tessera.records.scoring.forecast_models import TotalRange


def test_lifetime_values_say_on_what_terms_and_the_total_how_sure_it_is(shop_records, outline):
    records = shop_records("cdnow", prepare={"currency": "USD"})
    page = outline(records)
    text = " ".join(page.text.split())
    assert ClvTerms().label in text
    total = records.score.totals["clv"]
    assert (
        f"All 2,357 customers together: ${total.expected:,.0f} (80 % range ${total.low:,.0f} to "
        f"${total.high:,.0f}), ${total.expected / 2357:.2f} each" in text
    )
    (bars,) = (a for a in page.named("div") if a.get("class") == "bars")
    assert "2,357" not in bars["aria-label"]
    assert "and more: " in bars["aria-label"]


def test_another_horizon_has_its_total_and_range(shop_records, outline):
    totals = {
        "money": encode(TotalRange(expected=10.0, low=8.0, high=12.0)),
        "clv": encode(TotalRange(expected=20.0, low=15.0, high=30.0)),
    }
    text = outline(shop_records("cdnow", score={"totals": totals})).text
    shown = " ".join(text.split("What customers will be worth")[1].split())
    assert "together: £20 (80 % range £15 to £30)" in shown


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
    records = shop_records("cdnow", prepare={"currency": "USD"})
    grid = records.score.value.churn_by_value
    text = outline(records).text
    shown = " ".join(text.split("Who to save first")[1].split("Segment sets")[0].split())
    assert "Customers and their CLV; darker is more CLV" in shown
    for row in grid.customers[:3]:
        for count in filter(None, row):
            assert f" {count:,} " in shown
    assert "80 % range −23.3 % to +30.4 % for all together, and wider for each part." in shown


def test_without_amounts_the_map_counts_customers_by_rank(shop_records, outline):
    text = " ".join(outline(shop_records("online_retail")).text.split())
    assert "What customers will be worth" not in text
    assert "by tenths of predicted value" in text
    assert "Who to save first" in text
    assert "and their CLV" not in text
    assert "These sums are forecasts" not in text
