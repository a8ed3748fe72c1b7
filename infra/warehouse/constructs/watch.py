"""What an operator must know of the warehouse."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.kit.alarm import RunbookAlarm
from infra.warehouse.constructs.sql import WarehouseSql

_PERIOD = Duration.minutes(5)
_HOUR = Duration.hours(1)
_MOST_MINUTES_AWAKE = 55


class WarehouseWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self, scope: Construct, id_: str, *, sql: WarehouseSql, workgroup: str, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "WarehouseFailed",
            metric=sql.function.function.metric_errors(period=_PERIOD),
            about="The warehouse could not be brought up to date",
            to_do="Read the log of RunWarehouseSql: it names the statement and Redshift's words",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "WarehouseMissed",
            metric=sql.missed.metric_approximate_number_of_messages_visible(period=_PERIOD),
            about="The warehouse missed its daily update",
            to_do="Call RunWarehouseSql, then remove the message from its dead-letter queue",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "WarehouseAwake",
            metric=cloudwatch.Metric(
                namespace="AWS/Redshift-Serverless",
                metric_name="ComputeSeconds",
                dimensions_map={"Workgroup": workgroup},
                statistic="Sum",
                period=_HOUR,
            ),
            about="The warehouse computed for nearly the whole hour, and computing costs money",
            to_do="Look in SYS_QUERY_HISTORY for what keeps it awake",
            topic=topic,
            threshold=_MOST_MINUTES_AWAKE * 60,
        )
