"""A run's insights.json: one document that the API serves and the console draws."""

from __future__ import annotations

from tessera import __version__, naming
from tessera.insights import forecasts
from tessera.insights.cost.run_cost import Billing
from tessera.insights.cost.steps import RunSize
from tessera.insights.reach import reach_of
from tessera.insights.sources.words import source_warnings
from tessera.insights.statistics.alerts import alerts
from tessera.insights.statistics.flows import flows
from tessera.insights.statistics.groups import group_sets
from tessera.insights.statistics.overview import overview
from tessera.insights.statistics.quantities import forecast_quantities
from tessera.insights.summary import outline
from tessera.insights.trend import trend_of
from tessera.records.fields import part_of
from tessera.records.insights.insights import Insights, ScoreGrid
from tessera.records.runs.run import RunRecords


def insights(records: RunRecords, *, billing: Billing) -> Insights:
    """Return a run's insights: counts, sums and texts. No customer data.

    Parameters
    ----------
    records
        What the run's steps wrote.
    billing
        What its jobs are billed by.

    Raises
    ------
    InvalidInput
        The groups of a segment set do not add up to all customers.
    """
    score = records.score
    quantities = forecast_quantities(score)
    moved = flows(score.movement)
    size = RunSize.of(records.ticket, records.prepare, machines=billing.machines)
    return Insights(
        version=__version__,
        tenant=records.tenant,
        run_id=records.run_id,
        as_of=records.as_of,
        upload=records.upload_name,
        started_at=records.ticket.started_at,
        finished_at=records.finished_at,
        currency=records.currency,
        overview=overview(records),
        sets=group_sets(score, quantities),
        grid=part_of(score, ScoreGrid, cells=score.grid),
        clusters=score.clusters,
        forecasts=quantities,
        forecast_text=forecasts.sentences(score, currency=records.currency),
        models=outline(score.models),
        value=score.value,
        cohorts=records.prepare.cohorts,
        products=records.prepare.products,
        next_products=score.products,
        retention=score.retention,
        churn=score.churn,
        previous=score.previous,
        movement=score.movement,
        flows=moved,
        set_movements=score.set_movements,
        set_flows={name: flows(one) for name, one in score.set_movements.items()},
        breaker=score.breaker,
        alerts=alerts(records, moved),
        trend=trend_of(records),
        profiles=_profiles(records),
        destinations=records.destinations,
        reach=reach_of(records.loads),
        expected_cost=billing.expected(size),
        cost=billing.measured(size),
        sources=records.sources,
        warnings=(*records.warnings, *source_warnings(records.sources)),
    )


def _profiles(records: RunRecords) -> str:
    partition = naming.profiles_partition(records.as_of.isoformat(), records.run_id)
    return naming.profiles_prefix(records.tenant) + partition
