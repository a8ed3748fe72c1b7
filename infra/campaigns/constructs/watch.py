"""What an operator must know of campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.alarm import RunbookAlarm, summed
from infra.kit.function import PythonFunction

_PERIOD = Duration.minutes(5)
_COMPLAINTS, _BOUNCES = 0.001, 0.05  # the brakes of a run stop at the same shares


class CampaignsWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        machine: sfn.IStateMachine,
        dead: sqs.IQueue,
        configuration_set: str,
        functions: Sequence[PythonFunction],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "CampaignFailed",
            metric=machine.metric_failed(period=_PERIOD),
            about="An execution of the campaigns' state machine failed, and its run stands still",
            to_do="Read the run's page in the console: it names the cause",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "EventsUnwritten",
            metric=dead.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="Events of messages could not be written, and wait for 14 days",
            to_do="Read the log of WriteEvents, then move the messages back to its queue",
            topic=topic,
        )
        errors = summed(
            (each.function.metric_errors(period=_PERIOD) for each in functions),
            label="Errors of functions of campaigns",
            period=_PERIOD,
        )
        RunbookAlarm(
            self,
            "CampaignFunctionFailed",
            metric=errors,
            about="A function of campaigns failed that no run reports",
            to_do="Read its log group: Unsubscribe and SendChunk come first",
            topic=topic,
        )
        for name, metric, limit in (
            ("MailComplaints", "Reputation.ComplaintRate", _COMPLAINTS),
            ("MailBounces", "Reputation.BounceRate", _BOUNCES),
        ):
            RunbookAlarm(
                self,
                name,
                metric=_of_set(metric, configuration_set),
                about=f"{metric} of the campaigns' mail is at {limit:.1%} or above",
                to_do="Pause the runs that are sending, then look at who was written to",
                topic=topic,
                threshold=limit,
            )


def _of_set(name: str, configuration_set: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SES",
        metric_name=name,
        dimensions_map={"ses:configuration-set": configuration_set},
        period=Duration.minutes(15),
        statistic="Maximum",
    )
