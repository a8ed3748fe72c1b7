"""What SES answers about the account, where it refuses to."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from adapters.campaigns.account import SesAccount
from tessera.errors import Refused

GOOD = {
    "get_email_identity": {
        "VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"},
        "MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"},
    },
    "get_configuration_set": {},
    "get_tenant": {"Tenant": {"SendingStatus": "ENABLED"}},
    "list_tenant_resources": {
        "TenantResources": [
            {"ResourceArn": f"arn:aws:ses:us-east-1:123456789012:{place}"}
            for place in ("identity/shop.example", "configuration-set/tessera")
        ]
    },
}  # fmt: skip


class FakeSes:
    def __init__(self, denied=""):
        self.denied = denied

    def __getattr__(self, operation):
        def call(**_wanted):
            if operation == self.denied:
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, operation)
            return GOOD[operation]

        return call


def problems(ses):
    return SesAccount(ses).problems(
        domain="shop.example", configuration_set="tessera", ses_tenant="acme"
    )


@pytest.mark.parametrize(
    ("domain", "answer", "count"),
    [
        ("mail.shop.org", True, 0),
        ("mail.shop.org", None, 0),  # no resolver answered, which proves nothing
        ("mail.shop.org", False, 1),
        ("shop.example", False, 0),  # reserved for examples
    ],
)
def test_a_missing_dmarc_record_is_a_problem(domain, answer, count):
    account = SesAccount(FakeSes(), dmarc=lambda _: answer)
    named = account.problems(domain=domain, configuration_set="tessera")
    assert len(named) == count
    assert all("no DMARC record" in one for one in named)


def test_a_good_setup_has_no_problem():
    assert problems(FakeSes()) == []


@pytest.mark.parametrize("denied", sorted(GOOD))
def test_a_denied_call_is_refused_in_our_words(denied):
    with pytest.raises(Refused, match="SES denied access to"):
        problems(FakeSes(denied))
