"""What the API may touch of erasures: their cases, and no customer."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from infra.foundation.foundation import Foundation
from infra.kit.grants import READ, WRITE, allow, allow_list, allow_objects
from infra.kit.nag import acknowledge
from tessera import naming


def allow_cases(role: iam.Role, *, foundation: Foundation, tenant: str) -> None:
    """Let a tenant's role keep who is to be erased, and show how far it is.

    It writes the request into the identities bucket, and may not read it there. With campaigns it
    may decrypt by the bucket's key, for plans of runs, so only the missing read keeps it out.

    Parameters
    ----------
    tenant
        The tenant, or what stands for it in a policy.
    """
    case = f"{naming.erasures_prefix(tenant)}*"
    allow_objects(role, foundation.bucket, (*READ, *WRITE), f"{case}/{naming.ERASURE_STATE}")
    allow_objects(role, foundation.bucket, READ, f"{case}/{naming.ERASURE_RECEIPT}")
    allow_list(role, foundation.bucket, case)
    allow_objects(role, foundation.identities, WRITE, f"{case}/{naming.ERASURE_REQUEST}")
    allow(role, ["kms:GenerateDataKey"], foundation.identities_key.key_arn)


def allow_starting(role: iam.Role, *, machine: str) -> None:
    """Let the API start an erasure, and ask whether it is under way.

    Parameters
    ----------
    machine
        The ARN of the state machine, which is another capability's.
    """
    allow(role, ["states:StartExecution"], machine)
    executions = f"{machine.replace(':stateMachine:', ':execution:')}:*"
    allow(role, ["states:DescribeExecution"], executions)
    acknowledge(
        role,
        {
            r"AwsSolutions-IAM5\[Resource::arn:.+:execution:.+-erasures:\*\]": (
                "It asks whether an execution of this machine works on a case."
            )
        },
    )
