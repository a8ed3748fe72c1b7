"""Shops that are read directly: every day, each tenant's by its own key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.connectors.constructs.functions import PullFunctions
from infra.connectors.constructs.watch import PullsWatch
from infra.connectors.definition import SOURCE, TENANT, PullStates, definition
from infra.connectors.settings import ConnectorsSettings
from infra.foundation.foundation import Foundation
from infra.foundation.functions import FunctionMaker
from infra.kit import assets
from infra.kit.daily_start import DailyStart
from infra.kit.document import JsonDocument
from infra.kit.glue_job import GlueJob
from infra.kit.grants import allow
from infra.kit.machine import StateMachine
from infra.kit.states import jsonata
from tessera import naming


class ConnectorsStack(Stack):
    """The clock → the state machine → PullSource until nothing is left → the Curate job.

    Parameters
    ----------
    run_defaults
        The stage's settings of a run.
    curate, curate_hours
        The job, and how long it may take.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: ConnectorsSettings,
        foundation: Foundation,
        run_defaults: Mapping[str, Any],
        curate: GlueJob,
        curate_hours: int,
        **stack: Any,
    ) -> None:
        super().__init__(scope, id_, **stack)
        built = assets.campaign_code()  # which has Arrow, to write change files
        functions = PullFunctions(
            self,
            "Functions",
            maker=FunctionMaker(
                stage=settings,
                foundation=foundation,
                code=lambda_.Code.from_asset(str(built.path), asset_hash=built.digest),
            ),
            names=settings.connectors.names,
            defaults=JsonDocument(self, "RunDefaults", value=run_defaults),
        )
        request = curate.request({"--tenant": jsonata(TENANT), "--source": jsonata(SOURCE)})
        machine = StateMachine(
            self,
            "Machine",
            name=naming.pulls_machine(settings.stage),
            key=foundation.data_key,
            log_retention_days=settings.log_retention_days,
            definition=definition(
                PullStates(
                    plan_pulls=functions.plan_pulls.called,
                    pull_source=functions.pull_source.called,
                    curate=request,
                    curate_hours=curate_hours,
                    partition=settings.place.partition,
                )
            ),
        )
        called = (functions.plan_pulls, functions.pull_source)
        allow(machine.role, ["lambda:InvokeFunction"], *(one.arn for one in called))
        curate.allow_start(machine.role)
        daily = DailyStart(
            self,
            "DailyPulls",
            machine=machine,
            key=foundation.data_key,
            hour=settings.connectors.hour,
            about="orders of shops that are read directly",
        )
        PullsWatch(
            self,
            "PullsWatch",
            machine=machine.machine,
            missed=daily.missed,
            topic=foundation.topic,
        )
        CfnOutput(self, "PullsMachineArn", value=machine.machine.state_machine_arn)
