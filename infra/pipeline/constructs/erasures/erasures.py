"""Erasures: the state machine with what it calls, the clock that retries, and the alarms."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.alarm import RunbookAlarm, unsuccessful
from infra.kit.function import PythonFunction
from infra.kit.grants import READ, WRITE, allow, allow_list, allow_objects
from infra.kit.machine import StateMachine
from infra.kit.nag import acknowledge
from infra.pipeline.constructs.erasures.at_destination import ErasingFunction
from infra.pipeline.constructs.erasures.erase_job import EraseJob
from infra.pipeline.constructs.erasures.functions import (
    ERASURES,
    STATE,
    ErasureFunctions,
    allow_describing,
)
from infra.pipeline.erasure import ErasureSteps, erasure_definition
from infra.pipeline.settings import ErasurePlaces, PipelineSettings
from tessera import naming
from tessera.environments.activate import ActivateEnvironment
from tessera.environments.erasing import RetryErasuresEnvironment

_REPEATS = "It runs again the next day, and an alarm counts its errors."


class Erasures(Construct):
    """The machine, and RetryErasures, which starts what is open again every day.

    Parameters
    ----------
    environment
        As the functions of Activate have it.
    code
        The app of all SageMaker jobs.
    most_seconds
        How long an execution may wait for its turn and work.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        settings: PipelineSettings,
        environment: ActivateEnvironment,
        code: s3_assets.Asset,
        places: ErasurePlaces,
        most_seconds: int,
    ) -> None:
        super().__init__(scope, id_)
        foundation = maker.foundation
        functions = ErasureFunctions(
            self, "Functions", maker=maker, settings=settings, places=places
        )
        there = ErasingFunction(
            self, "Erasing", maker=maker, settings=settings, environment=environment
        ).function
        erase = EraseJob(
            self,
            "Job",
            settings=settings,
            foundation=foundation,
            code=code,
            labels=places.labels,
        )
        machine = StateMachine(
            self,
            "Machine",
            name=naming.erasures_machine(settings.stage),
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=erasure_definition(
                ErasureSteps(
                    begin=functions.begin.called,
                    erase=erase.request(),
                    at_destination=there.called,
                    finish=functions.finish.called,
                    partition=settings.place.partition,
                    job_seconds=settings.jobs.job_hours * 3600,
                    most_seconds=most_seconds,
                )
            ),
        )
        called = (functions.begin, there, functions.finish)
        allow(machine.role, ["lambda:InvokeFunction"], *(each.arn for each in called))
        erase.job.allow_start(machine.role)
        self.functions = [there, self._retry(maker, machine)]
        self._watch(machine, maker, settings)
        self.at_destination, self.machine = there, machine.machine

    def _retry(self, maker: FunctionMaker, machine: StateMachine) -> PythonFunction:
        foundation, stage = maker.foundation, maker.stage.stage
        function = maker.make(
            self,
            "RetryErasures",
            folder="retry_erasures",
            environment=RetryErasuresEnvironment(
                data_bucket=foundation.bucket.bucket_name,
                identities_bucket=foundation.identities.bucket_name,
                tenants_table=foundation.tenants.table_name,
                erasures_machine_arn=machine.live_arn,
                stage=stage,
            ),
            minutes=14,
            no_queue=_REPEATS,
        )
        role = function.role
        allow_objects(role, foundation.bucket, (*READ, *WRITE), STATE)
        allow_list(role, foundation.bucket, ERASURES)
        maker.allow_tenants(function, "Scan")
        allow(role, ["states:StartExecution"], machine.machine.state_machine_arn)
        allow_describing(role, stage)
        rule = events.Rule(
            self,
            "Daily",
            description="Tessera: retry_erasures",
            schedule=events.Schedule.rate(Duration.days(1)),
            targets=[targets.LambdaFunction(function.live, retry_attempts=2)],
        )
        acknowledge(rule, {"Serverless-EventBusDLQ": _REPEATS})
        return function

    def _watch(
        self, machine: StateMachine, maker: FunctionMaker, settings: PipelineSettings
    ) -> None:
        day = Duration.days(1)
        topic = maker.foundation.topic
        RunbookAlarm(
            self,
            "ErasureFailed",
            metric=unsuccessful(
                machine.machine, label="Erasures that failed", period=Duration.minutes(5)
            ),
            about="An attempt to erase people failed",
            to_do="Read why with `GET /v1/erasures`: it is tried again every day",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "ErasureOpen",
            metric=cloudwatch.Metric(
                namespace=naming.METRICS,
                metric_name=naming.OPEN_ERASURE_DAYS,
                dimensions_map={"Stage": settings.stage},
                period=day,
                statistic="Maximum",
            ),
            about=f"An erasure is open for {settings.alarms.erasure_days} days",
            to_do="Read in its receipt what is not done, and do it",
            topic=topic,
            threshold=settings.alarms.erasure_days,
        )
