"""The foundation: what is kept, handed to every capability that reads or writes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Self

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.foundation.bucket import AccessLogs, PrivateBucket
from infra.foundation.catalog import GlueCatalog
from infra.foundation.keys import Key
from infra.foundation.settings import FoundationSettings
from infra.kit.nag import acknowledge
from tessera import naming


@dataclasses.dataclass(frozen=True, kw_only=True)
class Foundation:
    """Keys, buckets, the runs table, the pseudonym secret and the catalog.

    ``bucket`` and ``data_key`` hold what is pseudonymous, ``identities`` and ``identities_key``
    what names a person.
    """

    data_key: Key
    identities_key: Key
    bucket: PrivateBucket
    identities: PrivateBucket
    runs: dynamodb.Table
    secret: secretsmanager.Secret
    catalog: GlueCatalog

    @classmethod
    def build(cls, scope: Construct, *, settings: FoundationSettings) -> Self:
        """Make all of it in a stack, which decides whether it survives its removal."""
        keep = RemovalPolicy.RETAIN if settings.retain else RemovalPolicy.DESTROY
        name = f"tessera-{settings.stage}"
        data_key = Key(
            scope,
            "DataKey",
            alias=name,
            about="Tessera: pseudonymous data",
            removal_policy=keep,
        )
        data_key.serve_logs()
        data_key.serve("cloudwatch", "events")
        identities_key = Key(
            scope,
            "IdentitiesKey",
            alias=f"{name}-identities",
            about="Tessera: who the customers are",
            removal_policy=keep,
        )
        access_logs = AccessLogs(
            scope, "AccessLogs", keep_days=settings.storage.access_log_days, removal_policy=keep
        )
        bucket = PrivateBucket(
            scope,
            "Data",
            key=data_key,
            access_logs=access_logs,
            noncurrent_days=settings.storage.noncurrent_days,
            removal_policy=keep,
            rules=[
                *_expiry("uploads", settings.storage.upload_days, prefix=naming.UPLOADS),
                *_run_rules(settings),
            ],
        )
        bucket.send_events()
        identities = PrivateBucket(
            scope,
            "Identities",
            key=identities_key,
            access_logs=access_logs,
            noncurrent_days=settings.storage.noncurrent_days,
            removal_policy=keep,
            rules=_run_rules(settings),
        )
        return cls(
            data_key=data_key,
            identities_key=identities_key,
            bucket=bucket,
            identities=identities,
            runs=_runs_table(scope, key=data_key, protected=settings.retain, keep=keep),
            secret=_pseudonym_secret(scope, key=identities_key, keep=keep),
            catalog=GlueCatalog(
                scope,
                "Catalog",
                name=name.replace("-", "_"),
                location=bucket.s3_url_for_object("tenants/"),
            ),
        )


def _run_rules(settings: FoundationSettings) -> Sequence[s3.LifecycleRule]:
    # A lifecycle rule takes no pattern, so it is one a tenant.
    days = settings.storage.run_days
    prefixes = {each: naming.run_prefix(each, "") for each in settings.tenants}
    return [
        rule
        for tenant, prefix in prefixes.items()
        for rule in _expiry(f"runs-{tenant}", days, prefix=prefix.removesuffix("/"))
    ]


def _expiry(id_: str, days: int, *, prefix: str) -> list[s3.LifecycleRule]:
    if not days:
        return []
    return [s3.LifecycleRule(id=id_, prefix=prefix, expiration=Duration.days(days))]


def _runs_table(
    scope: Construct, *, key: Key, protected: bool, keep: RemovalPolicy
) -> dynamodb.Table:
    text = dynamodb.AttributeType.STRING
    return dynamodb.Table(
        scope,
        "Runs",
        partition_key=dynamodb.Attribute(name="tenant", type=text),
        sort_key=dynamodb.Attribute(name="run_id", type=text),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        deletion_protection=protected,
        removal_policy=keep,
    )


def _pseudonym_secret(scope: Construct, *, key: Key, keep: RemovalPolicy) -> secretsmanager.Secret:
    secret = secretsmanager.Secret(
        scope,
        "PseudonymSecret",
        description="Makes customer keys from customer ids. Changing it changes every key.",
        encryption_key=key,
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=64, exclude_punctuation=True
        ),
        removal_policy=keep,
    )
    acknowledge(
        secret,
        {
            "AwsSolutions-SMG4": (
                "A new secret gives every customer a new key and so cuts their history off: "
                "it is replaced by hand, with the whole history read again."
            )
        },
    )
    return secret
