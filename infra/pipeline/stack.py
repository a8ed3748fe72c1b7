"""What can be made again at any time: functions, jobs, the state machine, trigger and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.deployment.roles import DeploymentRoles
from infra.deployment.trust import trusted_pipeline
from infra.destinations.connect_campaign import SegmentCampaign
from infra.foundation.foundation import Foundation
from infra.kit.machine import StateMachine
from infra.pipeline.constructs.daily import DailyRuns
from infra.pipeline.constructs.erasures.erasures import Erasures
from infra.pipeline.constructs.functions import Functions
from infra.pipeline.constructs.job_functions import JobFunctions
from infra.pipeline.constructs.jobs import PipelineJobs
from infra.pipeline.constructs.triggers import Triggers
from infra.pipeline.constructs.upkeep import Upkeep
from infra.pipeline.constructs.watch import Watch
from infra.pipeline.definition import definition
from infra.pipeline.settings import ErasurePlaces, PipelineSettings
from infra.pipeline.steps import Steps


class PipelineStack(Stack):
    """Upload or clock → the state machine → destinations, and alarms to a topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: PipelineSettings,
        foundation: Foundation,
        console: str,
        has_sources: bool = False,
        forwarded: Sequence[str] = (),
        erasure_places: ErasurePlaces,
        own_warehouse: str = "",
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        name = f"tessera-{settings.stage}"
        functions = Functions(
            self,
            "Functions",
            settings=settings,
            foundation=foundation,
            topic=foundation.topic,
            machine_name=name,
            console=console,
            own_warehouse=own_warehouse,
        )
        jobs = PipelineJobs(
            self,
            "Jobs",
            settings=settings,
            foundation=foundation,
            name=name,
            forwarded=forwarded,
        )
        small = None
        if settings.jobs.functions_below_bytes:
            small = JobFunctions(
                self, "JobFunctions", maker=functions.maker, jobs=jobs, settings=settings.jobs
            )
        hour, day = 3600, 86_400
        approval_seconds = settings.approval_days * day
        # A run may wait for its own approval, and before it for that of another one.
        run_seconds = settings.jobs.run_hours * hour + 2 * approval_seconds
        machine = StateMachine(
            self,
            "Machine",
            name=name,
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                Steps(
                    **functions.steps(),
                    **jobs.requests(),
                    partition=settings.place.partition,
                    job_seconds=settings.jobs.job_hours * hour,
                    spark_from_bytes=settings.jobs.machines.spark_from_bytes,
                    load_seconds=settings.jobs.load_hours * hour,
                    approval_seconds=approval_seconds,
                    run_seconds=run_seconds,
                    small=small.small() if small else {},
                    small_bytes=settings.jobs.functions_below_bytes,
                )
            ),
        )
        functions.allow_call(machine.role)
        jobs.allow_start(machine.role)
        if small:
            small.allow_call(machine.role)

        triggers = Triggers(
            self,
            "Triggers",
            machine=machine.machine,
            live_arn=machine.live_arn,
            bucket=foundation.bucket,
            key=foundation.data_key,
        )
        upkeep = Upkeep(
            self,
            "Upkeep",
            maker=functions.maker,
            machine=machine.machine,
            jobs_prefix=f"{name}-",
            has_sources=has_sources,
        )
        erasures = Erasures(
            self,
            "Erasures",
            maker=functions.maker,
            settings=settings,
            environment=functions.loaders.environment,
            code=jobs.code,
            places=erasure_places,
            most_seconds=run_seconds,
        )
        alone = [*functions.alone(), *upkeep.functions, *erasures.functions]
        if settings.schedule.enabled:
            daily = DailyRuns(
                self,
                "DailyRuns",
                maker=functions.maker,
                machine=machine.machine,
                live_arn=machine.live_arn,
                missed=triggers.missed,
                hour=settings.schedule.hour,
            )
            alone.append(daily.function)
        Watch(
            self,
            "Watch",
            name=name,
            machine=machine.machine,
            missed=triggers.missed,
            alone=alone,
            topic=foundation.topic,
            stage=settings.stage,
            settings=settings.alarms,
            has_sources=has_sources,
        )
        if settings.connect_campaign.connect_instance_id:
            SegmentCampaign(
                self,
                "SegmentCampaign",
                stage=settings.stage,
                domain=settings.profiles_domain,
                settings=settings.connect_campaign,
            )
        if trust := trusted_pipeline(settings.deployment, stage=settings.stage):
            DeploymentRoles(
                self,
                "Deployment",
                stage=settings.stage,
                trust=trust,
                foundation=foundation,
                machine_name=name,
            )
        CfnOutput(self, "EraseAtDestinationFunction", value=erasures.at_destination.arn)
        CfnOutput(self, "ErasuresMachineArn", value=erasures.machine.state_machine_arn)
        CfnOutput(self, "StateMachineArn", value=machine.machine.state_machine_arn)
        CfnOutput(self, "DecideRunFunction", value=functions.approval.decide_run.arn)
        CfnOutput(self, "PlanLoadsFunction", value=functions.plan_loads.arn)
