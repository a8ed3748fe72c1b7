"""Alarms and a dashboard: what an operator must know, and what one looks at first."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from tessera import naming

_PERIOD = Duration.minutes(5)


class Watch(Construct):
    """Alarms to the topic, and the dashboard of a stage."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        machine: sfn.IStateMachine,
        missed: sqs.IQueue,
        topic: sns.ITopic,
        stage: str,
        long_run_hours: int,
    ) -> None:
        super().__init__(scope, id_)
        self._topic = topic
        failed = machine.metric_failed(period=_PERIOD)
        timed_out = machine.metric_timed_out(period=_PERIOD)
        throttled = machine.metric_throttled(period=_PERIOD)
        took = machine.metric_time(period=_PERIOD, statistic="Maximum")
        waiting = missed.metric_approximate_number_of_messages_visible(period=_PERIOD)
        untold = cloudwatch.Metric(
            namespace=naming.METRICS,
            metric_name=naming.FAILED_DESTINATIONS,
            dimensions_map={"Stage": stage},
            period=_PERIOD,
            statistic="Sum",
        )
        milliseconds = Duration.hours(long_run_hours).to_milliseconds()
        alarms = [
            self._alarm("RunFailed", failed, about="A run failed: its error.json says what to do"),
            self._alarm("RunTimedOut", timed_out, about="A run was stopped for taking too long"),
            self._alarm("RunThrottled", throttled, about="Step Functions held a run back"),
            self._alarm(
                "RunTooLong",
                took,
                threshold=milliseconds,
                about=f"A run took more than {long_run_hours} hours",
            ),
            self._alarm(
                "DestinationFailed",
                untold,
                about="A destination could not be told all: the run's report says why",
            ),
            self._alarm("UploadMissed", waiting, about="An upload could not start a run"),
        ]
        dashboard = cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name)
        dashboard.add_widgets(
            cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=24, height=3)
        )
        dashboard.add_widgets(
            _graph(
                "Runs",
                machine.metric_started(period=_PERIOD),
                machine.metric_succeeded(period=_PERIOD),
                failed,
                timed_out,
                throttled,
            ),
            _graph("Longest run (ms)", took),
            _graph("Uploads that started nothing", waiting),
            _graph("Destinations that failed", untold),
        )

    def _alarm(
        self, id_: str, metric: cloudwatch.IMetric, *, about: str, threshold: float = 1
    ) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            id_,
            alarm_description=about,
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self._topic))
        return alarm


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=6)
