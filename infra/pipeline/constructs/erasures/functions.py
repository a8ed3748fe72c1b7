"""The functions of an erasure's own states, and exactly what each may touch."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    DELETE_VERSIONS,
    READ,
    WRITE,
    allow,
    allow_list,
    allow_objects,
)
from infra.kit.nag import acknowledge
from infra.pipeline.settings import ErasurePlaces, PipelineSettings
from tessera import naming
from tessera.environments.erasing import (
    BeginErasureEnvironment,
    FinishErasureEnvironment,
    KeptDays,
)

ERASURES = f"{naming.erasures_prefix('*')}*"
STATE = f"{ERASURES}/{naming.ERASURE_STATE}"
_ANSWERS = f"{ERASURES}/answers/*"


class ErasureFunctions(Construct):
    """BeginErasure and FinishErasure. Neither reads who is erased.

    Parameters
    ----------
    places
        Where people are, and who writes there.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        settings: PipelineSettings,
        places: ErasurePlaces,
    ) -> None:
        super().__init__(scope, id_)
        self.begin = self._begin(maker, settings)
        self.finish = self._finish(maker, settings, places)

    def _begin(self, maker: FunctionMaker, settings: PipelineSettings) -> PythonFunction:
        foundation = maker.foundation
        function = maker.make(
            self,
            "BeginErasure",
            folder="begin_erasure",
            environment=BeginErasureEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                runs_table=foundation.runs.table_name,
                tenants_table=foundation.tenants.table_name,
                max_runs=str(settings.tenant.max_runs),
            ),
            minutes=2,
        )
        role = function.role
        allow_objects(role, foundation.bucket, (*READ, *WRITE), STATE)
        allow_objects(role, foundation.bucket, READ, _ANSWERS)
        # Which destinations have a ledger, and nothing of what is in it.
        allow_list(role, foundation.identities, f"{naming.tenant_prefix('*')}destinations/*")
        maker.allow_runs(function, "DeleteItem", "GetItem", "PutItem", "Query")
        maker.allow_tenants(function, "GetItem")
        allow_describing(role, settings.stage)
        return function

    def _finish(
        self, maker: FunctionMaker, settings: PipelineSettings, places: ErasurePlaces
    ) -> PythonFunction:
        foundation, storage = maker.foundation, settings.storage
        kept = KeptDays(
            upload_days=storage.upload_days,
            reject_days=storage.reject_days,
            run_days=storage.run_days,
            access_log_days=storage.access_log_days,
            noncurrent_days=storage.noncurrent_days,
            stream_days=places.stream_days,
        )
        function = maker.make(
            self,
            "FinishErasure",
            folder="finish_erasure",
            environment=FinishErasureEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                runs_table=foundation.runs.table_name,
                receipt_key=foundation.receipt_key.key_arn,
                kept_days=kept.to_text(),
                longest_write_seconds=str(places.longest_write_seconds),
            ),
            minutes=5,
        )
        role = function.role
        allow_objects(role, foundation.bucket, (*READ, *WRITE), ERASURES)
        # It forgets who was erased, and cannot read it.
        allow_objects(role, foundation.identities, DELETE_VERSIONS, ERASURES)
        allow_list(role, foundation.identities, ERASURES, action="s3:ListBucketVersions")
        maker.allow_runs(function, "DeleteItem")
        foundation.receipt_key.allow_signing(role)
        return function


def allow_describing(role: iam.Role, stage: str) -> None:
    """Let a role ask whether an execution of a run or of an erasure still works."""
    machines = (f"tessera-{stage}", naming.erasures_machine(stage))
    executions = [
        Stack.of(role).format_arn(
            service="states",
            resource="execution",
            resource_name=f"{machine}:*",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        for machine in machines
    ]
    allow(role, ["states:DescribeExecution"], *executions)
    acknowledge(
        role,
        {
            rf"AwsSolutions-IAM5\[Resource::arn:.+:execution:{machine}:\*\]": (
                "It asks whether an execution of this machine still runs."
            )
            for machine in machines
        },
    )
