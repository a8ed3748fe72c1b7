"""Thresholds: what a tenant may ask for, who is in, and the error messages."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.contracts.tables import PROFILES
from tessera.destinations import content
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import sets_for
from tessera.segments.sets.threshold_segments import (
    COLUMNS,
    Threshold,
    number_text,
    parse_thresholds,
)
from tessera.settings import RunSettings

MONEY = {"attribute": "monetary"}


def one(**table) -> Threshold:
    (threshold,) = parse_thresholds({"Big spender": table})
    return threshold


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"at_least": 500}, ["500", "500.01", "1E+9"], ["499.99", "0", None]),
        ({"at_most": 99.5}, ["99.5", "0", "-3"], ["99.51", None]),
        ({"at_least": 1, "at_most": 1}, ["1", "1.00"], ["0.99", "1.01"]),
        ({"at_least": 0}, ["0"], ["-0.01", None]),
    ],
)
def test_both_bounds_are_included_and_nobody_is_in_without_a_value(bounds, inside, outside):
    threshold = one(**MONEY, **bounds)
    assert all(threshold.holds(Decimal(value)) for value in inside)
    assert not any(threshold.holds(value and Decimal(value)) for value in outside)


def test_it_says_what_it_means_unless_somebody_says_it_better():
    assert one(**MONEY, at_least=500).meaning == "monetary at least 500."
    assert one(**MONEY, at_most=99.5).meaning == "monetary at most 99.5."
    assert one(**MONEY, at_least=1, at_most=2).meaning == "monetary from 1 to 2."
    described = one(**MONEY, at_least=1, meaning="Spent much.", action="Thank them.")
    assert (described.meaning, described.action) == ("Spent much.", "Thank them.")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (3, ["'Big spender'", "a table of", "at_least"]),
        ({"at_least": 3}, ["'Big spender'", "no attribute"]),
        ({**MONEY}, ["no bound", "at_least, at_most"]),
        ({**MONEY, "from": 3}, ["unknown key 'from'", "at_least"]),
        ({**MONEY, "at_least": "500"}, ["at_least is '500'", "a number"]),
        ({**MONEY, "at_least": True}, ["at_least is True"]),
        ({**MONEY, "at_most": float("nan")}, ["at_most is nan"]),
        ({**MONEY, "at_most": 1e300}, ["at_most"]),
        ({**MONEY, "at_least": 2, "at_most": 1}, ["nobody"]),
        ({"attribute": "recency_days", "at_most": 30}, ["'recency_days'", "segment set is exact"]),
        ({"attribute": "clv_365d", "at_least": 30}, ["'clv_365d'", "segment set is exact"]),
        ({"attribute": "p_no_order_90d", "at_least": 0.5}, ["'p_no_order_90d'", "'monetary'"]),
        ({**MONEY, "at_least": 1, "meaning": " "}, ["no meaning"]),
    ],
)
def test_an_error_names_the_place_of_the_mistake(table, words):
    with pytest.raises(InvalidInput) as caught:
        parse_thresholds({"Big spender": table})
    for word in words:
        assert word in str(caught.value)


def test_what_can_be_asked_for_is_sent_as_a_number_and_never_left_as_it_was():
    fields = {field.column: field for field in content.FIELDS}
    for column in COLUMNS:
        assert column in PROFILES.names
        assert fields[column].name in content.INTEGERS | content.DECIMALS
        assert fields[column].name not in content.VOLATILE | content.DRIFTING
        assert fields[column].form == "text"


def test_a_name_that_a_label_has_already_is_refused_before_a_run():
    thresholds = {"Champions!": {**MONEY, "at_least": 500}}
    with pytest.raises(InvalidInput, match=r"_RFM_Champions.*a threshold"):
        sets_for(RunSettings(thresholds=thresholds))


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_setting_keeps_its_digits_on_the_way_through_a_ticket(number):
    written = float(number)
    settings = RunSettings(thresholds={"Big spender": {**MONEY, "at_least": written}})
    read = RunSettings.parse(json.loads(json.dumps(settings.to_dict())))
    (threshold,) = sets_for(read).thresholds
    assert threshold.at_least == number
    assert Decimal(number_text(number)) == number
