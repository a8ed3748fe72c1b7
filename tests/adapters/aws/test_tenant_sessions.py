"""Credentials of one tenant: one role assumed an hour, addresses that end with their signer."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from adapters.aws.tenant_sessions import TenantSessions
from adapters.aws.tenant_uploads import TenantUploads
from tessera.errors import Refused, Retryable

NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)


class Sts:
    """Answers as STS does, and notes what it was asked."""

    def __init__(self):
        self.now, self.asked, self.fails = NOW, [], None

    def assume_role(self, **asked):
        if self.fails:
            raise self.fails
        self.asked.append(asked)
        return {"Credentials": {
            "AccessKeyId": f"key-{len(self.asked)}", "SecretAccessKey": "secret",
            "SessionToken": "token", "Expiration": self.now + dt.timedelta(hours=1),
        }}  # fmt: skip


@pytest.fixture
def sts():
    return Sts()


@pytest.fixture
def sessions(sts):
    return TenantSessions("arn:role", clock=lambda: sts.now, sts=sts)


def test_a_session_names_its_tenant_and_nothing_else(sts, sessions):
    credentials = sessions.credentials("acme")
    [asked] = sts.asked
    assert asked["Tags"] == [{"Key": "tenant", "Value": "acme"}]
    assert (asked["RoleArn"], asked["RoleSessionName"]) == ("arn:role", "api-acme")
    assert "TransitiveTagKeys" not in asked
    assert credentials.arguments["aws_access_key_id"] == "key-1"
    assert "secret" not in repr(credentials)
    assert "token" not in repr(credentials)


def test_a_tenant_has_one_session_until_shortly_before_its_end(sts, sessions):
    first = sessions.credentials("acme")
    sts.now = NOW + dt.timedelta(minutes=55)
    assert sessions.credentials("acme") is first
    assert sessions.credentials("zenith").access_key_id == "key-2"
    sts.now += dt.timedelta(seconds=1)
    assert sessions.credentials("acme").access_key_id == "key-3"
    assert [asked["Tags"][0]["Value"] for asked in sts.asked] == ["acme", "zenith", "acme"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole"), Refused),
        (ClientError({"Error": {"Code": "Throttling"}}, "AssumeRole"), Retryable),
        (EndpointConnectionError(endpoint_url="https://sts"), Retryable),
    ],
)
def test_a_failure_is_one_of_ours_and_is_not_kept(sts, sessions, fault, error):
    sts.fails = fault
    with pytest.raises(error, match="STS"):
        sessions.credentials("acme")
    sts.fails = None
    assert sessions.credentials("acme").access_key_id == "key-1"


def test_an_address_ends_with_the_credentials_that_signed_it(aws_environment, sts, sessions):
    uploads = TenantUploads("data", sessions=sessions, tenant="acme", clock=lambda: sts.now)
    keys = []
    for minutes, seconds in ((0, 3600), (5, 3300), (6, 3600)):
        sts.now = NOW + dt.timedelta(minutes=minutes)
        lifetime = uploads.lifetime(12 * 3600)
        assert lifetime == seconds
        query = parse_qs(urlsplit(uploads.put("k", size=1, seconds=lifetime)).query)
        keys.append(query["X-Amz-Credential"][0].split("/")[0])
    assert keys == ["key-1", "key-1", "key-2"]
    assert uploads.lifetime(60) == 60
