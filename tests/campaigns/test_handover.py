"""A campaign that hands over its audience is one more segment set at its destination."""

from __future__ import annotations

import datetime as dt
import string

import pytest

from tessera.campaigns.handover import (
    HELD_OUT,
    Handover,
    campaign_sets,
    check_names,
    takes_labels,
)
from tessera.contracts.customer_profiles import is_set_attribute
from tessera.destinations import catalog, content
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode

STARTED = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)


def handover(campaign: str = "win-back", number: int = 1, **changes) -> Handover:
    fields = {
        "campaign": campaign, "name": "Win back", "run": f"{campaign}-r{number:03d}",
        "destination": "klaviyo", "variants": ("a", "b"),
        "at": STARTED + dt.timedelta(days=number),
    }  # fmt: skip
    return Handover(**(fields | changes))


def test_a_handover_survives_its_document():
    assert decode(Handover, encode(handover()), document="x") == handover()


def test_each_variant_and_the_held_out_are_a_segment_with_a_rule_that_people_can_read():
    [made] = campaign_sets([handover()])["klaviyo"]
    segments = made.segments({"a": 7, HELD_OUT: 2})
    assert [(one.name, one.customers) for one in segments] == [
        ("_RFM_Campaign_win-back_a", 7),
        ("_RFM_Campaign_win-back_b", 0),
        ("_RFM_Campaign_win-back_held_out", 2),
    ]
    assert [content.rule(one) for one in segments] == [
        f'rfm_campaign_win_back equals "{label}" and rfm_segment is set'
        for label in ("a", "b", "held_out")
    ]
    assert "nothing" in segments[-1].action


def test_runs_of_a_campaign_are_one_set_with_all_their_variants_in_order():
    later = handover(number=2, variants=("b", "c"), name="Win back again")
    [made] = campaign_sets([later, handover()])["klaviyo"]
    assert made.runs == ("win-back-r001", "win-back-r002")
    assert (made.labels, made.name) == (("a", "b", "c", HELD_OUT), "Win back again")


def test_each_destination_gets_its_own_campaigns():
    sets = campaign_sets([handover("x", destination="braze"), handover("b"), handover("a")])
    assert {name: [one.campaign for one in own] for name, own in sets.items()} == {
        "braze": ["x"],
        "klaviyo": ["a", "b"],
    }


def test_the_longest_campaign_has_names_that_every_destination_takes():
    campaign = "c" * 41
    check_names(campaign, ["variant"])
    [made] = campaign_sets([handover(campaign, variants=("variant",))])["klaviyo"]
    for one in made.segments({}):
        attribute = content.attribute(one)
        assert is_set_attribute(attribute)
        assert set(attribute) <= set(string.ascii_lowercase + string.digits + "_")
        assert len(attribute) <= 63  # a column of PostgreSQL
        for vendor in catalog.CATALOG.values():
            assert len(one.name) <= vendor.CAPABILITIES.name_limit
            assert set("-_" + string.ascii_letters + string.digits) >= set(one.name)


@pytest.mark.parametrize(("campaign", "variant"), [("c" * 42, "a"), ("c" * 20, "v" * 30)])
def test_longer_names_are_refused_with_the_campaign(campaign, variant):
    with pytest.raises(InvalidInput, match=f"'{campaign}'.*at most 64"):
        check_names(campaign, [variant])


def test_advertising_platforms_take_no_labels():
    takers = {name for name, one in catalog.CATALOG.items() if takes_labels(one.CAPABILITIES)}
    assert set(catalog.CATALOG) - takers == {"google_ads", "meta"}
