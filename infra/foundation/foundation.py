"""The foundation: what is kept, handed to every capability that reads or writes it."""

from __future__ import annotations

import dataclasses
from typing import Self

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.foundation.bucket import AccessLogs, PrivateBucket
from infra.foundation.catalog import GlueCatalog
from infra.foundation.keys import Key, SigningKey
from infra.foundation.settings import FoundationSettings, StorageSettings
from infra.foundation.tables import text_table
from infra.foundation.topic import NoticeTopic
from infra.kit.nag import acknowledge
from tessera import naming


@dataclasses.dataclass(frozen=True, kw_only=True)
class Foundation:
    """Keys, buckets, the tables of runs and tenants, the pseudonym secret and the catalog.

    ``bucket`` and ``data_key`` hold what is pseudonymous, ``identities`` and ``identities_key``
    what names a person. ``campaigns`` is the table of campaigns, consent and events, which
    ``campaigns_key`` alone encrypts. Both are None in a stage without campaigns. ``access_logs``
    is where the buckets' access logs go. ``receipt_key`` signs the receipts of erasures.
    """

    data_key: Key
    identities_key: Key
    bucket: PrivateBucket
    identities: PrivateBucket
    runs: dynamodb.Table
    tenants: dynamodb.Table
    topic: NoticeTopic
    secret: secretsmanager.Secret
    catalog: GlueCatalog
    campaigns: dynamodb.Table | None
    campaigns_key: Key | None
    access_logs: AccessLogs
    receipt_key: SigningKey

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
        access_logs = AccessLogs(scope, "AccessLogs", keep_days=settings.storage.access_log_days)
        bucket = PrivateBucket(
            scope,
            "Data",
            key=data_key,
            access_logs=access_logs,
            noncurrent_days=settings.storage.noncurrent_days,
            removal_policy=keep,
            rules=[*_uploads_rule(settings.storage), *_rules(settings.storage)],
        )
        bucket.send_events()
        identities = PrivateBucket(
            scope,
            "Identities",
            key=identities_key,
            access_logs=access_logs,
            noncurrent_days=settings.storage.noncurrent_days,
            removal_policy=keep,
            rules=[*_rules(settings.storage), *_raw_rule(settings.storage)],
        )
        campaigns_key = (
            _campaigns_key(scope, name=name, keep=keep) if settings.campaigns.enabled else None
        )
        return cls(
            data_key=data_key,
            identities_key=identities_key,
            bucket=bucket,
            identities=identities,
            runs=text_table(scope, "Runs", "tenant", "run_id", key=data_key, keep=keep),
            tenants=text_table(scope, "Tenants", "tenant", key=data_key, keep=keep),
            topic=NoticeTopic(scope, "Topic", key=data_key, email=settings.alarms.email),
            secret=_pseudonym_secret(scope, key=identities_key, keep=keep),
            catalog=GlueCatalog(
                scope,
                "Catalog",
                name=naming.catalog_database(settings.stage),
                bucket=bucket,
                is_registered=settings.lake_formation,
            ),
            campaigns=(
                text_table(
                    scope, "Campaigns", "pk", "sk", key=campaigns_key, keep=keep, expires="ttl"
                )
                if campaigns_key
                else None
            ),
            campaigns_key=campaigns_key,
            access_logs=access_logs,
            receipt_key=SigningKey(
                scope,
                "ReceiptKey",
                alias=naming.receipt_key(settings.stage),
                about="Tessera: signs receipts of erasures",
                removal_policy=keep,
            ),
        )


def _campaigns_key(scope: Construct, *, name: str, keep: RemovalPolicy) -> Key:
    key = Key(
        scope,
        "CampaignsKey",
        alias=f"{name}-campaigns",
        about="Tessera: campaigns, consent and what became of messages",
        removal_policy=keep,
    )
    key.serve_logs()
    key.serve("events")  # what happens to messages waits in an encrypted queue
    return key


def _rules(storage: StorageSettings) -> list[s3.LifecycleRule]:
    """Return the rules for a run's files, by the tag that their writer gives them.

    A rule takes no pattern such as ``tenants/*/runs/``, and one rule a tenant would not do.
    """
    days = {naming.RUN_FILE: storage.run_days, naming.REJECTED_ROWS: storage.reject_days}
    return [
        s3.LifecycleRule(
            id=value, tag_filters={naming.EXPIRES: value}, expiration=Duration.days(number)
        )
        for value, number in days.items()
        if number
    ]


def _raw_rule(storage: StorageSettings) -> list[s3.LifecycleRule]:
    """Return the rule for what sources are curated of. A fold writes what it needs again.

    It is there without any source too: one that is switched off is what the rule is for.
    """
    if not storage.raw_days:
        return []
    tag = {naming.EXPIRES: naming.RAW_FILE}
    expiration = Duration.days(storage.raw_days)
    return [s3.LifecycleRule(id=naming.RAW_FILE, tag_filters=tag, expiration=expiration)]


def _uploads_rule(storage: StorageSettings) -> list[s3.LifecycleRule]:
    if not storage.upload_days:
        return []
    expiration = Duration.days(storage.upload_days)
    return [s3.LifecycleRule(id="uploads", prefix=naming.UPLOADS, expiration=expiration)]


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
