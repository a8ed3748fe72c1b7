"""What the API may touch of campaigns: records and plans, and no address."""

from __future__ import annotations

import dataclasses
from typing import Self

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from infra.kit.grants import (
    READ,
    WRITE,
    allow,
    allow_key,
    allow_list,
    allow_objects,
    allow_partitions,
    allow_table_key,
)
from infra.kit.nag import acknowledge
from infra.kit.states import LIVE
from tessera import naming
from tessera.environments.api import ApiCampaigns


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignAccess:
    """The campaigns of a stage, whose state machine and functions are in another stack.

    Parameters
    ----------
    foundation, key
        What is kept, and what encrypts the campaigns' table.
    machine
        The ARN of the campaigns' state machine.
    places
        What the API gets in its environment.
    """

    foundation: Foundation
    key: Key
    machine: str
    places: ApiCampaigns

    @classmethod
    def of(cls, scope: Construct, *, foundation: Foundation, stage: str) -> Self | None:
        """Return the campaigns of a stage, None where it has none."""
        table, key = foundation.campaigns, foundation.campaigns_key
        if table is None or key is None:
            return None
        machine = _arn(scope, "states", "stateMachine", naming.campaigns_machine(stage))
        places = ApiCampaigns(
            table=table.table_name,
            identities_bucket=foundation.identities.bucket_name,
            machine_arn=f"{machine}:{LIVE}",
            count_audience=_function(scope, stage, "count_audience"),
            import_consent=_function(scope, stage, "import_consent"),
            send_test=_function(scope, stage, "send_test"),
        )
        return cls(foundation=foundation, key=key, machine=machine, places=places)

    def allow(self, role: iam.Role) -> None:
        """Let the API's own role start the machine and call functions: both get the tenant."""
        allow(role, ["states:StartExecution"], self.machine)
        executions = f"{self.machine.replace(':stateMachine:', ':execution:')}:*"
        allow(role, ["states:DescribeExecution"], executions)
        acknowledge(
            role,
            {
                r"AwsSolutions-IAM5\[Resource::arn:.+:execution:.+-campaigns:\*\]": (
                    "It shows whether an execution of this machine works on a run."
                )
            },
        )
        places = self.places
        called = (places.count_audience, places.import_consent, places.send_test)
        allow(role, ["lambda:InvokeFunction"], *called)

    def allow_tenant(self, role: iam.Role, tenant: str) -> None:
        """Let a role keep a tenant's campaigns and read its plans. ``tenant`` may be a variable."""
        table, identities = self.foundation.campaigns, self.foundation.identities
        assert table is not None  # noqa: S101 (see ``of``)
        items = ("BatchGetItem", "GetItem", "PutItem", "Query")
        allow_partitions(role, table.table_arn, items, f"{tenant}#*")
        allow_table_key(role, self.key)
        plans = naming.campaign_run_prefix(tenant, "*") + naming.MANIFEST
        allow_objects(role, identities, READ, plans)
        allow_key(role, self.key, self.foundation.identities_key)
        # Lists and consents name persons: the API signs where they go, and lists them.
        files = (f"{naming.receivers_prefix(tenant)}*", naming.consent_import_key(tenant, "*"))
        allow_objects(role, identities, WRITE, *files)
        allow_list(role, identities, *files)
        measured = (
            naming.campaign_results_key(tenant, "*"),
            naming.campaign_targets_key(tenant, "*"),
            naming.campaign_engagement_key(tenant, "*"),
            naming.run_figures_key(tenant, "*"),
        )
        report = naming.consent_report_key(tenant, "*")
        allow_objects(role, self.foundation.bucket, READ, report, *measured)


def _function(scope: Construct, stage: str, folder: str) -> str:
    name = naming.campaign_function(stage, folder)
    return _arn(scope, "lambda", "function", f"{name}:{LIVE}")


def _arn(scope: Construct, service: str, resource: str, name: str) -> str:
    return str(
        Stack.of(scope).format_arn(
            service=service,
            resource=resource,
            resource_name=name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
    )
