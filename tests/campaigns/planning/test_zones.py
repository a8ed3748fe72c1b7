"""Every country that people live in has a time zone."""

from __future__ import annotations

import pytest

from tessera.campaigns.planning import zones
from tessera.countries import _regions

UNINHABITED = {"AQ", "BV", "HM", "UM"}


def test_every_inhabited_country_has_zones_that_exist():
    table = zones._zones_by_country()
    assert set(table) == _regions() - UNINHABITED
    for country, names in table.items():
        assert all(zones.is_zone(name) for name in names), country


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
    assert zones.zones_of(time_zone=time_zone, country=country, shop_zone="Asia/Tokyo") == expected
    assert zones.is_known(time_zone=time_zone, country=country) is (expected != ("Asia/Tokyo",))
