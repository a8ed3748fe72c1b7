"""Who read or changed an upload or an identity: CloudTrail's data events, kept in a bucket."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.foundation.bucket import PrivateBucket
from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from tessera.naming import UPLOADS

_LOGS = "AWSLogs"


class DataTrail(Construct):
    """A trail of each call on an object that can name a person, under a separate key.

    No role of Tessera can read it, change it or stop it. The files are signed
    (``aws cloudtrail validate-logs``).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        foundation: Foundation,
        name: str,
        keep_days: int,
        noncurrent_days: int,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        stack = Stack.of(self)
        arn = stack.format_arn(service="cloudtrail", resource="trail", resource_name=name)
        cloud_trail = iam.ServicePrincipal("cloudtrail.amazonaws.com")
        is_ours = {"StringEquals": {"aws:SourceArn": arn}}
        key = Key(
            self,
            "Key",
            alias=f"{name}-trail",
            about="Tessera: who read uploads and identities",
            removal_policy=removal_policy,
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloud_trail],
                actions=["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                resources=["*"],
                conditions=is_ours,
            )
        )
        expires = s3.LifecycleRule(id="trail", expiration=Duration.days(keep_days))
        bucket = PrivateBucket(
            self,
            "Bucket",
            key=key,
            access_logs=foundation.access_logs,
            noncurrent_days=noncurrent_days,
            removal_policy=removal_policy,
            rules=[expires] if keep_days else [],
        )
        for actions, resource, conditions in (
            ("s3:GetBucketAcl", bucket.bucket_arn, is_ours),
            (
                "s3:PutObject",
                bucket.arn_for_objects(f"{_LOGS}/{stack.account}/*"),
                {
                    "StringEquals": {
                        **is_ours["StringEquals"],
                        "s3:x-amz-acl": "bucket-owner-full-control",
                    }
                },
            ),
        ):
            bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[cloud_trail],
                    actions=[actions],
                    resources=[resource],
                    conditions=conditions,
                )
            )
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=name,
            is_logging=True,
            s3_bucket_name=bucket.bucket_name,
            kms_key_id=key.key_arn,
            enable_log_file_validation=True,
            include_global_service_events=False,
            is_multi_region_trail=False,
            advanced_event_selectors=[
                _objects("identities", foundation.identities.arn_for_objects("")),
                _objects("uploads", foundation.bucket.arn_for_objects(UPLOADS)),
            ],
        )
        assert bucket.policy is not None  # noqa: S101 (the statements above made it)
        trail.node.add_dependency(bucket.policy)


def _objects(name: str, prefix: str) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty
    # "equal_to" is the CDK's Python name of Equals.
    return cloudtrail.CfnTrail.AdvancedEventSelectorProperty(
        name=name,
        field_selectors=[
            field(field="eventCategory", equal_to=["Data"]),
            field(field="resources.type", equal_to=["AWS::S3::Object"]),
            field(field="resources.ARN", starts_with=[prefix]),
        ],
    )
