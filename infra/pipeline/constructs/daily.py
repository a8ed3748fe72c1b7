"""The clock: one rule a stage, whose function starts a run for every tenant."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.foundation.functions import FunctionMaker
from infra.kit.grants import allow
from tessera.environments.start_daily_runs import StartDailyRunsEnvironment


class DailyRuns(Construct):
    """StartDailyRuns and its rule. An event that fails for good waits in ``missed``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        maker: FunctionMaker,
        machine: sfn.IStateMachine,
        live_arn: str,
        missed: sqs.IQueue,
        hour: int,
    ) -> None:
        super().__init__(scope, id_)
        self.function = maker.make(
            self,
            "StartDailyRuns",
            folder="start_daily_runs",
            environment=StartDailyRunsEnvironment(
                tenants_table=maker.foundation.tenants.table_name,
                state_machine_arn=live_arn,
            ),
            minutes=14,
            dead_letters=missed,
        )
        maker.allow_tenants(self.function, "Scan")
        allow(self.function.role, ["states:StartExecution"], machine.state_machine_arn)
        events.Rule(
            self,
            "Daily",
            description="Time passing moves customers too",
            schedule=events.Schedule.cron(hour=str(hour), minute="0"),
            targets=[
                targets.LambdaFunction(
                    self.function.live,
                    event=events.RuleTargetInput.from_object({"time": events.EventField.time}),
                    dead_letter_queue=missed,
                    retry_attempts=8,
                    max_event_age=Duration.hours(2),
                )
            ],
        )
