"""How far off forecasts of orders were in the test."""

from __future__ import annotations

import re

import pytest

from tessera.insights.report.forecasts.accuracy import against, groups, ranges
from tessera.records.scoring.report_card import Accuracy, GroupOutcome, RangeTest, ScoredModel
from tests import forecast_records as records


def error(**more):
    values = {"predicted": 9.0, "actual": 10.0, "total_error": -0.1, "mae": 1.0, "rmse": 2.0,
              "deviance": 1.5}  # fmt: skip
    return Accuracy(**values | more)


def test_the_lowest_of_each_column_is_bold(read_html):
    card = records.card(
        records.verdicts(),
        models=(
            ScoredModel(name="bg_nbd", accuracy=error(mae=0.9, deviance=None), log_likelihood=-1),
        ),
        model="bg_nbd",
        forecast=error(deviance=1.4, rmse=1.0),
    )
    html = against(card)
    assert re.findall(r'<b class="best">([^<]+)</b>', html) == ["0.900", "1.400", "1.000"]
    text = " ".join(read_html(html).text.split())
    assert "BG/NBD the forecast starts from it 9 −10.0 % – 0.900 2.000" in text
    assert "This forecast the model, corrected by the shop's past 9 −10.0 % 1.400" in text
    assert "MAE, RMSE and AUC decide nothing" in text


def test_groups_are_shown_apart(read_html):
    rows = tuple(
        GroupOutcome(group=name, customers=188, by_model=1.1825, predicted=0.82, actual=1.14)
        for name in ("new", "bought_once", "repeated")
    )
    text = " ".join(read_html(groups(records.card(None, groups=rows))).text.split())
    assert "New customers known for 30 days or less 188 1.18 0.82 1.14" in text
    assert "Bought again on two days or more" in text
    assert groups(records.card(None)) is None


@pytest.mark.parametrize(("actual", "word"), [(10.0, "inside"), (14.0, "outside")])
def test_a_range_held_or_not(read_html, actual, word):
    held = RangeTest(low=8.0, high=12.0, actual=actual, customers_inside=0.953)
    card = records.card(records.verdicts(), ranges=held, forecast=error())
    text = read_html(ranges(card)).text
    assert "9 purchase days were expected in all, 80 % range 8 to 12." in text
    assert f"{actual:.0f} purchase days came, {word} the range." in text
    assert "95.3 % were inside their own range" in text


def test_without_ranges_of_customers_only_the_total_is_judged(read_html):
    held = RangeTest(low=8.0, high=12.0, actual=1.0, customers_inside=None)
    text = read_html(ranges(records.card(None, ranges=held, forecast=error()))).text
    assert "1 purchase day came" in text
    assert "own range" not in text
    assert ranges(records.card(None)) is None
