"""insights.json has the report's and the summary's figures, and counts everybody once."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tessera.errors import InvalidInput
from tessera.insights import figures
from tessera.insights.forecasts import sentence
from tessera.insights.manifest import manifest
from tessera.insights.report.page import render
from tessera.insights.summary import summarise
from tessera.records.codec import decode, encode
from tessera.records.insights.insights import Insights
from tessera.records.schema import schema
from tests.insights.made import groups_of, insights_of

FIGURES = {"historic_value_avg": "12.00", "clv_avg": "34.50", "p_no_order_90d_avg": 0.25}


@pytest.fixture
def counted(shop_records):
    """Make records of Online Retail whose groups are counted."""

    def make(**more: Any):
        score = encode(shop_records("online_retail").score)
        return shop_records("online_retail", score={"groups": groups_of(score, **more)})

    return make


def test_they_are_read_back_and_their_schema_accepts_them(counted):
    made = insights_of(counted())
    written = json.loads(json.dumps(encode(made)))
    assert decode(Insights, written, document="insights.json") == made
    jsonschema.Draft202012Validator(schema(Insights)).validate(written)


def test_every_set_counts_everybody_once(counted):
    made = insights_of(counted())
    assert list(made.sets) == ["rfm", "value_tier", "churn_band", "value_at_risk"]
    for one in made.sets.values():
        assert sum(group.uuids for group in one.groups) == made.overview.customers == 4338
        total = sum(group.percentage for group in one.groups)
        assert total == pytest.approx(100, abs=len(one.groups) * 5e-5)


def test_groups_that_miss_customers_are_refused(counted, shop_records):
    groups = encode(counted().score)["groups"]
    groups["value_tier"][0]["uuids"] -= 1
    with pytest.raises(InvalidInput, match="'value_tier' twice and differently"):
        insights_of(shop_records("online_retail", score={"groups": groups}))


def test_a_group_has_its_texts_limits_and_segment(counted):
    made = insights_of(counted())
    champions = made.sets["rfm"].groups[0]
    assert (champions.group, champions.segment) == ("Champions", "_RFM_Champions")
    assert champions.action.startswith("Reward them")
    high = made.sets["value_tier"].groups[0]
    assert (high.group, high.segment) == ("High", "_RFM_Value_High")
    assert made.sets["value_at_risk"].of == ("value_tier", "churn_band")


# ---- one definition of every figure --------------------------------------------------------------


def test_they_have_the_figures_of_the_summary(counted):
    records = counted()
    ours, summary = encode(insights_of(records)), encode(summarise(records))
    for name in ("models", "value", "trend", "breaker", "previous", "clusters", "destinations"):
        assert ours[name] == summary[name]
    for name in ("customers", "buyers", "orders", "monetary", "median_days_to_second_order"):
        assert ours["overview"][name] == summary[name]
    assert {name: ours["movement"][name] for name in summary["movement"]} == summary["movement"]
    columns = {name: total for one in ours["forecasts"] for name, total in one["totals"].items()}
    assert columns.get("clv_365d") == summary["totals"].get("money")
    for group, row in zip(ours["sets"]["rfm"]["groups"], summary["segments"], strict=True):
        assert group["uuids"] == row["customers"]
        assert group["percentage"] == round(100 * row["share"], 4)
        assert group["monetary"] == row["monetary"]
        assert group["order_count_avg"] == row["mean_frequency"]
        assert group["timeliness_avg_days"] == row["mean_recency_days"]
        assert group["mean_order_value"] == row["mean_order_value"]
    for name, one in summary["sets"].items():
        sizes = [label["customers"] for label in one["labels"]]
        assert [group["uuids"] for group in ours["sets"][name]["groups"]] == sizes


@pytest.fixture
def report(counted, read_html):
    """What the report of the same records shows, as one line."""
    records = counted()
    return " ".join(read_html(render(records, manifest(records))).text.split())


def test_the_report_begins_with_their_overview(counted, report):
    records = counted()
    seen, money = insights_of(records).overview, records.currency
    for figure in (
        f"Customers {figures.number(seen.customers)}",
        f"Orders {figures.number(seen.orders)}",
        f"Net money {figures.money(seen.monetary, money)}",
        f"Average order value {figures.money(seen.average_order_value, money, 2)}",
    ):
        assert figure in report


def test_the_reports_segments_are_their_groups(counted, report):
    records = counted()
    medians = {row.label: row.median_recency_days for row in records.score.segments}
    for group in insights_of(records).sets["rfm"].groups:
        figures_of_row = (
            figures.number(group.uuids),
            figures.share(group.percentage / 100),
            figures.money(group.monetary, records.currency),
            figures.share(group.monetary_percentage / 100),
            figures.measure(medians[group.group]),
            figures.number(group.order_count_avg, 1),
            figures.money(group.mean_order_value, records.currency),
        )
        assert (" ".join((group.group, *figures_of_row)) in report) == bool(group.uuids)


def test_the_reports_sets_are_their_groups(counted, report):
    made = insights_of(counted())
    for name in ("value_tier", "churn_band"):
        for group in made.sets[name].groups:
            share = figures.share(group.percentage / 100)
            shown = f"{group.group} {figures.number(group.uuids)} {share}" in report
            assert shown or not group.uuids


def test_the_reports_trend_has_their_runs(counted, report):
    for point in insights_of(counted()).trend:
        assert figures.number(point.customers) in report


# ---- averages that are not there -----------------------------------------------------------------


def test_an_average_that_is_withheld_has_its_reason(counted):
    made = insights_of(counted())
    money = next(one for one in made.forecasts if one.name == "money")
    assert money.verdict.grade == "ranking"
    assert money.totals == {}
    for group in made.sets["rfm"].groups:
        assert group.clv_avg is None
        assert group.clv_reason == " ".join(map(sentence, money.verdict.reasons))


def test_an_average_that_is_there_has_no_reason(counted):
    for group in insights_of(counted(**FIGURES)).sets["rfm"].groups:
        assert (group.clv_avg, group.clv_reason) == ("34.50", None)
        assert (group.p_no_order_90d_avg, group.p_no_order_90d_reason) == (0.25, None)


def test_a_group_without_buyers_has_none_of_an_average(counted):
    prospects = insights_of(counted()).sets["rfm"].groups[-1]
    assert prospects.group == "Prospect"
    assert prospects.p_no_order_90d_reason == "None of these customers has bought."


def test_a_run_without_models_has_no_forecasts_and_says_so(make_records):
    made = insights_of(make_records())
    assert {one.verdict.grade for one in made.forecasts} == {"none"}
    assert {one.verdict.reasons for one in made.forecasts} == {("the run has no forecast models",)}
    assert made.sets == {}


def test_totals_are_by_column_with_their_ranges(shop_records):
    made = insights_of(shop_records("cdnow"))
    totals = {column: each for one in made.forecasts for column, each in one.totals.items()}
    assert totals.keys() == {"expected_orders_365d", "clv_365d", "clv"}
    assert totals["clv_365d"].low < totals["clv_365d"].expected < totals["clv_365d"].high
    assert [one.name for one in made.forecasts] == [
        "orders", "no_order_30d", "no_order_90d", "no_order_180d", "money",
    ]  # fmt: skip
