"""Amazon Connect Customer Profiles: a domain a tenant, and the object type in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_customerprofiles as profiles
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct, IDependable

from infra.destinations.groups import CustomerProfilesSettings
from infra.kit.nag import acknowledge
from tessera.contracts import customer_profiles as contract
from tessera.naming import DEFAULT_TENANT


class ProfilesDomains(Construct):
    """The domains, encrypted with the identities key: they hold addresses."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        domain: str,
        settings: CustomerProfilesSettings,
        tenants: Sequence[str],
        key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        called = settings.object_type or contract.OBJECT_TYPE
        rejected, policy = _rejected(self, key=key, removal_policy=removal_policy)
        for tenant in tenants:
            name = contract.tenant_domain(domain, tenant=tenant)
            exists = tenant == DEFAULT_TENANT and bool(settings.domain)
            if exists and settings.object_type:
                continue
            object_type = _object_type(self, f"{tenant}-Type", domain=name, called=called, key=key)
            # Removed alone, it would take every object of the domain with it.
            object_type.apply_removal_policy(removal_policy)
            if exists:
                continue
            made = profiles.CfnDomain(
                self,
                f"{tenant}-Domain",
                domain_name=name,
                default_expiration_days=contract.EXPIRATION_DAYS,
                default_encryption_key=key.key_arn,
                dead_letter_queue_url=rejected.queue_url,
            )
            made.apply_removal_policy(removal_policy)
            # Customer Profiles checks that it may send to the queue when the domain is made.
            made.node.add_dependency(policy)
            object_type.add_resource_dependency(made)


def _object_type(
    scope: Construct, id_: str, *, domain: str, called: str, key: kms.IKey
) -> profiles.CfnObjectType:
    told = contract.object_type()
    return profiles.CfnObjectType(
        scope,
        id_,
        domain_name=domain,
        object_type_name=called,
        description=told["Description"],
        allow_profile_creation=told["AllowProfileCreation"],
        expiration_days=told["ExpirationDays"],
        max_profile_object_count=told["MaxProfileObjectCount"],
        encryption_key=key.key_arn,
        fields=[_field(name, field) for name, field in told["Fields"].items()],
        keys=[_key(name, keys) for name, keys in told["Keys"].items()],
    )


def _field(name: str, field: dict[str, str]) -> profiles.CfnObjectType.FieldMapProperty:
    target = profiles.CfnObjectType.ObjectTypeFieldProperty(
        source=field["Source"], target=field["Target"], content_type=field["ContentType"]
    )
    return profiles.CfnObjectType.FieldMapProperty(name=name, object_type_field=target)


def _key(name: str, keys: list[dict[str, Any]]) -> profiles.CfnObjectType.KeyMapProperty:
    made = [
        profiles.CfnObjectType.ObjectTypeKeyProperty(
            field_names=key["FieldNames"], standard_identifiers=key["StandardIdentifiers"]
        )
        for key in keys
    ]
    return profiles.CfnObjectType.KeyMapProperty(name=name, object_type_key_list=made)


def _rejected(
    scope: Construct, *, key: kms.IKey, removal_policy: RemovalPolicy
) -> tuple[sqs.Queue, IDependable]:
    queue = sqs.Queue(
        scope,
        "Rejected",
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=Duration.days(14),
        removal_policy=removal_policy,
    )
    added = queue.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("profile.amazonaws.com")],
            actions=["sqs:SendMessage"],
            resources=[queue.queue_arn],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    acknowledge(
        queue, {"AwsSolutions-SQS3|Serverless-SQSRedrivePolicy": "It is a dead-letter queue."}
    )
    assert added.policy_dependable is not None  # noqa: S101 (the queue is ours)
    return queue, added.policy_dependable
