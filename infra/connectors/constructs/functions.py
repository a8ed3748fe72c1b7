"""PlanPulls and PullSource, and exactly what each may touch."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.document import JsonDocument
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    DELETE,
    READ,
    WRITE_TAGGED,
    allow,
    allow_key,
    allow_objects,
    allow_secrets,
)
from tessera import naming
from tessera.environments.pulls import PlanPullsEnvironment, PullSourceEnvironment


class PullFunctions(Construct):
    """The functions of the machine.

    Parameters
    ----------
    names
        The connectors.
    defaults
        The stage's settings of a run.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        names: Sequence[str],
        defaults: JsonDocument,
    ) -> None:
        super().__init__(scope, id_)
        stage = maker.stage.stage
        secrets = [naming.source_secret(stage, name) for name in names]
        self.plan_pulls = self._plan_pulls(maker, names, secrets)
        self.pull_source = self._pull_source(maker, secrets, defaults)

    def _plan_pulls(
        self, maker: FunctionMaker, names: Sequence[str], secrets: Sequence[str]
    ) -> PythonFunction:
        # By name: the machine knows the function, so the function cannot refer to the machine.
        machine = Stack.of(self).format_arn(
            service="states",
            resource="stateMachine",
            resource_name=naming.pulls_machine(maker.stage.stage),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        function = maker.make(
            self,
            "PlanPulls",
            folder="plan_pulls",
            environment=PlanPullsEnvironment(
                stage=maker.stage.stage,
                connectors=",".join(names),
                tenants_table=maker.foundation.tenants.table_name,
                state_machine_arn=machine,
            ),
            minutes=5,
        )
        maker.allow_tenants(function, "Scan")
        allow(function.role, ["states:ListExecutions"], machine)
        allow_secrets(function.role, *secrets, action="DescribeSecret")
        return function

    def _pull_source(
        self, maker: FunctionMaker, secrets: Sequence[str], defaults: JsonDocument
    ) -> PythonFunction:
        foundation = maker.foundation
        function = maker.make(
            self,
            "PullSource",
            folder="pull_source",
            environment=PullSourceEnvironment(
                stage=maker.stage.stage,
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                run_defaults=defaults.uri,
            ),
            minutes=15,
            memory_mb=1769,  # one processor
            storage_gb=2,  # a shop's file is read in parts
        )
        role = function.role
        defaults.allow_read(role)
        allow_secrets(role, *secrets)
        allow_objects(role, foundation.bucket, READ, naming.settings_key("*"))
        raw = f"{naming.raw_prefix('*', '*-orders')}*"
        allow_objects(role, foundation.identities, (*READ, *WRITE_TAGGED, *DELETE), raw)
        allow_key(role, foundation.identities_key)
        return function
