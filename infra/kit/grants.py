"""Grants with exact actions on exact prefixes. The CDK's own say ``s3:GetObject*`` and more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_sns as sns

from infra.kit.nag import acknowledge
from tessera.naming import EVENT_SOURCE

READ = ("s3:GetObject",)
READ_VERSIONS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE = ("s3:AbortMultipartUpload", "s3:PutObject")
WRITE_TAGGED = (*WRITE, "s3:PutObjectTagging")  # a run's files: rules remove them by their tag
TAG = ("s3:PutObjectTagging",)
DELETE = ("s3:DeleteObject",)
DELETE_VERSIONS = ("s3:DeleteObjectVersion",)  # for good


def allow(
    role: iam.Role,
    actions: Iterable[str],
    *resources: str,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """Allow a role exactly these actions on these resources."""
    # The newer method, of principals, returns an object whose properties jsii reads one by one.
    role.add_to_policy(
        iam.PolicyStatement(
            actions=sorted(actions), resources=list(resources), conditions=conditions
        )
    )


def allow_objects(
    role: iam.Role,
    bucket: s3.IBucket,
    actions: Iterable[str],
    *patterns: str,
    conditions: Mapping[str, Any] | None = None,
) -> None:
    """Allow actions on the objects that match patterns such as ``tenants/*/runs/*``.

    A reader may also list below the patterns: without that, S3 answers 403 in place of
    404, and no folder can be read.
    """
    actions = tuple(actions)
    arn = bucket.bucket_arn
    arns = [f"{arn}/{pattern}" for pattern in patterns]
    allow(role, actions, *arns, conditions=conditions)
    if set(READ) & set(actions):
        allow_list(role, bucket, *patterns)
    endings = "|".join(re.escape(_as_cdk_nag_has_it(pattern)) for pattern in patterns)
    acknowledge(
        role, {rf"AwsSolutions-IAM5\[Resource::.+/({endings})\]": "The objects of these folders."}
    )


def _as_cdk_nag_has_it(pattern: str) -> str:
    """Return a pattern with its variables, such as ``${aws:PrincipalTag/tenant}``, in brackets."""
    return re.sub(r"\$\{([^}]+)\}", r"<\1>", pattern)


def allow_list(
    role: iam.Role, bucket: s3.IBucket, *patterns: str, action: str = "s3:ListBucket"
) -> None:
    """Let a role list the objects that match patterns, or their versions by another action."""
    below = {"StringLike": {"s3:prefix": list(patterns)}}
    allow(role, [action], bucket.bucket_arn, conditions=below)


def allow_secrets(role: iam.Role, *names: str, action: str = "GetSecretValue") -> None:
    """Let a role read secrets of destinations or sources: the default tenant's, and all others'.

    People store them, so they are known by name: an ARN ends in a hyphen and six characters. A path
    stands for any number of tenants. Whose secret is read, the tenant of the event decides.
    """
    arns = [
        Stack.of(role).format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name=f"{name}{ending}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        for name in names
        for ending in ("-??????", "/*")
    ]
    allow(role, [f"secretsmanager:{action}"], *arns)
    acknowledge(
        role,
        {
            r"AwsSolutions-IAM5\[Resource::arn:.+:secret:.+/(destinations|sources)/\w+/\*\]": (
                "The secrets of all tenants for one destination or source of this stage."
            )
        },
    )


def allow_key(role: iam.Role, *keys: kms.IKey) -> None:
    """Let a role read and write what these keys encrypt."""
    allow(role, ["kms:Decrypt", "kms:GenerateDataKey"], *(key.key_arn for key in keys))


def allow_grants(role: iam.Role, key: kms.IKey) -> None:
    """Let a service use the key for what the role makes there: a job's disk, a domain."""
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    allow(role, ["kms:CreateGrant"], key.key_arn, conditions=for_aws)
    allow(role, ["kms:DescribeKey"], key.key_arn)


def allow_asset(role: iam.Role, asset: assets.Asset) -> None:
    """Let a role download an asset of the stage, and those that earlier releases had in its place.

    After a rollback the older ones are in use.
    """
    folder, _, name = asset.s3_object_key.rpartition("/")
    pattern = f"{folder}/*.{name.rpartition('.')[2]}"
    allow(role, READ, asset.bucket.arn_for_objects(pattern))
    only = {"StringLike": {"s3:prefix": [pattern]}}
    allow(role, ["s3:ListBucket"], asset.bucket.bucket_arn, conditions=only)
    reason = "The stage's code and documents, of this release and of earlier ones."
    acknowledge(role, {rf"AwsSolutions-IAM5\[Resource::.+/{re.escape(pattern)}\]": reason})


def allow_partitions(role: iam.Role, table: str, operations: Iterable[str], *patterns: str) -> None:
    """Let a role do operations on the items whose partition key matches patterns, and no others.

    ``table`` is the table's ARN. Each key of an operation must match, and there must be one: a scan
    has none.
    """
    only = {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(patterns)},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    allow(role, [f"dynamodb:{name}" for name in operations], table, conditions=only)


def allow_items(role: iam.Role, table: dynamodb.ITable, *operations: str, key: kms.IKey) -> None:
    """Let a role do operations such as ``GetItem`` on a table that the key encrypts."""
    allow(role, [f"dynamodb:{name}" for name in operations], table.table_arn)
    allow_table_key(role, key)


def allow_table_key(role: iam.Role, key: kms.IKey) -> None:
    """Let a role use the key that encrypts a table, as DynamoDB asks for it."""
    cipher = ("DescribeKey", "Encrypt", "ReEncryptFrom", "ReEncryptTo")
    allow(role, [f"kms:{name}" for name in cipher], key.key_arn)


def allow_notifying(role: iam.Role, topic: sns.ITopic) -> None:
    """Let a role notify the topic, and put events under our name on the default bus."""
    allow(role, ["sns:Publish"], topic.topic_arn)
    allow_announcing(role)


def allow_announcing(role: iam.Role) -> None:
    """Let a role put events under our name on the default bus."""
    bus = Stack.of(role).format_arn(service="events", resource="event-bus", resource_name="default")
    ours = {"StringEquals": {"events:source": EVENT_SOURCE}}
    allow(role, ["events:PutEvents"], bus, conditions=ours)
