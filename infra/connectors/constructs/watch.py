"""What an operator must know of pulls."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.alarm import RunbookAlarm, unsuccessful

_PERIOD = Duration.minutes(5)


class PullsWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self, scope: Construct, id_: str, *, machine: sfn.IStateMachine, missed: sqs.IQueue,
        topic: sns.ITopic,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "PullsFailed",
            metric=unsuccessful(
                machine, label="Executions of pulls that did not succeed", period=_PERIOD
            ),
            about="A shop could not be pulled",
            to_do="Read the cause of the execution: it names the shop, the tenant and what to do",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "PullsMissed",
            metric=missed.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="The daily pull of shops could not be started",
            to_do="Start the state machine manually, then remove the message from the queue",
            topic=topic,
        )
