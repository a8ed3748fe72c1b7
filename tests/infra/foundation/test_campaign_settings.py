"""The settings of a stage's campaigns: what is refused, and what to set then."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tests.infra.console.stages import GIVEN
from tests.infra.test_settings import parse

CONSOLE = {"enabled": True, "domain": GIVEN}


def campaigns(**settings):
    given = {"enabled": True, "domain": "mail.shop.example"} | settings
    return parse(console=CONSOLE, campaigns=given).campaigns


def test_campaigns_are_off_by_default():
    assert not parse().campaigns.enabled


def test_campaigns_need_a_place_for_unsubscribe_links():
    with pytest.raises(InvalidInput, match=r"'campaigns.enabled'.*'console.enabled' true"):
        parse(campaigns={"enabled": True, "domain": "mail.shop.example"})
    links = {"links_origin": "https://links.shop.example"}
    assert parse(campaigns={"enabled": True, "domain": "mail.shop.example", **links}).campaigns


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"domain": ""}, ["'campaigns.domain'", "mail.shop.example"]),
        ({"domain": "https://shop.example"}, ["'campaigns.domain'"]),
        ({"mail_from": "a.b"}, ["'campaigns.mail_from'", "'bounce'"]),
        ({"warm_up_from": "20261201"}, ["'campaigns.warm_up_from'", "'2026-12-01'"]),
        ({"warm_up_from": "2026-13-01"}, ["'campaigns.warm_up_from'"]),
        ({"links_origin": "http://shop.example"}, ["'campaigns.links_origin'", "https://"]),
        ({"links_origin": "https://shop.example/u"}, ["'campaigns.links_origin'"]),
    ],
)
def test_what_could_not_be_deployed_is_refused_by_name(settings, words):
    with pytest.raises(InvalidInput) as refused:
        campaigns(**settings)
    for word in words:
        assert word in str(refused.value)
    assert campaigns(warm_up_from="2026-12-01").domain == "mail.shop.example"
