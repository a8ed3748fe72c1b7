"""What a live account enforces and embedded AWS does not: who may use which key, topic and role."""

from __future__ import annotations

import json

import pytest

from tests.infra.synthesis import synthesize
from tests.infra.template import ACCOUNT, listed

# A role that these services assume: they may do so for this account's resources only.
DEPUTIES = {"events", "glue", "pinpoint", "sagemaker", "states"}
# The property by which a resource of a type has a name that we choose.
NAMES = {
    "AWS::Athena::WorkGroup": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::CustomerProfiles::Domain": "DomainName",
    "AWS::CustomerProfiles::ObjectType": "ObjectTypeName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::Rule": "Name",
    "AWS::Glue::Job": "Name",
    "AWS::Glue::SecurityConfiguration": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
}


@pytest.fixture(scope="module")
def kept_profiles():
    """A stage that keeps its data, with Customer Profiles."""
    settings = {"alarms": {"email": "ops@example.com"}}
    context = {"stage": "kept", "tessera": {"stages": {"kept": settings}}}
    return synthesize(context)


def key_statements(stage, key_arn):
    """Return the statements of a key's policy."""
    policies = {
        stage.resolve({"Fn::GetAtt": [name, "Arn"]}): key["Properties"]["KeyPolicy"]
        for name, key in stage.named("AWS::KMS::Key").items()
    }
    return stage.resolve(policies[stage.resolve(key_arn)]["Statement"])


def lets(statements, service, *actions):
    """Return the conditions under which a service may do all these actions."""
    return [
        statement.get("Condition", {})
        for statement in statements
        if statement["Effect"] == "Allow"
        and service in listed(statement["Principal"].get("Service", []))
        and set(actions) <= set(listed(statement["Action"]))
    ]


def test_the_logs_service_may_use_every_key_that_encrypts_logs(stage):
    encryptions = [
        one["EncryptionConfiguration"]["CloudWatchEncryption"]["KmsKeyArn"]
        for one in stage.resources("AWS::Glue::SecurityConfiguration")
    ]
    groups = [one["KmsKeyId"] for one in stage.resources("AWS::Logs::LogGroup")]
    assert len(encryptions) >= 2  # of the pipeline, and of the sources that are curated
    assert groups
    region = stage.region
    for key in [*encryptions, *groups]:
        [condition] = lets(
            key_statements(stage, key), f"logs.{region}.amazonaws.com",
            "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey",
        )  # fmt: skip
        arns = condition["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
        assert arns == f"arn:aws:logs:{region}:{ACCOUNT}:*"


def test_every_alarm_reaches_its_topic_and_the_topics_key(stage):
    topics = {
        stage.resolve({"Ref": name}): each["Properties"]
        for name, each in stage.named("AWS::SNS::Topic").items()
    }
    policies = {
        stage.resolve(topic): policy["PolicyDocument"]["Statement"]
        for policy in stage.resources("AWS::SNS::TopicPolicy")
        for topic in policy["Topics"]
    }
    alarms = stage.resources("AWS::CloudWatch::Alarm")
    assert alarms
    for alarm in alarms:
        for action in alarm["AlarmActions"]:
            statements = stage.resolve(policies[stage.resolve(action)])
            [condition] = lets(statements, "cloudwatch.amazonaws.com", "sns:Publish")
            assert condition["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
            assert condition["ArnLike"]["aws:SourceArn"].startswith("arn:aws:cloudwatch:")
            assert condition["ArnLike"]["aws:SourceArn"].endswith(f":{ACCOUNT}:alarm:*")
            key = topics[stage.resolve(action)]["KmsMasterKeyId"]
            own = lets(
                key_statements(stage, key), "cloudwatch.amazonaws.com",
                "kms:Decrypt", "kms:GenerateDataKey",
            )  # fmt: skip
            assert {"StringEquals": {"aws:SourceAccount": ACCOUNT}} in own


def test_every_queue_lets_the_service_that_fills_it_use_its_key(stage):
    events = "events.amazonaws.com"
    senders = {
        "Missed": events, "Rejected": "profile.amazonaws.com", "Events": events,
        "ForwardingQueue": events,
    }  # fmt: skip
    for name, queue in stage.named("AWS::SQS::Queue").items():
        [service] = {sender for part, sender in senders.items() if part in name}
        statements = key_statements(stage, queue["Properties"]["KmsMasterKeyId"])
        own = lets(statements, service, "kms:Decrypt", "kms:GenerateDataKey")
        assert {"StringEquals": {"aws:SourceAccount": ACCOUNT}} in own


def test_a_service_assumes_our_roles_for_our_account_only(stage):
    seen = set()
    for role in stage.resources("AWS::IAM::Role"):
        for statement in stage.resolve(role["AssumeRolePolicyDocument"]["Statement"]):
            names = listed(statement["Principal"].get("Service", []))  # or a role of ours
            services = {name.removesuffix(".amazonaws.com") for name in names}
            seen |= services
            if services & DEPUTIES:
                condition = statement["Condition"]["StringEquals"]
                assert condition["aws:SourceAccount"] == ACCOUNT, services
    assert seen >= DEPUTIES - {"pinpoint"}


def test_nothing_with_a_name_of_ours_outlives_a_disposable_stage(app, full):
    for made in (app, full):
        kept = {
            name
            for name, each in made.everything().items()
            if NAMES.get(each["Type"]) in each.get("Properties", {})
            and each.get("DeletionPolicy", "Delete") != "Delete"
        }
        assert kept == set()


def test_nothing_with_a_name_outlives_the_stack_that_can_be_made_again(other):
    resources = other.templates["pipeline"]["Resources"]
    kept = {
        name
        for name, each in resources.items()
        if NAMES.get(each["Type"]) in each.get("Properties", {})
        and each.get("DeletionPolicy", "Delete") != "Delete"
    }
    assert kept == set()


def test_the_profile_domain_waits_for_its_queues_policy(app):
    [domain] = app.whole("AWS::CustomerProfiles::Domain")
    [(policy, _)] = [
        (name, each)
        for name, each in app.named("AWS::SQS::QueuePolicy").items()
        if "Rejected" in name
    ]
    assert policy in domain["DependsOn"]


@pytest.mark.parametrize("retain", [True, False])
def test_a_domain_and_its_object_type_share_one_fate(retain, app, kept_profiles):
    made = kept_profiles if retain else app
    policies = {
        each["DeletionPolicy"]
        for kind in ("Domain", "ObjectType")
        for each in made.whole(f"AWS::CustomerProfiles::{kind}")
    }
    assert policies == {"Retain" if retain else "Delete"}


def exports(app):
    """Return what the data stack exports, by the names without the stage."""
    outputs = app.templates["data"].get("Outputs", {}).values()
    return {
        json.dumps(one["Export"]["Name"]).split(":", 1)[1] for one in outputs if "Export" in one
    }


def test_a_destination_can_be_left_without_a_deadlock_of_exports(app, other, full):
    """What the data stack no longer exports, the pipeline stack may still import meanwhile."""
    assert exports(app) == exports(other) == exports(full)
