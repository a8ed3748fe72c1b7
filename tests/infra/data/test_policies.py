"""The policies of people: what analysts may read, and what uploaders may put."""

from __future__ import annotations

from tessera.contracts.tables import CATALOGUED
from tests.infra.template import listed

READS = {"s3:GetObject", "s3:GetObjectVersion"}


def test_analysts_read_profiles_but_no_upload_and_no_identity(app, other):
    assert not app.resources("AWS::IAM::ManagedPolicy")
    [policy] = other.resources("AWS::IAM::ManagedPolicy")
    statements = other.resolve(policy["PolicyDocument"]["Statement"])
    allowed = {r for s in statements if s["Effect"] == "Allow" for r in listed(s["Resource"])}
    objects = {each for each in allowed if each.startswith("arn:aws:s3") and "/" in each}
    tables = {f"tenants/*/{table.name}/*" for table in CATALOGUED}
    assert {each.split("/", 1)[1] for each in objects} == tables
    [denied] = [s for s in statements if s["Effect"] == "Deny"]
    assert set(denied["Action"]) == READS
    assert {each.split("/", 1)[1] for each in denied["Resource"]} == {"uploads/*", "*"}


def test_uploaders_put_files_into_uploads_and_read_nothing(full):
    [policy] = [
        policy["Properties"]
        for name, policy in full.named("AWS::IAM::ManagedPolicy").items()
        if "Uploaders" in name
    ]
    objects, key = full.resolve(policy["PolicyDocument"]["Statement"])
    assert objects["Resource"].endswith("/uploads/*")
    assert set(objects["Action"]) == {
        "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject",
    }  # fmt: skip
    assert set(key["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
