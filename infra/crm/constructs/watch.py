"""What an operator must know of exports."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.alarm import RunbookAlarm, unsuccessful

_PERIOD = Duration.minutes(5)


class ExportsWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self, scope: Construct, id_: str, *, machine: sfn.IStateMachine, missed: sqs.IQueue,
        topic: sns.ITopic,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "ExportsFailed",
            metric=unsuccessful(
                machine, label="Executions of exports that did not succeed", period=_PERIOD
            ),
            about="An export of a CRM or ERP could not be read",
            to_do="Read the log of the Curate job: it names the file, the column and what to do",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "ExportsMissed",
            metric=missed.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="The daily reading of exports could not be started",
            to_do="Start the state machine manually, then remove the message from the queue",
            topic=topic,
        )
