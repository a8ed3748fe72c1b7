"""The list of destinations agrees with what is built for each name."""

from __future__ import annotations

from tessera import settings
from tessera.contracts.destinations import DESTINATIONS, ended, of_kind, taking_moves, title
from tessera.destinations import catalog
from tessera.destinations.content import Content


def test_every_destination_has_a_vendor_module_and_every_module_a_destination():
    assert set(catalog.CATALOG) == set(DESTINATIONS)
    assert set(catalog.HTTP) == set(of_kind("http"))
    assert set(catalog.CATALOG) - set(catalog.LOADED) == set(of_kind("files"))


def test_a_vendor_module_has_the_title_and_the_end_of_the_list():
    for name, vendor in catalog.CATALOG.items():
        assert DESTINATIONS[name].title == vendor.TITLE
        assert vendor.CAPABILITIES.ended == DESTINATIONS[name].ended
        assert vendor.CAPABILITIES.requests == (DESTINATIONS[name].kind != "files")


def test_what_takes_single_moves_merges_by_attributes_over_http():
    able = {name for name, one in catalog.CATALOG.items() if one.CAPABILITIES.moves}
    assert able == set(taking_moves())
    assert able == {"braze", "customerio", "hubspot", "iterable", "klaviyo", "webhook"}
    for name in able:
        vendor = catalog.HTTP[name]  # what forwards has no other transport
        assert vendor.CAPABILITIES.membership == "attributes"
        assert isinstance(vendor.render, Content)  # each customer's content is kept by columns


def test_the_default_destinations_exist_and_are_supported():
    assert set(settings.DEFAULT_DESTINATIONS) <= set(DESTINATIONS) - set(ended())


def test_a_destination_of_another_version_still_has_a_title():
    assert title("google_ads") == "Google Ads"
    assert title("carrier_pigeon") == "carrier pigeon"
