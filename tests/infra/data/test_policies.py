"""The policies of people: what analysts may read, and what uploaders may put."""

from __future__ import annotations

from tessera import naming
from tessera.contracts.catalog import TABLES
from tests.infra.template import listed

READS = {"s3:GetObject", "s3:GetObjectVersion"}


def test_analysts_read_profiles_but_no_upload_and_no_identity(app, other):
    assert not app.resources("AWS::IAM::ManagedPolicy")
    [policy] = other.resources("AWS::IAM::ManagedPolicy")
    statements = other.resolve(policy["PolicyDocument"]["Statement"])
    allowed = {r for s in statements if s["Effect"] == "Allow" for r in listed(s["Resource"])}
    objects = {each for each in allowed if each.startswith("arn:aws:s3:") and "/" in each}
    tables = {f"tenants/*/{table.name}/*" for table in TABLES}
    others = {f"{naming.LATEST_RUNS}*", f"{naming.QUERY_RESULTS}*"}
    assert {each.split("/", 1)[1] for each in objects} == tables | others
    [denied] = [s for s in statements if s["Effect"] == "Deny"]
    assert set(denied["Action"]) == READS
    assert {each.split("/", 1)[1] for each in denied["Resource"]} == {"uploads/*", "*"}


def test_analysts_query_in_a_workgroup_that_limits_and_encrypts(app, other):
    assert not app.resources("AWS::Athena::WorkGroup")
    [workgroup] = other.resources("AWS::Athena::WorkGroup")
    settings = workgroup["WorkGroupConfiguration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert 0 < settings["BytesScannedCutoffPerQuery"] <= 10**11
    results = settings["ResultConfiguration"]
    assert results["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
    place = f"s3://{other.outputs()['DataBucket']}/{naming.QUERY_RESULTS}"
    assert other.resolve(results["OutputLocation"]) == place


def test_analysts_query_nowhere_else_and_write_results_only(other):
    [workgroup] = other.resources("AWS::Athena::WorkGroup")
    [policy] = other.resources("AWS::IAM::ManagedPolicy")
    statements = other.resolve(policy["PolicyDocument"]["Statement"])
    queries = [s for s in statements if "athena:" in str(s["Action"])]
    assert [s["Resource"].partition(":workgroup/")[2] for s in queries] == [workgroup["Name"]]
    [writes] = [s for s in statements if "s3:PutObject" in listed(s["Action"])]
    assert writes["Resource"].endswith(f"/{naming.QUERY_RESULTS}*")
    keys = [s["Resource"] for s in statements if "kms:GenerateDataKey" in listed(s["Action"])]
    results = workgroup["WorkGroupConfiguration"]["ResultConfiguration"]
    assert keys == [other.resolve(results["EncryptionConfiguration"]["KmsKey"])]


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
