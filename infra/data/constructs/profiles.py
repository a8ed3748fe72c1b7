"""Amazon Connect Customer Profiles: the default tenant's domain, and the object type in it."""

from __future__ import annotations

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


class ProfilesDomain(Construct):
    """The default tenant's domain, encrypted with the identities key: it holds addresses.

    The first load of a further tenant makes that tenant's own domain like this one, so the
    template does not grow with tenants, and removing one from a stage deletes nothing.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        domain: str,
        settings: CustomerProfilesSettings,
        key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, id_)
        self.rejected: sqs.Queue | None = None
        if settings.object_type:  # it exists, and so does its domain
            return
        object_type = _object_type(
            self, "Type", domain=domain, called=contract.OBJECT_TYPE, key=key
        )
        # Removed alone, it would take every object of the domain with it.
        object_type.apply_removal_policy(removal_policy)
        if settings.domain:
            return
        self.rejected, may_send = _rejected(self, key=key, removal_policy=removal_policy)
        made = profiles.CfnDomain(
            self,
            "Domain",
            domain_name=domain,
            default_expiration_days=contract.EXPIRATION_DAYS,
            default_encryption_key=key.key_arn,
            dead_letter_queue_url=self.rejected.queue_url,
        )
        made.apply_removal_policy(removal_policy)
        # Customer Profiles checks that it may send to the queue when the domain is made.
        made.node.add_dependency(may_send)
        object_type.add_resource_dependency(made)


def _object_type(
    scope: Construct, id_: str, *, domain: str, called: str, key: kms.IKey
) -> profiles.CfnObjectType:
    definition = contract.object_type()
    return profiles.CfnObjectType(
        scope,
        id_,
        domain_name=domain,
        object_type_name=called,
        description=definition["Description"],
        allow_profile_creation=definition["AllowProfileCreation"],
        expiration_days=definition["ExpirationDays"],
        max_profile_object_count=definition["MaxProfileObjectCount"],
        encryption_key=key.key_arn,
        fields=[_field(name, field) for name, field in definition["Fields"].items()],
        keys=[_key(name, keys) for name, keys in definition["Keys"].items()],
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
