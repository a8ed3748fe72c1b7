"""What the function that sends tests may do: mail by one identity, and read no address."""

from __future__ import annotations

import pytest

from tests.infra.rights import may
from tests.infra.template import listed


def send_test_may(app, action, resource):
    return may(app, "SendTest", action, resource)


@pytest.mark.parametrize("key", ["campaigns/a-r001/chunks/000001.json", "identities/a.parquet"])
def test_it_reads_nobody(campaigns, key):
    identities = f"arn:aws:s3:::{campaigns.outputs()['IdentitiesBucket']}/tenants/acme/"
    assert not send_test_may(campaigns, "s3:GetObject", identities + key)


def test_it_reads_templates_and_settings(campaigns):
    data = f"arn:aws:s3:::{campaigns.outputs()['DataBucket']}/tenants/acme/"
    for key in ("templates/welcome/v1.json", "settings.toml"):
        assert send_test_may(campaigns, "s3:GetObject", data + key)
    assert not send_test_may(campaigns, "s3:GetObject", f"{data}profiles/a.parquet")


def test_it_sends_by_the_stages_identity_alone(campaigns):
    sends = [
        listed(statement["Resource"])
        for statement in campaigns.statements("SendTestRole")
        if "ses:SendEmail" in listed(statement["Action"])
    ]
    [resources] = sends
    assert len(resources) == 2, "the identity and the configuration set"
    assert "*" not in resources


def test_the_api_calls_it_by_its_name(campaigns):
    names = {made.get("FunctionName") for made in campaigns.resources("AWS::Lambda::Function")}
    assert {
        "tessera-mail-send-test", "tessera-mail-count-audience", "tessera-mail-import-consent",
    } <= names  # fmt: skip
