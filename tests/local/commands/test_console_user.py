"""Users of a deployed console, with a fake in Cognito's place."""

from __future__ import annotations

import pytest

from infra.console.settings import SiteSettings
from local.commands import console_user as command
from local.commands.console_user import console_user, console_user_of
from tessera.errors import InvalidInput

GIVEN = "d111111abcdef8.cloudfront.net"
OUTPUTS = {
    "UserPoolId": "us-east-1_pool",
    "ConsoleUrl": f"https://{GIVEN}/",
    "DistributionDomain": GIVEN,
}


class Pool:
    """Remembers who was invited."""

    def __init__(self, pool_id, *, cognito):
        assert pool_id == "us-east-1_pool"
        self.known = cognito

    def invite(self, email, *, tenant, role):
        new = email not in self.known
        self.known[email] = (tenant, role)
        return new


@pytest.fixture
def known(monkeypatch):
    monkeypatch.setattr(command, "UserPool", Pool)
    return {}


def make(known, email="ada@example.com", *, site=None, tenant="acme", role="admin"):
    lines = []
    console_user(
        known,
        email,
        tenant=tenant,
        role=role,
        console=OUTPUTS,
        site=site or SiteSettings(enabled=True, domain=GIVEN),
        say=lines.append,
    )
    return lines


def test_an_operator_has_no_tenant(known):
    assert make(known, "ops@example.com", role="operator")[0].startswith("ops@example.com is an")
    assert known == {"ops@example.com": ("", "operator")}


def test_a_new_user_gets_a_mail_and_the_address_is_printed(known):
    assert make(known) == [
        "ada@example.com has the role admin for the tenant acme.",
        "Cognito has sent a temporary password to that address. It works for 7 days.",
        f"Sign in at https://{GIVEN}/",
    ]
    assert known == {"ada@example.com": ("acme", "admin")}


def test_a_user_who_is_there_gets_no_second_mail(known):
    make(known)
    assert not [line for line in make(known) if "password" in line]


@pytest.mark.parametrize("domain", ["", "d222222abcdef8.cloudfront.net"])
def test_a_stage_whose_browsers_cannot_upload_yet_says_what_to_set(known, domain):
    last = make(known, site=SiteSettings(enabled=True, domain=domain))[-1]
    assert f'"domain": "{GIVEN}"' in last
    assert "one more deployment" in last


def test_an_own_domain_needs_no_second_deployment(known):
    assert not [
        line
        for line in make(known, site=SiteSettings(enabled=True, domain="console.example.com"))
        if "deployment" in line
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [({"email": "ada"}, "'ada' is not an e-mail address"), ({"tenant": "A B"}, "tenant 'A B'")],
)
def test_a_user_that_could_not_be_one_is_refused_before_any_request(known, given, words):
    with pytest.raises(InvalidInput, match=words):
        make(known, **given)
    assert known == {}


def test_a_stage_without_a_console_says_what_to_do():
    with pytest.raises(InvalidInput, match=r"'console\.enabled'.*`make console`"):
        console_user_of("dev", "ada@example.com", tenant="acme", role="admin", say=print)
