"""Situations that were always read well, and stay so: the files that people reported."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tessera.errors import InvalidInput
from tests.reference import case as file_of


def test_a_delimiter_at_the_end_of_each_row_is_no_cell(check):
    checked = check(file_of("09-trailing-comma-on-data-rows").read_bytes())
    assert (checked.read, checked.accepted, checked.rejected) == (194, 194, {})


def test_two_columns_of_one_name_are_refused_with_both_places(check):
    with pytest.raises(InvalidInput, match=r"two columns called 'Email' \(columns 2 and 6\)"):
        check(file_of("28-duplicate-column").read_bytes())


def test_hours_that_a_day_has_twice_or_not_at_all_are_read_as_documented(fold):
    folded = fold(file_of("30-dst-hours"), time_zone="Europe/Berlin")
    local = {
        event["occurred_at"].astimezone(dt.UTC).strftime("%m-%d %H:%M")
        for event in folded.events
        if event["amount"] == 10
    }
    assert {"10-26 01:10", "10-26 01:50"} <= local, "the later of the two"
    assert "03-30 01:30" in local, "an hour later, as clocks are put forward"
    assert folded.customers["DST1"]["frequency"] == 3, "two orders at one instant have two ids"
    assert folded.money == Decimal("15091.52")


@pytest.mark.parametrize(
    "name", ["ORDERS.CSV", "orders März 2026 (1)+copy.csv", "50% off; día.csv"]
)
def test_a_file_may_have_any_name(check, name):
    checked = check(file_of("09-trailing-comma-on-data-rows").read_bytes(), name=name)
    assert (checked.accepted, checked.contents.net) == (194, Decimal("15011.52"))
