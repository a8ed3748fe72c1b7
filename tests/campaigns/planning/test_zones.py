"""Every country that people live in has a time zone."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaigns.definitions.timing import SendSchedule
from tessera.campaigns.planning import zones
from tessera.countries import _regions
from tessera.time_zones import is_zone

UNINHABITED = {"AQ", "BV", "HM", "UM"}


def test_every_inhabited_country_has_zones_that_exist():
    table = zones._zones_by_country()
    assert set(table) == _regions() - UNINHABITED
    for country, names in table.items():
        assert all(is_zone(name) for name in names), country


BY_CUSTOMER, BY_SHOP = (
    SendSchedule(kind="once", first_day=dt.date(2026, 12, 1), zone=zone)
    for zone in ("customer", "shop")
)


@pytest.mark.parametrize(
    ("time_zone", "country", "expected"),
    [
        ("Europe/Paris", "DE", ("Europe/Paris",)),
        ("", "Deutschland", ("Europe/Berlin",)),
        ("Mars/Olympus", "Germany", ("Europe/Berlin",)),
        ("", "Atlantis", ("Asia/Tokyo",)),
        ("", "", ("Asia/Tokyo",)),
        ("", "US", ("America/New_York", "America/Los_Angeles")),
    ],
)
def test_the_customers_zone_comes_before_the_countrys_and_the_shops(time_zone, country, expected):
    place = zones.whereabouts(
        time_zone=time_zone, country=country, shop_zone="Asia/Tokyo", schedule=BY_CUSTOMER
    )
    assert place.zones == expected
    assert place.is_known is (expected != ("Asia/Tokyo",))
    again = zones.whereabouts(
        time_zone=place.own_zone,
        country=place.country,
        shop_zone="Asia/Tokyo",
        schedule=BY_CUSTOMER,
    )
    assert again == place


def test_a_schedule_by_the_shops_clock_has_one_zone_for_all():
    place = zones.whereabouts(
        time_zone="Europe/Paris", country="", shop_zone="Asia/Tokyo", schedule=BY_SHOP
    )
    assert (place.zones, place.own_zone) == (("Asia/Tokyo",), "Europe/Paris")
