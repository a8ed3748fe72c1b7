"""Removing a tenant: a function that deletes what is one tenant's, and its state machine."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.console.constructs.functions import ApiFunctions
from infra.console.constructs.owned_tables import OwnedTable
from infra.console.definition import definition
from infra.console.settings import ConsoleSettings
from infra.foundation.foundation import Foundation
from infra.foundation.keys import Key
from infra.kit.alarm import RunbookAlarm, unsuccessful
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    DELETE_VERSIONS,
    READ,
    WRITE,
    allow,
    allow_items,
    allow_key,
    allow_list,
    allow_objects,
    allow_partitions,
    allow_table_key,
)
from infra.kit.machine import StateMachine
from infra.kit.nag import acknowledge
from infra.kit.tenant_session import TENANT, tenant_role
from tessera import naming
from tessera.environments.remove_tenant import RemovalPlaces, RemoveTenantEnvironment

_MINUTES = 14
_MEMORY_MB = 1024
_OWN = (TENANT, f"{TENANT}#*", f"{TENANT}/*")  # the partitions of a tenant's items
_BY_ID = ("KEY#*", "MESSAGE#*")  # items that name their tenant inside


class TenantRemoval(Construct):
    """RemoveTenant, and the machine that calls it until nothing is left.

    Parameters
    ----------
    functions
        Makes the function, of the code that the console's functions share.
    tables
        The tables with items of tenants, but for runs and the tenants' records.
    user_pool
        The id and the ARN of the pool of users.
    longest_write_seconds
        How long what began before a removal may still write.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ConsoleSettings,
        foundation: Foundation,
        functions: ApiFunctions,
        key: Key,
        tables: Sequence[OwnedTable],
        user_pool: tuple[str, str],
        longest_write_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        self._settings, self._foundation = settings, foundation
        self._tables = [
            *tables,
            OwnedTable(
                name=foundation.runs.table_name,
                arn=foundation.runs.table_arn,
                key=foundation.data_key,
            ),
        ]
        pool_id, pool_arn = user_pool
        places = RemovalPlaces(
            stage=settings.stage,
            data_bucket=foundation.bucket.bucket_name,
            identities_bucket=foundation.identities.bucket_name,
            runs_table=foundation.runs.table_name,
            tenants_table=foundation.tenants.table_name,
            tables=tuple(table.name for table in tables),
            database=foundation.catalog.database_name,
            user_pool=pool_id,
            destinations=settings.destinations,
            longest_write_seconds=longest_write_seconds,
        )

        def environment(role: iam.Role) -> RemoveTenantEnvironment:
            return RemoveTenantEnvironment(
                places=places.to_text(),
                tenant_role=self._of_one_tenant(role).role_arn,
                receipt_key=foundation.receipt_key.key_arn,
            )

        self.function = functions.make(
            "RemoveTenant",
            "remove_tenant",
            environment,
            memory_mb=_MEMORY_MB,
            timeout=Duration.minutes(_MINUTES),
        )
        self._allow_shared(pool_arn)
        name = naming.removals_machine(settings.stage)
        made = StateMachine(
            self,
            "Machine",
            name=name,
            key=key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                self.function.called,
                partition=Stack.of(self).partition,
                longest_write_seconds=longest_write_seconds,
            ),
        )
        allow(made.role, ["lambda:InvokeFunction"], self.function.arn)
        RunbookAlarm(
            self,
            "RemovalFailed",
            metric=unsuccessful(
                made.machine, label="Removals that stopped", period=Duration.minutes(5)
            ),
            about="The removal of a tenant stopped before all was gone",
            to_do="Read the log of RemoveTenant, then ask for the same removal again",
            topic=foundation.topic,
        )

    def _of_one_tenant(self, trusted: iam.Role) -> iam.Role:
        """Return the role that deletes, of the tenant that its session names."""
        role = tenant_role(
            self, "TenantRole", trusted=trusted, about="Tessera: deletes what is of one tenant"
        )
        foundation = self._foundation
        own = f"{naming.tenant_prefix(TENANT)}*"
        further = (
            f"{naming.UPLOADS}{TENANT}/*",
            f"{naming.OPEN_PARTS}{TENANT}/*",
            naming.latest_run_key(TENANT),
        )
        for bucket, prefixes in (
            (foundation.bucket, (own, *further)),
            (foundation.identities, (own,)),
        ):
            allow_objects(role, bucket, DELETE_VERSIONS, *prefixes)
            allow_list(role, bucket, *prefixes, action="s3:ListBucketVersions")
        for table in self._tables:
            read = ("dynamodb:DescribeTable", "dynamodb:Scan")
            allow(role, read, table.arn)
            allow_partitions(role, table.arn, ["DeleteItem"], *_OWN, *_BY_ID)
        for key in {table.key.node.path: table.key for table in self._tables}.values():
            allow_key(role, key)
            allow_table_key(role, key)
        self._allow_secrets(role)
        return role

    def _allow_secrets(self, role: iam.Role) -> None:
        stack, stage = Stack.of(self), self._settings.stage
        arns = [
            stack.format_arn(
                service="secretsmanager",
                resource="secret",
                resource_name=f"tessera/{stage}/{kind}/*/{TENANT}-??????",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            for kind in ("destinations", "sources")
        ]
        allow(role, ["secretsmanager:DeleteSecret"], *arns)
        allow(role, ["secretsmanager:ListSecrets"], "*")
        acknowledge(
            role,
            {
                r"AwsSolutions-IAM5\[Resource::\*\]": (
                    "It takes no resource: secretsmanager:ListSecrets."
                ),
                rf"AwsSolutions-IAM5\[Resource::arn:.+:secret:tessera/{stage}/.+\]": (
                    "The secrets of the session's tenant, for any destination and source."
                ),
            },
        )

    def _allow_shared(self, pool_arn: str) -> None:
        """Let the function's own role do what no prefix and no key divides by tenants."""
        role, foundation = self.function.role, self._foundation
        items = ("DeleteItem", "GetItem", "UpdateItem")
        allow_items(role, foundation.tenants, *items, key=foundation.data_key)
        runs = ("GetItem", "Query")  # which runs there are, and who has the tenant's turn
        allow(role, [f"dynamodb:{name}" for name in runs], foundation.runs.table_arn)
        allow_objects(role, foundation.bucket, (*READ, *WRITE), f"{naming.REMOVALS}*")
        allow_key(role, foundation.data_key)
        foundation.receipt_key.allow_signing(role)
        partitions = ("glue:BatchDeletePartition", "glue:GetPartitions", "glue:GetTables")
        allow(role, partitions, *foundation.catalog.arns)
        users = ("AdminDeleteUser", "DeleteGroup", "ListUsersInGroup")
        allow(role, [f"cognito-idp:{name}" for name in users], pool_arn)
        self._allow_executions(self.function)

    def _allow_executions(self, function: PythonFunction) -> None:
        """Let it see whether runs or an erasure are under way."""
        stage = self._settings.stage
        for machine in (f"tessera-{stage}", naming.erasures_machine(stage)):
            arn = Stack.of(self).format_arn(
                service="states",
                resource="execution",
                resource_name=f"{machine}:*",
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
            allow(function.role, ["states:DescribeExecution"], arn)
            acknowledge(
                function.role,
                {
                    rf"AwsSolutions-IAM5\[Resource::arn:.+:execution:{machine}:\*\]": (
                        "It sees whether executions of this machine are under way."
                    )
                },
            )
