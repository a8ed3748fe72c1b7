"""What is kept, and how it is protected."""

from __future__ import annotations

import json

import pytest

from tessera import naming
from tessera.contracts import catalog
from tessera.contracts.tables import EVENTS, LATEST_RUNS

BLOCKED = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
STATEFUL = (
    "AWS::S3::Bucket",
    "AWS::KMS::Key",
    "AWS::DynamoDB::Table",
    "AWS::SecretsManager::Secret",
)


@pytest.mark.parametrize("stage", ["app", "other"])
def test_buckets_are_private_encrypted_and_tls_only(stage, request):
    made = request.getfixturevalue(stage)
    buckets = made.resources("AWS::S3::Bucket")
    assert len(buckets) == 3
    for bucket in buckets:
        assert all(bucket["PublicAccessBlockConfiguration"][name] for name in BLOCKED)
        assert bucket["BucketEncryption"]
    policies = made.resources("AWS::S3::BucketPolicy")
    assert len(policies) == 3
    for policy in policies:
        denied = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Deny"]
        conditions = [statement["Condition"] for statement in denied]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


def by_key(app):
    """Return the two buckets of customers: the one that sends events, and the other."""
    kept = [
        each["Properties"]
        for name, each in app.named("AWS::S3::Bucket").items()
        if "VersioningConfiguration" in each["Properties"] and not name.startswith("Trail")
    ]
    return sorted(kept, key=lambda bucket: "NotificationConfiguration" not in bucket)


def test_data_and_identities_have_keys_of_their_own(app):
    keys = [
        bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0][
            "ServerSideEncryptionByDefault"
        ]["KMSMasterKeyID"]
        for bucket in by_key(app)
    ]
    assert len({str(key) for key in keys}) == 2
    symmetric = [key for key in app.resources("AWS::KMS::Key") if "KeySpec" not in key]
    assert len(symmetric) == 2
    assert all(key["EnableKeyRotation"] for key in symmetric)


