"""Buckets by the house rules: private, TLS only, versions, access logs, our own key."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


class AccessLogs(s3.Bucket):
    """Where the other buckets' access logs go.

    It survives the removal of any stage. Logs still arrive hours after the other buckets are
    gone, so it could not be emptied for its own removal. Its objects expire instead.
    """

    def __init__(self, scope: Construct, id_: str, *, keep_days: int) -> None:
        super().__init__(
            scope,
            id_,
            encryption=s3.BucketEncryption.S3_MANAGED,  # log delivery cannot use a key of ours
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=_expire(keep_days),
        )


class PrivateBucket(s3.Bucket):
    """A versioned bucket whose objects are encrypted with one key."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket,
        noncurrent_days: int,
        removal_policy: RemovalPolicy,
        rules: Sequence[s3.LifecycleRule] = (),
    ) -> None:
        super().__init__(
            scope,
            id_,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{id_.lower()}/",
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="leftovers",
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=Duration.days(noncurrent_days),
                    expired_object_delete_marker=True,
                ),
                *rules,
            ],
        )

    def send_events(self) -> None:
        """Send EventBridge an event for every object.

        ``event_bridge_enabled=True`` would bring a custom resource with a Lambda function and a
        role. The bucket's own property needs neither.
        """
        bucket = self.node.default_child
        assert isinstance(bucket, s3.CfnBucket)  # noqa: S101 (what the CDK makes)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(
                event_bridge_enabled=True
            )
        )


def _expire(days: int) -> list[s3.LifecycleRule]:
    return [s3.LifecycleRule(expiration=Duration.days(days))] if days else []
