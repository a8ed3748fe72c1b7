"""The trail of who read what: which objects, under which key, and that nobody here can touch it."""

from __future__ import annotations

import pytest

from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tests.infra.template import listed


@pytest.fixture
def trail(full):
    [made] = full.resources("AWS::CloudTrail::Trail")
    return full.resolve(made)


def test_a_stage_without_the_switch_has_no_trail(app, other):
    for stage in (app, other):
        assert not stage.resources("AWS::CloudTrail::Trail")


def test_it_has_the_calls_on_uploads_and_identities_alone(full, trail):
    outputs = full.outputs()
    fields = [
        {field["Field"]: field.get("Equals") or field.get("StartsWith") for field in each}
        for each in (selector["FieldSelectors"] for selector in trail["AdvancedEventSelectors"])
    ]
    assert {field["resources.ARN"][0] for field in fields} == {
        f"arn:aws:s3:::{outputs['IdentitiesBucket']}/",
        f"arn:aws:s3:::{outputs['DataBucket']}/uploads/",
    }
    for field in fields:
        assert field["eventCategory"] == ["Data"]
        assert field["resources.type"] == ["AWS::S3::Object"]
        assert field.keys() == {"eventCategory", "resources.type", "resources.ARN"}  # reads too


def test_its_files_are_signed_encrypted_and_expire(full, trail):
    assert trail["IsLogging"] is True
    assert trail["EnableLogFileValidation"] is True
    [bucket] = [
        each["Properties"]
        for name, each in full.named("AWS::S3::Bucket").items()
        if name.startswith("Trail")
    ]
    days = [rule.get("ExpirationInDays") for rule in bucket["LifecycleConfiguration"]["Rules"]]
    assert 365 in days
    assert bucket["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"] is True
    [encrypted] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert (
        full.resolve(encrypted["ServerSideEncryptionByDefault"]["KMSMasterKeyID"])
        == trail["KMSKeyId"]
    )


def test_cloudtrail_writes_for_this_trail_alone(full, trail):
    arn = f"arn:aws:cloudtrail:us-east-1:111122223333:trail/{trail['TrailName']}"
    documents = [
        *(each["PolicyDocument"] for each in full.resources("AWS::S3::BucketPolicy")),
        *(each["KeyPolicy"] for each in full.resources("AWS::KMS::Key")),
    ]
    theirs = [
        statement
        for document in documents
        for statement in full.resolve(document["Statement"])
        if statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    ]
    assert len(theirs) == 3  # the key, the bucket's list of rights, the objects
    for statement in theirs:
        assert statement["Condition"]["StringEquals"]["aws:SourceArn"] == arn
    [writes] = [each for each in theirs if "s3:PutObject" in listed(each["Action"])]
    assert writes["Resource"].endswith("/AWSLogs/111122223333/*")


def test_no_role_of_the_app_may_read_or_stop_it(full, trail):
    bucket = trail["S3BucketName"]
    for owner, statement in full.all_statements():
        actions = listed(statement["Action"])
        assert not [action for action in actions if action.startswith("cloudtrail:")], owner
        for resource in listed(statement["Resource"]):
            assert not resource.startswith(f"arn:aws:s3:::{bucket}"), owner
            assert resource != trail["KMSKeyId"], owner


def test_days_below_none_are_refused():
    tree = {"stages": {"dev": {"audit": {"trail_days": -1}, "retain": False}}}
    with pytest.raises(InvalidInput, match=r"'audit\.trail_days' is -1"):
        StageSettings.parse("dev", tree)
