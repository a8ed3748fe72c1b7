"""What an operator must know of live labels."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.kit.alarm import RunbookAlarm, summed
from infra.kit.function import PythonFunction
from infra.kit.shards import lateness
from tessera import naming

_PERIOD = Duration.minutes(5)
_HOUR = Duration.hours(1)
_LATE_MS = 300_000


class LabelWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        label: PythonFunction,
        missed: tuple[sqs.IQueue, ...],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "LabelsLate",
            metric=lateness(label, period=_PERIOD),
            about="Live labels are more than five minutes behind the event stream",
            to_do="Read the log of LabelEvents, and compare the stream's rate with its shards",
            topic=topic,
            threshold=_LATE_MS,
        )
        RunbookAlarm(
            self,
            "LabelsMissed",
            metric=summed(
                (
                    queue.metric_approximate_number_of_messages_visible(period=_PERIOD)
                    for queue in missed
                ),
                label="Calls of live labels that failed for good",
                period=_PERIOD,
            ),
            about="Events did not move labels, or a run's states were not written",
            to_do="Read the log of LabelEvents and KeepLabels: the next run makes up for both",
            topic=topic,
        )


class ForwardingWatch(Construct):
    """Alarms about single moves, to the stage's topic."""

    def __init__(
        self, scope: Construct, id_: str, *, missed: sqs.IQueue, stage: str, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "MovesMissed",
            metric=missed.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="Moves of labels did not reach a destination within hours of tries",
            to_do="Read the log of ForwardMoves: the next run sends what is missing",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "MovesOverLimit",
            metric=cloudwatch.Metric(
                namespace=naming.METRICS,
                metric_name=naming.MOVES_OVER_LIMIT,
                dimensions_map={"Stage": stage},
                statistic="Sum",
                period=_HOUR,
            ),
            about="More labels moved in an hour than labels.forward_per_hour lets through",
            to_do="Find out what moved so many: the next run sends them, after its circuit breaker",
            topic=topic,
        )
