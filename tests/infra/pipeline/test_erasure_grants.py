"""Who may do what of an erasure: who deletes cannot sign, who signs reads no customer."""

from __future__ import annotations

import pytest

from tests.infra.rights import STEPS, may
from tests.infra.template import listed

ERASING = ("BeginErasure", "EraseData", "EraseAtDestination", "FinishErasure", "RetryErasures")
CASE = "tenants/acme/erasures/dsr-1/"


def who(app, action, resource):
    return {step for step in (*STEPS, *ERASING) if may(app, step, action, resource)}


def bucket(app, name):
    return f"arn:aws:s3:::{app.outputs()[name]}/"


@pytest.fixture
def data(app):
    return bucket(app, "DataBucket")


@pytest.fixture
def identities(app):
    return bucket(app, "IdentitiesBucket")


@pytest.mark.parametrize(
    "key", ["uploads/x.csv", "athena-results/q.csv", "tenants/acme/runs/1/ticket.json"]
)
def test_the_job_alone_deletes_versions_for_good(app, data, key):
    assert who(app, "s3:DeleteObjectVersion", data + key) == {"EraseData"}
    for action in ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject"):
        assert may(app, "EraseData", f"s3:{action}", data + key), action


def test_it_reaches_all_of_the_identities_too(app, identities):
    key = f"{identities}tenants/acme/destinations/klaviyo/ledger/base.csv.gz"
    for action in ("GetObjectVersion", "PutObject", "PutObjectTagging", "DeleteObjectVersion"):
        assert may(app, "EraseData", f"s3:{action}", key), action


def test_versions_are_listed_by_who_deletes_them(app):
    may_list = {
        step: {
            pattern
            for statement in app.statements(f"{step}Role")
            if "s3:ListBucketVersions" in listed(statement["Action"])
            for pattern in listed(statement["Condition"]["StringLike"]["s3:prefix"])
        }
        for step in ERASING
    }
    assert may_list == {
        "BeginErasure": set(),
        "EraseAtDestination": set(),
        "EraseData": {"uploads/*", "athena-results/*", "tenants/*"},
        "FinishErasure": {"tenants/*/erasures/*"},
        "RetryErasures": set(),
    }


def test_who_is_erased_is_read_where_they_are_erased_and_forgotten_at_the_end(app, identities):
    people = f"{identities}{CASE}people.json"
    assert who(app, "s3:GetObject", people) == {"EraseData", "EraseAtDestination"}
    assert who(app, "s3:DeleteObjectVersion", people) == {"EraseData", "FinishErasure"}
    other = f"{identities}tenants/acme/identities/x"
    assert not may(app, "FinishErasure", "s3:DeleteObjectVersion", other)


def test_the_end_alone_signs_and_the_job_does_not(app):
    key = app.outputs()["ReceiptKeyArn"]
    for action in ("Sign", "GetPublicKey"):
        assert who(app, f"kms:{action}", key) == {"FinishErasure"}
    for action in ("Decrypt", "GenerateDataKey"):
        assert who(app, f"kms:{action}", key) == set()


def test_the_job_alone_of_them_reads_the_secret(app):
    readers = {
        step
        for step in ERASING
        for statement in app.statements(f"{step}Role")
        if "secretsmanager:GetSecretValue" in listed(statement["Action"])
        and "PseudonymSecret" in str(statement["Resource"])
    }
    assert readers == {"EraseData"}


def test_a_case_is_begun_and_tried_again_by_its_state_alone(app, data, identities):
    for step in ("BeginErasure", "RetryErasures"):
        assert may(app, step, "s3:PutObject", f"{data}{CASE}state.json")
        for key in (f"{data}{CASE}receipt.json", f"{data}uploads/x.csv"):
            assert not may(app, step, "s3:PutObject", key)
        assert not may(app, step, "s3:GetObject", f"{identities}{CASE}request.json")


def test_who_takes_a_turn_knows_runs_and_erasures_of_the_stage(app):
    for step in ("BeginErasure", "CheckUpload", "EraseData"):
        for machine in ("tessera-dev", "tessera-dev-erasures"):
            arn = f"arn:aws:states:us-east-1:111122223333:execution:{machine}:x"
            assert may(app, step, "states:DescribeExecution", arn), (step, machine)
        other = "arn:aws:states:us-east-1:111122223333:execution:tessera-prod:x"
        assert not may(app, step, "states:DescribeExecution", other)


def test_items_of_labels_and_campaigns_are_deleted_where_there_are_any(app, full, campaigns):
    labels = "arn:aws:dynamodb:us-east-1:111122223333:table/tessera-full-labels"
    assert may(full, "EraseData", "dynamodb:DeleteItem", labels)
    table = f"arn:aws:dynamodb:us-east-1:111122223333:table/{campaigns.outputs()['CampaignsTable']}"
    for action in ("DeleteItem", "GetItem", "Query"):
        assert may(campaigns, "EraseData", f"dynamodb:{action}", table)
    deletes = [
        statement["Resource"]
        for statement in app.statements("EraseDataRole")
        if "dynamodb:DeleteItem" in listed(statement["Action"])
    ]
    assert deletes == []
