"""What is published of each quantity, and why."""

from __future__ import annotations

import pytest

from tessera.insights.report.forecasts.quantities import published
from tests import forecast_records as records


@pytest.fixture
def words(read_html):
    return lambda verdicts: " ".join(read_html(published(verdicts)).text.split())


def test_each_quantity_has_its_verdict_its_saving_and_the_nearest_rule(words):
    text = words(records.verdicts(orders="ranking"))
    nearest = "everybody buys as customers do who have been silent for as long"
    assert f"Orders ranks only +30.0 % +5.0 % +10.0 % {nearest}" in text
    assert f"No order in 90 days figures +30.0 % +5.0 % +10.0 points {nearest}" in text
    assert "Orders, ranks only. A reason for ranking." in text


def test_what_could_not_be_tested_has_no_figures(words):
    untested = records.verdict("none", off_by=None, savings={}, reasons=("too short", "and new"))
    text = words(records.Verdicts(orders=untested, no_order={}, money=untested))
    assert "Orders not shown – – – –" in text
    assert "Orders, not shown. Too short. And new." in text


@pytest.mark.parametrize(("off_by", "shown"), [(-0.023, "−2.3 points"), (0.0001, "0.0 points")])
def test_a_chance_is_off_by_points(words, off_by, shown):
    chance = records.verdict("full", off_by=off_by)
    text = words(
        records.Verdicts(
            orders=records.verdict("full"), no_order={"30": chance}, money=records.verdict("full")
        )
    )
    assert shown in text
