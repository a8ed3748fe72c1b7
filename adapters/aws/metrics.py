"""Our own CloudWatch metrics, as lines in a function's log (the embedded metric format)."""

from __future__ import annotations

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from tessera.naming import (
    FAILED_DESTINATIONS,
    METRICS,
    MOVES_OVER_LIMIT,
    OPEN_ERASURE_DAYS,
    STREAM_BAD_RECORDS,
    STREAM_RECORDS,
    UNHEALTHY_SOURCES,
)


def count_failed_destinations(count: int, *, stage: str) -> None:
    """Count the destinations that a run could not load. An alarm watches it."""
    _count(FAILED_DESTINATIONS, count, stage=stage)


def count_unhealthy_sources(count: int, *, stage: str) -> None:
    """Count the sources that are late or unusual as of a run. An alarm watches it."""
    _count(UNHEALTHY_SOURCES, count, stage=stage)


def count_moves_over_limit(count: int, *, stage: str) -> None:
    """Count moves that were left to the next run, beyond an hour's limit. An alarm watches it."""
    _count(MOVES_OVER_LIMIT, count, stage=stage)


def put_open_erasure(days: float, *, stage: str) -> None:
    """Put the age of the oldest erasure that is open. An alarm watches it."""
    with single_metric(
        name=OPEN_ERASURE_DAYS, unit=MetricUnit.NoUnit, value=days, namespace=METRICS
    ) as metric:
        metric.add_dimension(name="Stage", value=stage)


def _count(name: str, count: int, *, stage: str) -> None:
    with single_metric(name=name, unit=MetricUnit.Count, value=count, namespace=METRICS) as metric:
        metric.add_dimension(name="Stage", value=stage)


def count_stream(records: int, bad: int, *, stage: str) -> None:
    """Count the records of a stream, and the bad ones among them. An alarm watches their share."""
    for name, value in ((STREAM_RECORDS, records), (STREAM_BAD_RECORDS, bad)):
        with single_metric(
            name=name, unit=MetricUnit.Count, value=value, namespace=METRICS
        ) as metric:
            metric.add_dimension(name="Stage", value=stage)


def put_hours(name: str, hours: float, *, stage: str) -> None:
    """Put a number of hours. An alarm watches it."""
    with single_metric(name=name, unit=MetricUnit.NoUnit, value=hours, namespace=METRICS) as metric:
        metric.add_dimension(name="Stage", value=stage)
