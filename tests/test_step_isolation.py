"""Step × tenant: every function and job says whose data it works with, and is watched for it.

``tests/step_guard.py`` watches the tests of functions and Glue jobs. Here it is watched itself.
"""

from __future__ import annotations

import re

import pytest

from steps.isolation import BY_NAME, EVERY, NONE, ONE, SCANNING, STEPS
from tests.step_guard import BROAD, StepGuard, owner_of_key, owner_of_partition, partitions

_NAMED = re.compile(r'(?:@logged|logged_requests|job_log)\(\s*"(\w+)"')


def test_every_function_and_job_says_whose_data_it_works_with(root):
    folders = ("lambdas", "glue_jobs", "sagemaker_jobs")
    named = {
        name
        for folder in folders
        for path in (root / folder).rglob("*.py")
        for name in _NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert named == set(BY_NAME)
    assert len(STEPS) == len(BY_NAME)
    assert {step.name for step in STEPS if step.serves == NONE} == {
        "Authorizer", "WatchRuns", "ExpireLogs",
    }  # fmt: skip


@pytest.fixture
def guard():
    guard = StepGuard()
    guard.begin()
    return guard


OWN = (
    ("S3", "GetObject", {"Key": "tenants/acme/latest.json"}),
    ("S3", "ListObjectsV2", {"Prefix": "uploads/acme/"}),
    ("S3", "GetObject", {"Key": "assets/run.json"}),
    ("DynamoDB", "Query", {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)",
                           "ExpressionAttributeValues": {":pk": {"S": "acme#RUN"}}}),
    ("DynamoDB", "GetItem", {"Key": {"pk": {"S": "KEY#1"}, "sk": {"S": "-"}}}),
)  # fmt: skip
FOREIGN = (
    ("S3", "GetObject", {"Key": "tenants/acme-2/latest.json"}),
    ("S3", "PutObject", {"Key": "uploads/zenith/o.csv"}),
    ("S3", "PutObject", {"Key": "uploads/o.csv"}),
    ("S3", "ListObjectsV2", {"Prefix": "tenants/"}),
    ("S3", "ListObjectsV2", {"Prefix": ""}),
    ("S3", "DeleteObjects", {"Delete": {"Objects": [{"Key": "latest_runs/zenith.csv"}]}}),
    ("DynamoDB", "GetItem", {"Key": {"tenant": {"S": "zenith"}, "run_id": {"S": "a"}}}),
    ("DynamoDB", "Scan", {"TableName": "runs"}),
    ("DynamoDB", "BatchWriteItem", {"RequestItems": {"t": [
        {"PutRequest": {"Item": {"pk": {"S": "acme#A"}}}},
        {"PutRequest": {"Item": {"pk": {"S": "zenith#A"}}}},
    ]}}),
)  # fmt: skip


def test_a_step_may_name_its_tenant_and_what_no_tenant_has(guard):
    for call in OWN:
        guard.note(*call)
    guard.check("FinishRun", "acme")
    assert guard.seen == {"FinishRun": {"acme"}}


def test_one_step_scans_tables_for_the_items_of_its_tenant(guard):
    guard.note("DynamoDB", "Scan", {"TableName": "runs"})
    guard.check("RemoveTenant", "acme")
    guard.note("DynamoDB", "DeleteItem", {"Key": {"pk": {"S": "zenith#A"}}})
    with pytest.raises(AssertionError, match="zenith"):
        guard.check("RemoveTenant", "acme")
    assert [step.name for step in STEPS if step.border == SCANNING] == ["RemoveTenant"]


@pytest.mark.parametrize("call", FOREIGN)
def test_a_step_that_names_another_tenant_or_none_fails(guard, call):
    guard.note(*call)
    with pytest.raises(AssertionError, match="FinishRun works for 'acme' and asked for"):
        guard.check("FinishRun", "acme")


def test_the_clock_and_events_work_for_several(guard):
    for call in FOREIGN:
        guard.note(*call)
    for step in STEPS:
        if step.serves != ONE:
            guard.check(step.name, "acme")
    assert BY_NAME["StartDailyRuns"].serves == EVERY


@pytest.mark.parametrize(
    ("key", "owner"),
    [
        ("uploads/attributes/a.csv", "default"), ("uploads/default/x/_SUCCESS", "default"),
        ("streams/open/acme/stream-2026-11-29/p", "acme"), ("latest_runs/acme.csv", "acme"),
        ("removals/acme-20261129T000000Z.json", None), ("tenants", BROAD), ("uploads/", BROAD),
    ],
)  # fmt: skip
def test_a_key_has_one_owner(key, owner):
    assert owner_of_key(key) == owner


def test_a_partition_has_one_owner():
    owners = [owner_of_partition(pk) for pk in ("acme", "acme#queue", "acme/key-1", "PACE")]
    assert owners == ["acme", "acme", "acme", None]
    batch = {"RequestItems": {"t": {"Keys": [{"pk": {"S": "b#R"}}, {"pk": {"S": "a#R"}}]}}}
    assert partitions(batch) == ["a#R", "b#R"]
