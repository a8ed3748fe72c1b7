"""What an operator must know of the console."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.kit.alarm import RunbookAlarm, summed
from infra.kit.function import PythonFunction


class ConsoleWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        failures: cloudwatch.IMetric,
        functions: Sequence[PythonFunction],
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, id_)
        period = Duration.minutes(5)
        RunbookAlarm(
            self,
            "ApiFailed",
            metric=failures,
            about="The console's API failed to answer a request",
            to_do="Read the log groups of the functions Api and Authorizer",
            topic=topic,
        )
        throttled = summed(
            (each.function.metric_throttles(period=period) for each in functions),
            label="Requests that no function was free for",
            period=period,
        )
        RunbookAlarm(
            self,
            "ApiThrottled",
            metric=throttled,
            about="The account had no function left for a request of the console",
            to_do="Raise the account's quota of concurrent executions",
            topic=topic,
        )
