"""The clock of a state machine, and what could not be started."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.kit.dead_letters import dead_letter_queue
from infra.kit.grants import allow
from infra.kit.machine import StateMachine
from infra.kit.trust import trusted


class DailyStart(Construct):
    """A rule that starts the state machine once a day. What fails for good waits in ``missed``.

    Parameters
    ----------
    about
        What the machine is about, as the rule's description says it.
    hour
        The hour of the day, in UTC.
    """

    def __init__(
        self, scope: Construct, id_: str, *, machine: StateMachine, key: kms.IKey, hour: int,
        about: str,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        self.missed = dead_letter_queue(self, "Missed", key=key)
        role = iam.Role(self, "StartRole", assumed_by=trusted("events"))
        allow(role, ["states:StartExecution"], machine.machine.state_machine_arn)
        rule = events.Rule(
            self,
            "Daily",
            description=f"Tessera: {about}",
            schedule=events.Schedule.cron(hour=str(hour), minute="0"),
            targets=[
                targets.SfnStateMachine(
                    machine.machine,
                    role=role,
                    dead_letter_queue=self.missed,
                    retry_attempts=8,
                    max_event_age=Duration.hours(2),
                )
            ],
        )
        made = rule.node.default_child
        assert isinstance(made, events.CfnRule)  # noqa: S101 (what the CDK makes)
        # The CDK has no target for an alias, and rights are about the machine anyway.
        made.add_property_override("Targets.0.Arn", machine.live_arn)
