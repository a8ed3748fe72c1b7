"""When the database is read: once a night, or every hour where its changes come by themselves."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import allow, allow_key
from infra.kit.machine import StateMachine
from infra.kit.trust import trusted

_MINUTE = 40
_TRIES, _LATEST_SECONDS = 3, 3_600


class DatabaseClock(Construct):
    """A schedule of EventBridge Scheduler, with a queue for what it could not start.

    Parameters
    ----------
    hour
        The hour of the day, in UTC. None for every hour.
    """

    def __init__(
        self, scope: Construct, id_: str, *, machine: StateMachine, hour: int | None, key: kms.IKey
    ) -> None:
        super().__init__(scope, id_)
        missed = dead_letter_queue(self, "Missed", key=key)
        role = iam.Role(self, "Role", assumed_by=trusted("scheduler"))
        allow(role, ["states:StartExecution"], machine.machine.state_machine_arn)
        allow(role, ["sqs:SendMessage"], missed.queue_arn)
        allow_key(role, key)
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            description="Tessera: read the database",
            schedule_expression=f"cron({_MINUTE} {'*' if hour is None else hour} * * ? *)",
            schedule_expression_timezone="UTC",
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            kms_key_arn=key.key_arn,
            target=scheduler.CfnSchedule.TargetProperty(
                arn=machine.live_arn,
                role_arn=role.role_arn,
                input="{}",
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=missed.queue_arn
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=_TRIES, maximum_event_age_in_seconds=_LATEST_SECONDS
                ),
            ),
        )
        schedule.node.add_dependency(role)
