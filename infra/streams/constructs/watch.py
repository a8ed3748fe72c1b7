"""What an operator must know of the event stream."""

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
_LATE_MS = 3_600_000
_BAD_PERCENT = 5


class StreamWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        store: PythonFunction,
        close: PythonFunction,
        missed: sqs.IQueue,
        stage: str,
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "StreamLate",
            metric=lateness(store, period=_PERIOD),
            about="Records wait in the event stream for more than an hour",
            to_do="Read the log of StoreEvents before the stream's retention ends",
            topic=topic,
            threshold=_LATE_MS,
        )
        RunbookAlarm(
            self,
            "StreamBad",
            metric=cloudwatch.MathExpression(
                expression="IF(records > 0, 100 * bad / records, 0)",
                label="Bad records of the event stream (percent)",
                using_metrics={
                    "records": _counted(naming.STREAM_RECORDS, stage=stage),
                    "bad": _counted(naming.STREAM_BAD_RECORDS, stage=stage),
                },
                period=_HOUR,
            ),
            about=f"Of an hour's records in the event stream, {_BAD_PERCENT} % or more are bad",
            to_do="Look for the producer that changed, in the rejects.csv of the day's last run",
            topic=topic,
            threshold=_BAD_PERCENT,
        )
        RunbookAlarm(
            self,
            "StreamThrottled",
            metric=cloudwatch.Metric(
                namespace="AWS/Kinesis",
                metric_name="WriteProvisionedThroughputExceeded",
                dimensions_map={"StreamName": naming.event_stream(stage)},
                statistic="Sum",
                period=_PERIOD,
            ),
            about="The event stream refused records, because a shard had too many of them",
            to_do="Raise stream.shards: producers that send again lose nothing, others do",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "StreamFailed",
            metric=summed(
                (each.function.metric_errors(period=_PERIOD) for each in (store, close)),
                label="Errors of functions of the event stream",
                period=_PERIOD,
            ),
            about="A function of the event stream failed",
            to_do="Read its log group: the stream and the marks of parts keep what is not done",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "StreamUnclosed",
            metric=missed.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="Days of the event stream could not be closed, so that no run reads their parts",
            to_do="Call CloseWindows, then remove the message from its dead-letter queue",
            topic=topic,
        )


def _counted(name: str, *, stage: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=naming.METRICS,
        metric_name=name,
        dimensions_map={"Stage": stage},
        statistic="Sum",
        period=_HOUR,
    )
