"""Alarms and a dashboard: what an operator must know, and what one looks at first."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.foundation.settings import AlarmSettings
from infra.kit.alarm import RunbookAlarm, summed
from infra.kit.function import PythonFunction
from tessera import naming

_PERIOD = Duration.minutes(5)


class Watch(Construct):
    """Alarms to the topic, and the dashboard of a stage.

    ``alone`` are the functions whose errors no run reports: nothing else would notice them.
    ``has_sources`` says whether data arrives by itself: only then a source can be late.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        machine: sfn.IStateMachine,
        missed: sqs.IQueue,
        alone: Sequence[PythonFunction],
        topic: sns.ITopic,
        stage: str,
        settings: AlarmSettings,
        has_sources: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self._topic = topic
        failed = machine.metric_failed(period=_PERIOD)
        timed_out = machine.metric_timed_out(period=_PERIOD)
        aborted = machine.metric_aborted(period=_PERIOD)
        throttled = machine.metric_throttled(period=_PERIOD)
        longest = _hours(naming.LONGEST_RUN_HOURS, stage=stage)
        since = _hours(naming.HOURS_SINCE_RUN, stage=stage)
        waiting = missed.metric_approximate_number_of_messages_visible(period=_PERIOD)
        unsent = _counted(naming.FAILED_DESTINATIONS, stage=stage)
        errors = summed(
            (function.function.metric_errors(period=_PERIOD) for function in alone),
            label="Errors of functions outside a run",
            period=_PERIOD,
        )
        alarms = [
            self._alarm(
                "RunFailed", failed, "A run failed", "Read its error.json: it says what to do"
            ),
            self._alarm(
                "RunTimedOut",
                timed_out,
                "A run was stopped because it took too long",
                "See at which state, then start it again",
            ),
            self._alarm(
                "RunAborted",
                aborted,
                "Somebody stopped a run",
                "Ask who did, then start it again if it is still wanted",
            ),
            self._alarm(
                "RunThrottled",
                throttled,
                "Step Functions delayed a run",
                "Raise the quota of state transitions if it happens again",
            ),
            self._alarm(
                "RunTooLong",
                longest,
                f"A run is under way for more than {settings.long_run_hours} hours",
                "Look at its state: it may wait for an approval",
                threshold=settings.long_run_hours,
            ),
            self._alarm(
                "DestinationFailed",
                unsent,
                "A destination did not get all customers",
                "Read the run's report: it says why",
            ),
            self._alarm(
                "UploadMissed",
                waiting,
                "An upload or a day could not start a run",
                "Read the message in the dead-letter queue, and start the run manually",
            ),
            self._alarm(
                "FunctionFailed",
                errors,
                "A function failed outside a run's own error handling",
                "Read its log group",
            ),
        ]
        if settings.no_run_days:
            alarms.append(
                self._alarm(
                    "RunMissing",
                    since,
                    f"No run has succeeded for {settings.no_run_days} days",
                    "See whether files still arrive, and whether runs fail",
                    threshold=24 * settings.no_run_days,
                )
            )
        if has_sources:
            alarms.append(
                self._alarm(
                    "SourceUnhealthy",
                    _counted(naming.UNHEALTHY_SOURCES, stage=stage),
                    "A source of data is late, or brought unusual rows",
                    "See on the console's page Sources which one it is",
                )
            )
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
                aborted,
                throttled,
            ),
            _graph("Longest run under way, last run (hours)", longest, since),
            _graph("What started nothing", waiting),
            _graph("Destinations that failed", unsent),
            _graph("Errors of functions outside a run", errors),
        )

    def _alarm(
        self, id_: str, metric: cloudwatch.IMetric, about: str, to_do: str, *, threshold: float = 1
    ) -> cloudwatch.Alarm:
        return RunbookAlarm(
            self,
            id_,
            metric=metric,
            about=about,
            to_do=to_do,
            topic=self._topic,
            threshold=threshold,
        )


def _counted(name: str, *, stage: str) -> cloudwatch.Metric:
    """Return a metric that FinishRun counts with each run."""
    return cloudwatch.Metric(
        namespace=naming.METRICS,
        metric_name=name,
        dimensions_map={"Stage": stage},
        period=_PERIOD,
        statistic="Sum",
    )


def _hours(name: str, *, stage: str) -> cloudwatch.Metric:
    """Return a metric of WatchRuns, which measures every quarter of an hour."""
    return cloudwatch.Metric(
        namespace=naming.METRICS,
        metric_name=name,
        dimensions_map={"Stage": stage},
        period=Duration.minutes(15),
        statistic="Maximum",
    )


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=8, height=6)
