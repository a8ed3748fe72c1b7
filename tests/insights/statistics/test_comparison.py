"""Two runs side by side: every customer and all money counted once, and the unknown noted."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from tessera.errors import InvalidInput
from tessera.insights.statistics.comparison import compared
from tessera.records.codec import encode
from tessera.records.run_of_day import RunOfDay
from tests.insights.made import groups_of, insights_of


@pytest.fixture
def later(shop_records):
    score = encode(shop_records("online_retail").score)
    return insights_of(shop_records("online_retail", score={"groups": groups_of(score)}))


@pytest.fixture
def earlier(later):
    """The run before, with ten customers and 1,000.00 less of Champions."""
    rfm = later.sets["rfm"]
    first = rfm.groups[0]
    fewer = dataclasses.replace(
        first, uuids=first.uuids - 10, monetary=str(Decimal(first.monetary) - 1000)
    )
    changed = dataclasses.replace(rfm, groups=(fewer, *rfm.groups[1:]))
    return dataclasses.replace(
        later,
        run_id=later.previous.run_id,
        as_of=later.previous.as_of,
        previous=None,
        sets={**later.sets, "rfm": changed},
    )


def test_each_group_has_both_runs_and_the_difference(earlier, later):
    made = compared(earlier, later, name="rfm")
    assert (made.before.run_id, made.after.run_id) == (earlier.run_id, later.run_id)
    first, *rest = made.groups
    assert (first.group, first.customers_change) == ("Champions", 10)
    assert Decimal(first.monetary_change) == 1000
    assert {one.customers_change for one in rest} == {0}
    after = sum(one.after.uuids for one in made.groups)
    assert sum(one.customers_change for one in made.groups) == 10
    assert after == later.overview.customers


def test_causes_are_those_of_the_run_that_was_compared(earlier, later):
    assert compared(earlier, later, name="rfm").flows == later.flows != ()
    stranger = dataclasses.replace(earlier, run_id="0" * 16)
    made = compared(stranger, later, name="rfm")
    assert made.flows == ()
    assert "causes of moves are not known" in made.notes[0]


def test_a_group_that_only_one_run_has_is_kept(earlier, later):
    rfm = earlier.sets["rfm"]
    renamed = dataclasses.replace(rfm.groups[0], group="Heroes")
    older = dataclasses.replace(rfm, groups=(renamed, *rfm.groups[1:]))
    made = compared(dataclasses.replace(earlier, sets={"rfm": older}), later, name="rfm")
    by = {one.group: one for one in made.groups}
    assert by["Heroes"].after is None
    assert by["Heroes"].customers_change == -renamed.uuids
    assert by["Champions"].before is None
    assert by["Champions"].customers_change == later.sets["rfm"].groups[0].uuids


def test_other_edges_or_another_column_are_noted(earlier, later):
    tier = later.sets["value_tier"]
    moved = dataclasses.replace(tier, edges=(1.0, 2.0))
    other = dataclasses.replace(
        tier, column="historic_value" if tier.column != "historic_value" else "clv"
    )
    for changed, words in ((moved, "values between the groups"), (other, "another column")):
        before = dataclasses.replace(earlier, sets={"value_tier": changed})
        assert words in " ".join(compared(before, later, name="value_tier").notes)


def test_unlike_runs_are_refused(earlier, later):
    with pytest.raises(InvalidInput, match="money cannot be compared"):
        compared(dataclasses.replace(earlier, currency="EUR"), later, name="rfm")
    with pytest.raises(InvalidInput, match="no segment set 'tiers': rfm, "):
        compared(earlier, later, name="tiers")


def test_days_are_kept(earlier, later):
    made = compared(earlier, later, name="rfm")
    assert made.before == RunOfDay(run_id=earlier.run_id, as_of=dt.date(2011, 11, 10))
