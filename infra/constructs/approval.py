"""Waiting for an approval: the function that asks for it, and the one that takes the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.config import StageSettings
from infra.constructs.function import PythonFunction
from infra.constructs.grants import (
    READ,
    allow,
    allow_items,
    allow_key,
    allow_objects,
    allow_telling,
)
from infra.constructs.retention import retention
from tessera import naming
from tessera.settings import AwaitApprovalEnvironment, DecideRunEnvironment, Environment

if TYPE_CHECKING:
    from infra.stacks.data_stack import DataStack

_DAY_SECONDS = 86_400


class Approval(Construct):
    """AwaitApproval, called by its state, and DecideRun, called by whoever may decide."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: StageSettings,
        data: DataStack,
        topic: sns.ITopic,
        code: lambda_.Code,
        machine_name: str,
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._data = data
        self._code = code
        # By name: the machine knows the function, so the function cannot refer to the machine.
        self._machine = Stack.of(self).format_arn(
            service="states",
            resource="stateMachine",
            resource_name=machine_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.decide_run = self._decide_run()
        self.await_approval = self._await_approval(topic)

    def _await_approval(self, topic: sns.ITopic) -> PythonFunction:
        environment = AwaitApprovalEnvironment(
            data_bucket=self._data.bucket.bucket_name,
            runs_table=self._data.runs.table_name,
            topic_arn=topic.topic_arn,
            decide_function=self.decide_run.name,
            approval_seconds=str(self._settings.approval_days * _DAY_SECONDS),
        )
        function = self._function("AwaitApproval", "await_approval", environment)
        record = naming.run_key("*", "*", naming.SCORE_RECORD)
        allow_objects(function.role, self._data.bucket, READ, record)
        self._allow_runs(function.role, "UpdateItem")
        allow_telling(function.role, topic)
        allow(function.role, ["states:SendTaskSuccess"], self._machine)
        return function

    def _decide_run(self) -> PythonFunction:
        environment = DecideRunEnvironment(runs_table=self._data.runs.table_name)
        function = self._function("DecideRun", "decide_run", environment)
        self._allow_runs(function.role, "GetItem", "UpdateItem")
        allow(function.role, ["states:SendTaskFailure", "states:SendTaskSuccess"], self._machine)
        return function

    def _function(self, id_: str, folder: str, environment: Environment) -> PythonFunction:
        function = PythonFunction(
            self,
            id_,
            folder=folder,
            code=self._code,
            environment=environment,
            key=self._data.data_key,
            log_retention=retention(self._settings.log_retention_days),
            timeout=Duration.minutes(1),
        )
        allow_key(function.role, self._data.data_key)
        return function

    def _allow_runs(self, role: iam.Role, *operations: str) -> None:
        allow_items(role, self._data.runs, *operations, key=self._data.data_key)