def test_receipts_are_signed_by_a_key_pair_that_never_leaves_kms(app):
    [pair] = [key for key in app.resources("AWS::KMS::Key") if "KeySpec" in key]
    assert (pair["KeySpec"], pair["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert app.outputs()["ReceiptKeyArn"].startswith("arn:aws:kms:")


def test_only_uploads_bucket_sends_events(app):
    data, identities = by_key(app)
    events = data["NotificationConfiguration"]["EventBridgeConfiguration"]
    assert events == {"EventBridgeEnabled": True}
    assert "NotificationConfiguration" not in identities


def test_leftovers_go_and_versions_end(app):
    for bucket in by_key(app):
        [rule] = [r for r in bucket["LifecycleConfiguration"]["Rules"] if r["Id"] == "leftovers"]
        assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
        assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}


def expiring(bucket):
    """Return after how many days a bucket's objects expire, by prefix or by tag."""
    return {
        rule.get("Prefix") or rule["TagFilters"][0]["Value"]: rule["ExpirationInDays"]
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    }


@pytest.mark.parametrize(("name", "queried"), [("app", {}), ("full", {naming.QUERY_RESULTS: 30})])
def test_personal_data_expires_by_default(name, queried, request):
    data, identities = map(expiring, by_key(request.getfixturevalue(name)))
    assert data == {"uploads/": 30, naming.RUN_FILE: 400, naming.REJECTED_ROWS: 30, **queried}
    assert identities == {naming.RUN_FILE: 400, naming.REJECTED_ROWS: 30, naming.RAW_FILE: 90}


def test_how_long_data_is_kept_is_each_stages_own_setting(other):
    data, identities = map(expiring, by_key(other))
    assert identities == {naming.RUN_FILE: 90, naming.REJECTED_ROWS: 30}  # raw_days is 0
    assert data == {**identities, naming.QUERY_RESULTS: 30}


def test_rules_find_a_runs_files_by_the_tag_that_their_writers_give(app):
    for bucket in by_key(app):
        tags = [
            tag["Key"]
            for rule in bucket["LifecycleConfiguration"]["Rules"]
            for tag in rule.get("TagFilters", ())
        ]
        assert {*tags} == {naming.EXPIRES}


def test_the_services_may_use_the_data_key(app):
    principals = {
        name
        for key in app.resources("AWS::KMS::Key")
        for statement in key["KeyPolicy"]["Statement"]
        for name in str(statement["Principal"]).split("'")
        if name.endswith(".amazonaws.com")
    }
    assert principals >= {
        "logs.us-east-1.amazonaws.com",
        "cloudwatch.amazonaws.com",
        "events.amazonaws.com",
        "profile.amazonaws.com",
    }


def test_the_tables_are_keyed_by_tenant(app):
    runs, tenants = (
        {key["AttributeName"] for key in table["KeySchema"]}
        for table in app.resources("AWS::DynamoDB::Table")
    )
    assert runs == {"tenant", "run_id"}
    assert tenants == {"tenant"}


def test_the_tables_are_encrypted_and_recoverable(app):
    for table in app.resources("AWS::DynamoDB::Table"):
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert table["SSESpecification"]["KMSMasterKeyId"]


def test_the_secret_is_made_at_deploy(app):
    [secret] = app.resources("AWS::SecretsManager::Secret")
    assert secret["GenerateSecretString"]["PasswordLength"] == 64
    assert "SecretString" not in secret
    assert secret["KmsKeyId"]


@pytest.mark.parametrize("contract", catalog.TABLES, ids=lambda table: table.name)
def test_the_catalog_is_the_contract(app, contract):
    tables = {one["TableInput"]["Name"]: one for one in app.resources("AWS::Glue::Table")}
    assert set(tables) == {table.name for table in (*catalog.TABLES, LATEST_RUNS)}
    table = tables[contract.name]["TableInput"]
    keys = [column["Name"] for column in table["PartitionKeys"]]
    columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    of_upload = ["tenant", "since", "upload"]
    assert keys == (of_upload if contract is EVENTS else ["tenant", "as_of", "run"])
    assert {*columns, *(set(keys) & {"as_of"})} == set(contract.names)
    assert not set(columns) & set(keys)
    assert {c["Name"]: c["Type"] for c in table["StorageDescriptor"]["Columns"]} == {
        column.name: column.type for column in contract.columns if column.name != "as_of"
    }


def test_the_table_of_latest_runs_reads_the_lines_that_finish_run_writes(app):
    [table] = [
        one["TableInput"]
        for one in app.resources("AWS::Glue::Table")
        if one["TableInput"]["Name"] == LATEST_RUNS.name
    ]
    storage = table["StorageDescriptor"]
    columns = [column["Name"] for column in storage["Columns"]]
    assert columns == list(LATEST_RUNS.names)
    place = f"s3://{app.outputs()['DataBucket']}/{naming.LATEST_RUNS}"
    assert app.resolve(storage["Location"]) == place
    delimiter = storage["SerdeInfo"]["Parameters"]["field.delim"]
    line = catalog.latest_run_line(tenant="acme", as_of="2026-03-01", run_id="r1").decode()
    assert dict(zip(columns, line.strip().split(delimiter), strict=True)) == {
        "tenant": "acme", "as_of": "2026-03-01", "run": "r1",
    }  # fmt: skip


def collects_access_logs(resource):
    return resource["Type"] == "AWS::S3::Bucket" and not resource["Properties"].get(
        "VersioningConfiguration"
    )


def test_access_logs_outlive_every_stage_and_expire(app, full):
    """Logs still arrive hours after the other buckets are gone."""
    for made in (app, full):
        [bucket] = filter(collects_access_logs, made.whole("AWS::S3::Bucket"))
        assert bucket["DeletionPolicy"] == "Retain"
        assert "BucketName" not in bucket["Properties"]
        [rule] = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        assert rule["ExpirationInDays"] == 90


def test_production_keeps_its_data_and_development_does_not(app, other):
    for kind in STATEFUL:
        assert {each["DeletionPolicy"] for each in other.whole(kind)} == {"Retain"}, kind
        going = [each for each in app.whole(kind) if not collects_access_logs(each)]
        assert {each["DeletionPolicy"] for each in going} == {"Delete"}, kind
    assert other.resources("AWS::DynamoDB::Table")[0]["DeletionProtectionEnabled"] is True


def test_the_data_stack_of_production_cannot_be_removed_by_accident(other):
    manifest = json.loads((other.folder / "manifest.json").read_text())["artifacts"]
    protected = {
        name: artifact["properties"].get("terminationProtection", False)
        for name, artifact in manifest.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    assert protected == {"Tessera-prod-Data": True, "Tessera-prod-Pipeline": False}


def test_the_table_of_campaigns_is_made_only_for_them(app, campaigns):
    def tables(made):
        return {name: one["Properties"] for name, one in made.named("AWS::DynamoDB::Table").items()}

    assert "CampaignsTable" not in app.outputs()
    table = tables(campaigns)[campaigns.outputs()["CampaignsTable"]]
    assert [one["AttributeName"] for one in table["KeySchema"]] == ["pk", "sk"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["DeletionProtectionEnabled"]
    keys = [str(one["SSESpecification"]["KMSMasterKeyId"]) for one in tables(campaigns).values()]
    assert keys.count(str(table["SSESpecification"]["KMSMasterKeyId"])) == 1
