"""What an operator must know of a database that is read."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.kit.alarm import RunbookAlarm

_PERIOD = Duration.minutes(5)
_DAY = Duration.days(1)
_LATE_SECONDS = 3_600
_FEWEST_RUNS = 1


class DatabaseWatch(Construct):
    """Alarms to the stage's topic."""

    def __init__(
        self, scope: Construct, id_: str, *, machine: sfn.StateMachine, replication: str,
        changes: bool, topic: sns.ITopic,
    ) -> None:  # fmt: skip
        super().__init__(scope, id_)
        RunbookAlarm(
            self,
            "DatabaseFailed",
            metric=cloudwatch.MathExpression(
                expression="failed + late",
                label="Readings of the database that failed",
                using_metrics={
                    "failed": machine.metric_failed(period=_PERIOD),
                    "late": machine.metric_timed_out(period=_PERIOD),
                },
                period=_PERIOD,
            ),
            about="The database could not be read, or one of its tables could not be curated",
            to_do="Open the failed execution of the database's state machine",
            topic=topic,
        )
        RunbookAlarm(
            self,
            "DatabaseQuiet",
            metric=cloudwatch.MathExpression(
                expression=f"IF(FILL(done, 0) < {_FEWEST_RUNS}, 1, 0)",
                label="Days without a reading of the database",
                using_metrics={"done": machine.metric_succeeded(period=_DAY)},
                period=_DAY,
            ),
            about="No reading of the database has ended for a day, so no new rows arrive",
            to_do="Look whether the schedule is on and DMS runs",
            topic=topic,
        )
        if changes:
            RunbookAlarm(
                self,
                "DatabaseLate",
                metric=cloudwatch.Metric(
                    namespace="AWS/DMS",
                    metric_name="CDCLatencyTarget",
                    dimensions_map={"ReplicationConfigIdentifier": replication},
                    statistic="Maximum",
                    period=_PERIOD,
                ),
                about="Changes of the database reach S3 more than an hour late",
                to_do="Look at the replication's CDCLatencySource, and raise database.most_units",
                topic=topic,
                threshold=_LATE_SECONDS,
            )
