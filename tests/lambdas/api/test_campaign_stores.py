"""Campaigns in DynamoDB and S3, as the API reads and writes them."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from steps.campaign.ask_run import RunDesk, ask_run
from steps.serve.campaign_stores import campaign_services
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.sending.outcomes import SENT
from tessera.environments.api import ApiCampaigns
from tests.adapters.campaigns.table import make_table
from tests.campaigns.fakes import hexes, recipient
from tests.lambdas.api.campaign_world import SPRING, Starter
from tests.lambdas.api.world import Signer

NOW = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)


@pytest.fixture
def kept(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="identities")
        places = ApiCampaigns(
            table=make_table(boto3.client("dynamodb")), identities_bucket="identities",
            machine_arn="arn:machine", count_audience="count", import_consent="import",
            send_test="send",
        )  # fmt: skip
        yield campaign_services(
            ApiCampaigns.from_text(places.to_text()), clock=lambda: NOW, client=boto3.client,
            uploads=Signer(),
        )  # fmt: skip


def test_each_tenant_has_its_own_campaigns_runs_and_rows(kept):
    record = CampaignRecord(
        definition=parse_definition(SPRING), changed_by="user:1", changed_at=NOW
    )
    kept.records("acme").change("spring", lambda _: record)
    desk = RunDesk(
        tenant="acme", campaigns=kept.records("acme"), requests=kept.requests("acme"),
        runs=kept.runs("acme"), progress=kept.progress("acme"), executions=Starter(),
    )  # fmt: skip
    run_id = ask_run(desk, record, day=NOW.date(), by="user:1", at=NOW).run_id
    assert [one.last_run for one in kept.records("acme").all()] == [1]
    assert kept.runs("acme").read(run_id).state == "PLANNING"
    assert kept.progress("acme").read(run_id).execution.startswith("acme--spring-r001--plan-")
    assert not kept.files("acme", run_id).is_planned()
    ledger = kept.ledger("acme", run_id)
    ledger.claim(hexes(1))
    ledger.mark(hexes(1), SENT)
    assert kept.ledger("acme", run_id).tally(planned=3).counts == {SENT: 1}
    for records in (kept.records, kept.requests, kept.runs, kept.progress):
        assert records("zenith").all() == []
    ledger.remember(recipient(1), message_id="m-1")
    [sent] = kept.history.of_customer("acme", "c1", limit=5)
    assert (sent.run_id, sent.variant, sent.message_id) == (run_id, "a", "m-1")
    assert kept.history.of_customer("zenith", "c1", limit=5) == []
    assert list(kept.events.of_recipient("acme", run_id, sent.recipient)) == []
    assert kept.ledger("zenith", run_id).tally(planned=3).counts == {}
