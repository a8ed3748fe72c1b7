"""Today's customers by the previous run's rule: its models, edges, definition and settings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from adapters.tables.models import everyones, label_columns, set_forecasts
from adapters.tables.profiles import set_columns
from steps.score.forecasts import Forecasts, texts_of
from steps.score.run import ScoreRun
from tessera.customers.clusters.model import ClusterModel
from tessera.customers.forecasting.forecast import forecast
from tessera.customers.spend.clv import ClvTerms
from tessera.errors import InvalidInput
from tessera.records.runs.previous import PreviousRun
from tessera.segments.definition import definition_for
from tessera.segments.scoring import CustomerColumns, score_customers
from tessera.segments.sets.catalog import SegmentSets, sets_for
from tessera.segments.sets.labels import labels_for
from tessera.segments.thresholds import frozen, recorded_thresholds

_NOT_KEPT = frozenset({"cluster", "p_cancel_30d"})  # columns whose models previous.json lacks


def labels_by_previous(
    run: ScoreRun,
    customers: pa.Table,
    columns: CustomerColumns,
    *,
    model: ClusterModel,
    forecasts: Forecasts,
) -> pa.Array | None:
    """Return everyone's labels in all sets, as JSON, as the previous run would give them today.

    Sets that read a column whose earlier model is not kept are missing.

    Parameters
    ----------
    customers, columns
        The customer summary, whole and as scoring takes it.
    model
        This run's clusters, which no set in the result reads.
    forecasts
        This run's, for the customers that they are of.

    Returns
    -------
    array or None
        None without a previous run, without its forecast models, where it counted other days, or
        where its settings no longer hold.
    """
    previous = run.previous
    if previous is None or previous.usable_models is None or not previous.same_period:
        return None
    try:
        return _labels(run, previous, customers, columns, model=model, forecasts=forecasts)
    except InvalidInput:  # its settings name what this version does not have
        return None


def _labels(
    run: ScoreRun,
    previous: PreviousRun,
    customers: pa.Table,
    columns: CustomerColumns,
    *,
    model: ClusterModel,
    forecasts: Forecasts,
) -> pa.Array:
    settings, models = previous.settings, previous.usable_models
    assert models is not None  # noqa: S101 (the caller looked)
    definition = definition_for(settings)
    scored = score_customers(
        columns,
        definition=frozen(
            definition,
            earlier=definition,
            thresholds=recorded_thresholds(previous.thresholds),
        ),
        model=model,
    )
    forecasted = forecast(
        forecasts.people, record=models, terms=ClvTerms.of(settings), as_of=run.as_of
    )
    predictions = everyones(forecasted, bought=forecasts.bought)
    predictions["p_cancel_30d"] = np.full(len(customers), np.nan)
    sets = sets_for(settings)
    labelled = labels_for(
        {
            **set_columns(customers, scored=scored),
            **set_forecasts(
                sets.columns,
                columns=predictions,
                forecast=forecasted,
                bought=forecasts.bought,
                as_of=run.as_of,
            ),
        },
        sets,
        rfm=scored.codes,
        frozen=previous.sets,
    )
    texts, kept = texts_of(sets), _rescored(sets)
    joint = {name: (texts[name], labelled[name].codes) for name in labelled if name in kept}
    return label_columns(joint, rows=len(customers))


def _rescored(sets: SegmentSets) -> set[str]:
    """Return the sets whose columns the previous run's models give."""
    lacking = {one.name for one in sets.over_columns if _NOT_KEPT.intersection(one.columns)}
    for one in sets.in_order:
        if lacking.intersection(one.reads):
            lacking.add(one.name)
    return {one.name for one in sets.beside} - lacking
