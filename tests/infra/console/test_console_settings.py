"""The settings of the console: what is refused, and what to use then."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tests.infra.console.stages import CERTIFICATE, GIVEN, OWN, WEB_ACL
from tests.infra.test_settings import parse


def console(**settings):
    return parse(console={"enabled": True, **settings}).console


def test_the_console_is_off_by_default():
    assert not parse().console.enabled
    assert parse().console.origin == ""


def test_the_origin_is_the_domain_that_is_set():
    assert console(domain=GIVEN).origin == f"https://{GIVEN}"
    own = console(domain=OWN, certificate_arn=CERTIFICATE, web_acl_arn=WEB_ACL)
    assert (own.origin, own.own_domain) == (f"https://{OWN}", OWN)
    assert console(domain=GIVEN).own_domain == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"domain": f"https://{OWN}"}, ["'console.domain'", "without https://"]),
        ({"domain": "localhost"}, ["'console.domain'", "console.example.com"]),
        ({"domain": OWN}, ["'console.certificate_arn'", "us-east-1"]),
        ({"certificate_arn": CERTIFICATE}, ["'console.certificate_arn'", "'console.domain'"]),
        (
            {"domain": OWN, "certificate_arn": CERTIFICATE.replace("us-east-1", "eu-west-1")},
            ["'console.certificate_arn'", "in us-east-1"],
        ),
        (
            {"web_acl_arn": WEB_ACL.replace("global", "regional")},
            ["'console.web_acl_arn'", "CLOUDFRONT"],
        ),
        ({"enabled": "yes"}, ["'console.enabled'", "bool, got str"]),
        ({"colour": 1}, ["unknown setting 'console.colour'", "console.domain"]),
    ],
)
def test_what_could_not_be_deployed_is_refused_by_name(settings, words):
    with pytest.raises(InvalidInput) as refused:
        console(**settings)
    for word in words:
        assert word in str(refused.value)


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1"])
def test_a_region_without_cloudfront_is_refused_with_what_to_use(region):
    settings = {"region": region, "destinations": ["export"]}
    assert parse(**settings).region == region
    with pytest.raises(InvalidInput, match=rf"'console.enabled' is True.*{region}") as refused:
        parse(**settings, console={"enabled": True})
    assert "report.html" in str(refused.value)
    assert "make console" in str(refused.value)
