"""Waiting for an approval: the function that asks for it, and the one that takes the decision."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.function import PythonFunction
from infra.kit.grants import (
    READ,
    allow,
    allow_notifying,
    allow_objects,
)
from tessera import naming
from tessera.environments.approval import AwaitApprovalEnvironment, DecideRunEnvironment
from tessera.environments.environment import Environment
from tessera.environments.machines import StageMachines

_DAY_SECONDS = 86_400


class Approval(Construct):
    """AwaitApproval, called by its state, and DecideRun, called by the people who may decide."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        topic: sns.ITopic,
        machine_name: str,
        days: int,
        machines: StageMachines,
    ) -> None:
        super().__init__(scope, id_)
        self._maker = maker
        self._foundation = maker.foundation
        # By name: the machine knows the function, so the function cannot refer to the machine.
        self._machine = Stack.of(self).format_arn(
            service="states",
            resource="stateMachine",
            resource_name=machine_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        self.decide_run = self._decide_run()
        self.await_approval = self._await_approval(topic, days=days, machines=machines)

    def _await_approval(
        self, topic: sns.ITopic, *, days: int, machines: StageMachines
    ) -> PythonFunction:
        environment = AwaitApprovalEnvironment(
            data_bucket=self._foundation.bucket.bucket_name,
            runs_table=self._foundation.runs.table_name,
            topic_arn=topic.topic_arn,
            decide_function=self.decide_run.arn,
            approval_seconds=str(days * _DAY_SECONDS),
            machines=machines.to_text(),
        )
        function = self._function("AwaitApproval", "await_approval", environment)
        read = (naming.TICKET, naming.PREPARE_RECORD, naming.SCORE_RECORD)
        records = [naming.run_key("*", "*", name) for name in read]
        allow_objects(function.role, self._foundation.bucket, READ, *records)
        self._maker.allow_runs(function, "UpdateItem")
        allow_notifying(function.role, topic)
        allow(function.role, ["states:SendTaskSuccess"], self._machine)
        return function

    def _decide_run(self) -> PythonFunction:
        environment = DecideRunEnvironment(runs_table=self._foundation.runs.table_name)
        function = self._function("DecideRun", "decide_run", environment)
        self._maker.allow_runs(function, "GetItem", "UpdateItem")
        allow(function.role, ["states:SendTaskFailure", "states:SendTaskSuccess"], self._machine)
        return function

    def _function(self, id_: str, folder: str, environment: Environment) -> PythonFunction:
        return self._maker.make(self, id_, folder=folder, environment=environment, minutes=1)
