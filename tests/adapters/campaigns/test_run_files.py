"""The files of a run in S3."""

from __future__ import annotations

import datetime as dt
import io

import boto3
import pyarrow.parquet as pq
import pytest
from moto import mock_aws

from adapters.aws.objects import Objects
from adapters.campaigns.taken import PlannedFiles, TakenPeople
from steps.campaign.plan_run import RunPlan, plan_run
from tessera.campaigns.sending.states import new_run
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import KEY_OF, batches, known, shopper, terms
from tests.campaigns.results.made import Person, assigned
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
RUN = "news-r001"
ADDRESSES = [f"p{n}@mail.example" for n in range(30)]


@pytest.fixture
def objects(aws_environment):
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="identities")
        yield Objects("identities")


def test_what_was_planned_is_read_back(objects):
    files = PlannedFiles(objects, tenant="shop", run_id=RUN)
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
    taken = TakenPeople(objects, tenant="shop", run_id=RUN)
    everybody = taken.read()
    assert len(everybody) == 30
    assert everybody.is_held_out.sum() == manifest.counts.held_out
    assert set(everybody.recipient) == {*map(str.encode, map(KEY_OF, ADDRESSES))}
    assert set(everybody.customer_key) == {f"p{n}".encode() for n in range(30)}
    assert set(everybody.churn_band) == {"High"}
    assert set(everybody.value_tier) == {"Low"}
    assert b"mail.example" not in objects.read(f"tenants/shop/campaigns/{RUN}/taken.parquet")
    objects.write(f"tenants/shop/campaigns/{RUN}/{chunk.name}", b"{}")
    with pytest.raises(InvalidInput, match="was changed after the plan"):
        files.chunk(manifest.chunks[0])


def test_the_people_of_an_earlier_version_have_no_label_that_it_did_not_keep(objects):
    people = TakenPeople(objects, tenant="shop", run_id=RUN)
    people.write(assigned(Person("ann", tier="High")))
    key = f"tenants/shop/campaigns/{RUN}/taken.parquet"
    earlier = pq.read_table(io.BytesIO(objects.read(key)))
    earlier = earlier.drop_columns(["value_tier", "is_held_globally"])
    content = io.BytesIO()
    pq.write_table(earlier, content)
    objects.write(key, content.getvalue())
    assert people.read().value_tier.tolist() == [""]
    assert people.read().churn_band.tolist() == ["High"]
    assert len(people.read_held_globally()) == 0
    assert people.read_global_share() is None


def test_the_global_holdout_is_kept_beside_those_who_were_taken(objects):
    people = TakenPeople(objects, tenant="shop", run_id=RUN)
    beside = assigned(Person("bo", held_out=True), Person("cy", held_out=True))
    people.write(assigned(Person("ann")), held_globally=beside, global_share=0.05)
    assert people.read_global_share() == 0.05
    assert people.read().recipient.tolist() == [b"ann"]
    assert people.read_held_globally().recipient.tolist() == [b"bo", b"cy"]
