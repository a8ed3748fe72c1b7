"""A run whose messages go to a webhook, from its plan to the receiver."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import boto3
import pytest

from local.services.webhook import SIGNING_KEY, WebhookServer
from steps.campaign.advance import advance
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.campaign.runs import move
from steps.campaign.sending.services import SendingServices
from steps.campaign.work_chunk import work_chunk
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import SENT
from tessera.campaigns.sending.progress import RunProgress
from tessera.environments.campaigns import SendCampaignEnvironment
from tests.campaign_shop import ENVIRONMENT, NOW, TENANT, customer, open_shop
from tests.campaigns.made import document, schedule

PEOPLE = [customer(f"p{n}", consent="GRANTED") for n in range(8)]
SECOND = dt.timedelta(seconds=1)
LINKS, SECRET = "links", "tessera/test/destinations/webhook"
DEFINITION = parse_definition(
    document(
        channel={"kind": "webhook", "to": "https://hooks.shop.example/tessera"},
        variants=[{"name": "card"}],
        schedule=schedule(hours={"from": "00:00", "until": "23:59"}),
    )
)


@pytest.fixture
def receiver(monkeypatch):
    server = WebhookServer()
    server.start()
    monkeypatch.setenv(server.variable, server.url)
    yield server.state
    server.stop()


@pytest.fixture
def shop(aws_environment, receiver):
    with open_shop() as opened:
        boto3.client("dynamodb").create_table(
            TableName="tenants",
            KeySchema=[{"AttributeName": "tenant", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "tenant", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        opened.settings(legal_basis={"*": "opt_out"}, quiet_from="", quiet_until="")
        secrets = boto3.client("secretsmanager")
        links = {"current": "k1", "k1": "1" * 32}
        secrets.create_secret(Name=LINKS, SecretString=json.dumps(links))
        opened.finish_run(PEOPLE)
        yield opened


def keep_key(tenant_path=f"/{TENANT}"):
    boto3.client("secretsmanager").create_secret(
        Name=SECRET + tenant_path, SecretString=json.dumps({"signing_key": SIGNING_KEY})
    )


class Sending:
    """A planned and approved run, and what sends it at a clock of the test's."""

    def __init__(self, shop, *, secret=SECRET):
        self.run_id = shop.ask_for(DEFINITION)
        plan_campaign(self.run_id, services=shop.services(), now=NOW)
        run = move(shop.runs, self.run_id, lambda run: states.approve(run, at=NOW))
        self.now = run.starts_at
        environment = SendCampaignEnvironment(
            data_bucket=ENVIRONMENT.data_bucket, identities_bucket=ENVIRONMENT.identities_bucket,
            campaigns_table=ENVIRONMENT.campaigns_table, run_defaults=ENVIRONMENT.run_defaults,
            identity_arn="arn:x/shop.example", configuration_set_arn="arn:x/set",
            ses_tenant_prefix="tessera-test-", link_keys_secret=LINKS,
            console="https://console.shop.example", warm_up_from="", webhook_secret=secret,
            tenants_table="tenants",
        )  # fmt: skip
        self.services = SendingServices.of(environment, tenant=TENANT, clock=lambda: self.now)
        self.services.records.progress.change(
            self.run_id, lambda _: RunProgress(run_id=self.run_id, execution="e")
        )

    def advance(self):
        return advance(self.services.machine(self.run_id, execution="e"), at=self.now)

    def send(self, step):
        until = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
        work = self.services.work(self.run_id, number=0, until=until)
        work = dataclasses.replace(work, state=lambda: "SENDING", until=self.now + 300 * SECOND)
        return [work_chunk(work, name) for name in step.chunks]


def test_each_recipient_is_posted_once_with_variant_and_link(shop, receiver):
    keep_key()
    sending = Sending(shop)
    step = sending.advance()
    assert step.next == "send"  # there is no canary to wait for
    marks = sending.send(step) + sending.send(step)
    assert all(mark.is_done for mark in marks)
    run = shop.runs.read(sending.run_id)
    assert len(receiver.messages) == run.recipients > 0
    assert receiver.repeats == 0
    tally = sending.services.ledger(sending.run_id).tally(planned=run.recipients)
    assert tally.counts == {SENT: run.recipients}
    posted = [message["email"] for message in receiver.messages.values()]
    assert {*posted} <= {one.address for one in PEOPLE}
    assert {message["variant"] for message in receiver.messages.values()} == {"card"}
    assert sending.advance().reason == "the run is MEASURING"


@pytest.mark.parametrize(
    ("secret", "says"), [("", "destination 'webhook'"), (SECRET, "secret tessera/test")]
)
def test_a_run_is_held_until_there_is_a_key(shop, receiver, secret, says):
    sending = Sending(shop, secret=secret)
    step = sending.advance()
    assert (step.next, says in step.reason) == ("wait", True)
    assert shop.runs.read(sending.run_id).state == "SCHEDULED"
    assert not receiver.messages
