"""Amazon SES: what Activate may do with the account's contact list, and SES with our imports."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.destinations.settings import DestinationSettings
from infra.foundation.foundation import Foundation
from infra.kit.grants import DELETE, READ, allow, allow_objects
from infra.kit.nag import acknowledge
from tessera import naming

IMPORTS = naming.destination_prefix("*", "*", "ses") + naming.IMPORTS + "*"
_SERVICE = iam.ServicePrincipal("ses.amazonaws.com")
_LIST = {
    "start_load": ("ses:GetContact", "ses:GetContactList", "ses:ListContacts"),
    "poll_load": ("ses:GetContact", "ses:ListContacts"),
    "erase": (
        "ses:DeleteContact",
        "ses:GetContact",
        "ses:GetContactList",
        "ses:ListContacts",
        "ses:UpdateContact",
    ),
}
_UNNAMED = ("ses:CreateImportJob", "ses:ListImportJobs")  # these take no resource


def options(
    _scope: Construct, settings: DestinationSettings, _foundation: Foundation
) -> Mapping[str, str]:
    """Return the transport's options: the contact list, empty if nothing is imported."""
    return {"contact_list": settings.ses.contact_list if settings.imports_contacts else ""}


def grant(
    role: iam.Role, state: str, *, settings: DestinationSettings, foundation: Foundation
) -> None:
    """Let a function of Activate do its part. ``state`` is its folder, such as ``poll_load``."""
    if not settings.imports_contacts or state not in _LIST:
        return
    stack = Stack.of(role)
    contacts = stack.format_arn(
        service="ses", resource="contact-list", resource_name=settings.ses.contact_list
    )
    allow(role, _LIST[state], contacts)
    if state != "poll_load":
        return
    allow(role, _UNNAMED, "*")
    jobs = stack.format_arn(service="ses", resource="import-job", resource_name="*")
    allow(role, ["ses:GetImportJob"], jobs)
    allow_objects(role, foundation.identities, DELETE, IMPORTS)
    acknowledge(
        role,
        {
            r"AwsSolutions-IAM5\[Resource::\*\]": (
                f"Import jobs take no resource: {', '.join(_UNNAMED)}."
            ),
            r"AwsSolutions-IAM5\[Resource::arn:.+:import-job/\*\]": "SES names the import jobs.",
        },
    )
    _serve(foundation)


def _serve(foundation: Foundation) -> None:
    """Let SES read the import files, and nothing else of the bucket, for this account."""
    stack = Stack.of(foundation.identities)
    # SES' Developer Guide names aws:Referer, AWS' own advice for services aws:SourceAccount: SES
    # sets at least one of them to the account that it works for.
    for name in ("aws:Referer", "aws:SourceAccount"):
        foundation.identities.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[_SERVICE],
                actions=list(READ),
                resources=[foundation.identities.arn_for_objects(IMPORTS)],
                conditions={"StringEquals": {name: stack.account}},
            )
        )
    foundation.identities_key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[_SERVICE],
            actions=["kms:Decrypt"],
            resources=["*"],
            conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.amazonaws.com"}},
        )
    )
