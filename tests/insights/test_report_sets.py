"""The report on segment sets and on cohorts."""

from __future__ import annotations

import pytest

from tessera.records.codec import encode
from tessera.segments.sets.catalog import SHIPPED, load_set_document


def cohort(month, later, customers, spend="10.00"):
    return {"cohort": month, "months_later": later, "customers": customers, "spend": spend}


JANUARY = 12 * 2020


# ---- sets --------------------------------------------------------------------------------------


def test_every_label_has_its_customers_meaning_and_action(shop_records, outline):
    records = shop_records("cdnow")
    text = outline(records).text
    for one in records.score.sets.values():
        assert one.meaning in text
        for row in one.labels:
            if row.customers:
                assert row.meaning in text
                assert row.action in text
    assert "Nobody is Unknown." in text


def test_sets_stand_in_the_settings_order(shop_records, outline):
    records = shop_records("cdnow")
    settings = {**encode(records.ticket.settings), "segment_sets": ["value_tier", "churn_band"]}
    sets = {name: encode(one) for name, one in sorted(records.score.sets.items())}
    page = outline(shop_records("cdnow", score={"sets": sets}, ticket={"settings": settings}))
    text = page.text
    assert text.index(" Value tier ") < text.index(" Churn band ") < text.index(" Value at risk ")


def test_limits_say_on_which_side_their_ends_lie(shop_records, outline):
    records = shop_records("cdnow")
    low, high = records.score.sets["value_tier"].edges
    text = outline(records).text.replace("\u00a0", " ")
    assert f"> {low:.2f}, ≤ {high:.2f}" in text  # a value equal to a quantile belongs below it
    assert "≥ 0.50, < 0.80" in text


def test_tenths_in_a_forecasts_place_are_named_as_such(shop_records, outline):
    text = " ".join(outline(shop_records("online_retail")).text.split())
    assert (
        "By tenths of predicted value in this run, because customer lifetime value is "
        "withheld. Read the meanings below as an order, not as measured chances." in text
    )
    assert "High 434 10.0 % tenth 10 Among" in text
    assert "Middle 1,735 40.0 % tenths 6 to 9 In" in text
    assert "Low 2,169 50.0 % tenths 1 to 5 In" in text


def test_a_set_by_a_rule_without_a_forecast_says_so(shop_records, outline):
    records = shop_records("online_retail")
    tier = encode(records.score.sets["value_tier"])
    past = {"column": "historic_value", "by": "quantile", "withheld": ["clv_365d", "value_tenth"]}
    sets = {"value_tier": tier | past}
    text = " ".join(outline(shop_records("online_retail", score={"sets": sets})).text.split())
    assert (
        "By money spent so far in this run, because customer lifetime value and tenths of "
        "predicted value are withheld." in text
    )


def test_a_combined_set_names_its_parts(shop_records, outline):
    assert "Combines value tier and churn band." in outline(shop_records("cdnow")).text


def test_a_set_of_ones_own_is_shown_by_its_columns(make_records, outline):
    labels = [
        {"label": "Big", "meaning": "80 or more an order.", "action": "Show bundles.",
         "segment_label": "Basket Big", "customers": 3, "from": 80.0, "below": None},
        {"label": "None", "meaning": "No order.", "action": "",
         "segment_label": "Basket None", "customers": 0},
    ]  # fmt: skip
    one = {"meaning": "By mean order value.", "column": "mean_order_value", "by": "value",
           "withheld": [], "edges": [80.0], "labels": labels}  # fmt: skip
    text = outline(make_records(score={"sets": {"basket_size": one}})).text
    assert "Basket size" in text
    assert "By mean_order_value." in text
    assert "≥\u00a080.00" in text
    assert "Nobody is None." in text


def test_columns_of_the_shipped_sets_have_words():
    from tessera.insights.report.sets import meaning

    for name in SHIPPED:
        document = load_set_document(name)
        for rule in document.get("rule", ()):
            assert meaning(rule["column"]) != rule["column"]


# ---- cohorts -------------------------------------------------------------------------------------


def test_cohorts_are_a_triangle_of_shares(shop_records, outline):
    page = outline(shop_records("online_retail"))
    text = " ".join(page.text.split())
    assert "Dec 2010 885 · £5,098 each 37 32 38 36" in text
    assert "December 2011 is counted as far as it was known on 10 December 2011" in text
    titles = [a["title"] for a in page.named("td") if "of 885 customers" in a.get("title", "")]
    assert titles[0] == "324 of 885 customers"
    assert len(titles) == 12


def test_a_month_without_returns_is_a_dash_and_the_future_is_blank(make_records, outline):
    rows = [cohort(JANUARY, 0, 4), cohort(JANUARY, 2, 1), cohort(JANUARY + 2, 0, 5)]
    page = outline(make_records(prepare={"cohorts": rows}))
    assert "0 of 4 customers" in [a.get("title") for a in page.named("td")]
    assert "Jan 2020 4 · £5 each – 25 Mar 2020 5" in " ".join(page.text.split())


def test_only_the_latest_cohorts_are_shown(make_records, outline):
    rows = [cohort(JANUARY + n, later, 9) for n in range(30) for later in range(30 - n)]
    text = " ".join(outline(make_records(prepare={"cohorts": rows})).text.split())
    assert "Jan 2021 9" in text
    assert "Dec 2020 9" not in text
    assert "Jun 2022 9" in text


@pytest.mark.parametrize("rows", [[], [cohort(JANUARY, 0, 4)]])
def test_one_month_has_nothing_to_compare(make_records, outline, rows):
    assert "come back?" not in outline(make_records(prepare={"cohorts": rows})).text
