"""The one way an alarm is made: what happened, what to do, and where to read more."""

from __future__ import annotations

from collections.abc import Iterable

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

RUNBOOK = "docs/operations.md"


def summed(
    metrics: Iterable[cloudwatch.IMetric], *, label: str, period: Duration
) -> cloudwatch.MathExpression:
    """Return the sum of metrics, for an alarm about several functions."""
    return cloudwatch.MathExpression(
        expression="SUM(METRICS())",
        label=label,
        period=period,
        using_metrics={f"f{number}": each for number, each in enumerate(metrics)},
    )


def unsuccessful(
    machine: sfn.IStateMachine, *, label: str, period: Duration
) -> cloudwatch.MathExpression:
    """Return how many executions failed, timed out or were aborted."""
    metrics = (machine.metric_failed, machine.metric_timed_out, machine.metric_aborted)
    return summed((metric(period=period) for metric in metrics), label=label, period=period)


class RunbookAlarm(cloudwatch.Alarm):
    """An alarm that notifies the topic when it begins and when it ends.

    Parameters
    ----------
    id_
        Its name here, and the heading of its part of the runbook.
    about, to_do
        What happened, and the first thing to do, each a sentence without its full stop.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        metric: cloudwatch.IMetric,
        about: str,
        to_do: str,
        topic: sns.ITopic,
        threshold: float = 1,
    ) -> None:
        super().__init__(
            scope,
            id_,
            alarm_description=f"{about}. {to_do}. Runbook: {RUNBOOK}#{id_.lower()}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        self.add_alarm_action(actions.SnsAction(topic))
        self.add_ok_action(actions.SnsAction(topic))
