"""What runs by the clock beside the runs: measuring them, and ending SageMaker's logs."""

from __future__ import annotations

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.function import PythonFunction
from infra.kit.grants import READ, allow, allow_objects
from infra.kit.nag import acknowledge
from infra.pipeline.constructs.sagemaker_job import LOG_GROUPS
from tessera import naming
from tessera.environments.environment import Environment
from tessera.environments.expire_logs import ExpireLogsEnvironment
from tessera.environments.watch_runs import WatchRunsEnvironment
from tessera.environments.watch_sources import WatchSourcesEnvironment

_REPEATS = "It runs again soon, and an alarm counts its errors."


class Upkeep(Construct):
    """WatchRuns every quarter of an hour, and ExpireLogs every day.

    ``has_sources`` says whether data arrives by itself: then WatchSources looks every day for a
    source that is silent.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        machine: sfn.IStateMachine,
        jobs_prefix: str,
        has_sources: bool,
    ) -> None:
        super().__init__(scope, id_)
        stage, arn = maker.stage, machine.state_machine_arn
        watch = self._function(
            "WatchRuns",
            "watch_runs",
            maker,
            WatchRunsEnvironment(state_machine_arn=arn, stage=stage.stage),
            every=Duration.minutes(15),
        )
        allow(watch.role, ["states:ListExecutions"], arn)
        groups = tuple(LOG_GROUPS.values())
        expire = self._function(
            "ExpireLogs",
            "expire_logs",
            maker,
            ExpireLogsEnvironment(
                log_groups=",".join(groups),
                stream_prefix=jobs_prefix,
                keep_days=str(stage.log_retention_days),
            ),
            every=Duration.days(1),
        )
        allow(expire.role, ["logs:DescribeLogStreams"], *(self._group(f"{g}:*") for g in groups))
        streams = [self._group(f"{group}:log-stream:{jobs_prefix}*") for group in groups]
        allow(expire.role, ["logs:DeleteLogStream"], *streams)
        acknowledge(
            expire.role,
            {
                r"AwsSolutions-IAM5\[Resource::arn:.+:log-group:/aws/sagemaker/\w+:(.+)?\*\]": (
                    "SageMaker names the streams; those of this stage's jobs begin with its name."
                )
            },
        )
        self.functions = [watch, expire]
        if has_sources:
            self.functions.append(self._watch_sources(maker))

    def _watch_sources(self, maker: FunctionMaker) -> PythonFunction:
        foundation = maker.foundation
        function = self._function(
            "WatchSources",
            "watch_sources",
            maker,
            WatchSourcesEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                tenants_table=foundation.tenants.table_name,
                stage=maker.stage.stage,
            ),
            every=Duration.days(1),
        )
        maker.allow_tenants(function, "Scan")
        of_runs = (naming.latest_key("*"), naming.run_key("*", "*", naming.SUMMARY))
        allow_objects(function.role, foundation.bucket, READ, *of_runs)
        allow(function.role, ["kms:Decrypt"], foundation.data_key.key_arn)
        return function

    def _group(self, name: str) -> str:
        return str(
            Stack.of(self).format_arn(
                service="logs",
                resource="log-group",
                resource_name=name,
                arn_format=ArnFormat.COLON_RESOURCE_NAME,
            )
        )

    def _function(
        self,
        id_: str,
        folder: str,
        maker: FunctionMaker,
        environment: Environment,
        *,
        every: Duration,
    ) -> PythonFunction:
        function = maker.make(
            self, id_, folder=folder, environment=environment, minutes=5, no_queue=_REPEATS
        )
        rule = events.Rule(
            self,
            f"{id_}Rule",
            description=f"Tessera: {folder}",
            schedule=events.Schedule.rate(every),
            targets=[targets.LambdaFunction(function.live, retry_attempts=2)],
        )
        acknowledge(rule, {"Serverless-EventBusDLQ": _REPEATS})
        return function
