"""The files of a run in S3."""

from __future__ import annotations

import datetime as dt

import boto3
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.campaigns.run_files import CampaignFiles
from steps.campaign.plan_run import RunPlan, plan_run
from tessera.campaigns.sending.states import new_run
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import batches, known, shopper, terms
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
RUN = "news-r001"


@pytest.fixture
def objects(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="identities")
        yield Objects("identities")


def test_what_was_planned_is_read_back(objects):
    files = CampaignFiles(objects, tenant="shop", run_id=RUN)
    with pytest.raises(InvalidInput, match=r"campaigns/news-r001/manifest\.json"):
        files.manifest()
    assert not files.is_planned()
    people = [shopper(f"p{n}") for n in range(30)]
    runs = FakeRecords(**{RUN: new_run("shop", RUN, at=NOW)})
    plan = RunPlan(run_id=RUN, terms=terms(), shop_zone="UTC", now=NOW)
    manifest = plan_run(
        plan, candidates=lambda: batches(people), known=known(), files=files, runs=runs
    )
    assert files.is_planned()
    assert files.manifest() == manifest
    chunk = files.chunk(manifest.chunks[0])
    assert len(chunk.recipients) == manifest.counts.eligible
    objects.write(f"tenants/shop/campaigns/{RUN}/{chunk.name}", b"{}")
    with pytest.raises(InvalidInput, match="was changed after the plan"):
        files.chunk(manifest.chunks[0])
