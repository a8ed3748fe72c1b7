"""The forecasts of the buyers, and the segment sets that read them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from adapters.tables.models import (
    backtest,
    buyers,
    everyones,
    forecast_columns,
    label_columns,
    taken,
)
from adapters.tables.parquet import read_table
from adapters.tables.profiles import set_columns
from adapters.tables.subscriptions import chances_to_cancel
from steps.score.run import ScoreRun
from tessera import __version__
from tessera.contracts.tables import BACKTEST, PROFILES
from tessera.customers.drift import drift
from tessera.customers.forecast import Buyers, forecast, learn
from tessera.customers.spend.clv import ClvTerms
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.retention import RetentionRecord
from tessera.records.scoring.sets import SetRecord, Value
from tessera.segments.scoring import Scored
from tessera.segments.sets.catalog import SegmentSets, sets_for
from tessera.segments.sets.labels import SetLabels, labels_for, set_records
from tessera.segments.sets.value_map import value_record
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecasts:
    """What the models say of the customers.

    Parameters
    ----------
    columns
        The columns of the profiles, by name.
    models, churn, retention, sets, value
        The members of score.json.
    """

    columns: Mapping[str, pa.Array]
    models: ForecastModels
    churn: ChurnRecord | None
    retention: RetentionRecord | None
    sets: Mapping[str, SetRecord]
    value: Value


def forecast_customers(run: ScoreRun, customers: pa.Table, scored: Scored) -> Forecasts:
    """Forecast what buyers will do next, and label everyone in every segment set.

    Parameters
    ----------
    customers, scored
        The customer summary, and what scoring made of it.
    """
    settings = run.settings
    people, bought = buyers(customers)
    terms = terms_of(settings)
    models = _models(run, people, terms=terms)
    forecasted = forecast(people, record=models, terms=terms)
    predictions = everyones(forecasted, bought=bought)
    predictions["p_cancel_30d"], churn, retention = chances_to_cancel(
        run.container,
        keys=customers.column("customer_key"),
        as_of=run.as_of,
        period_days=settings.subscription_period_days,
    )
    sets = sets_for(settings)
    labelled = labels_for(
        {**set_columns(customers, scored=scored), **predictions},
        sets,
        rfm=scored.codes,
        frozen=_frozen_sets(run),
    )
    predicted = forecast_columns(predictions, forecast=forecasted, bought=bought, as_of=run.as_of)
    clv = predictions["clv"].astype(np.float64)
    return Forecasts(
        columns={**predicted, **_label_columns(sets, labelled, rows=len(customers))},
        models=models,
        churn=churn,
        retention=retention,
        sets=set_records(sets, labelled),
        value=value_record(clv, sets=sets, labelled=labelled),
    )


def terms_of(settings: RunSettings) -> ClvTerms:
    """Return what a lifetime value counts."""
    return ClvTerms(
        horizon_days=settings.clv_horizon_days,
        annual_discount_rate=settings.clv_discount_rate,
        margin=settings.margin,
    )


def _models(run: ScoreRun, people: Buyers, *, terms: ClvTerms) -> ForecastModels:
    """Return the previous run's models while they are young and fit. Else learn new ones."""
    known = run.previous.models if run.previous else None
    drifted = None
    if known:
        drifted = drift(people.history, net_spend=people.net_spend, since=known.inputs)
        young = (run.as_of - known.learnt_as_of).days < run.settings.retrain_days
        if young and max(drifted.values()) <= run.settings.drift_limit:
            return dataclasses.replace(known, reused=True, drift=drifted, terms=terms.label)
    rows = read_table(run.container.input("backtest"), columns=BACKTEST.names)
    learnt = learn(people, backtest=backtest(rows, holdout_days=run.prepared.holdout_days))
    return ForecastModels(
        **vars(learnt),
        learnt_as_of=run.as_of,
        code_version=__version__,
        reused=False,
        drift=drifted,
        terms=terms.label,
    )


def _frozen_sets(run: ScoreRun) -> Mapping[str, SetRecord] | None:
    return run.previous.sets if run.previous and run.settings.freeze_thresholds else None


def _label_columns(
    sets: SegmentSets, labelled: Mapping[str, SetLabels], *, rows: int
) -> dict[str, pa.Array]:
    """Return the sets' columns: one for each that a profile has, and all of them as JSON."""
    texts = texts_of(sets)
    single = {
        name: taken(texts[name], labels.codes)
        for name, labels in labelled.items()
        if name in PROFILES.names and name != "cluster"
    }
    joint = {name: (texts[name], labels.codes) for name, labels in labelled.items()}
    return {**single, "labels": label_columns(joint, rows=rows)}


def texts_of(sets: SegmentSets) -> dict[str, list[str]]:
    """Return the labels of each set, in order."""
    everyone = {one.name: one.everyone for one in sets.simple}
    everyone |= {one.name: one.everyone for one in sets.combined}
    return {name: [label.label for label in labels] for name, labels in everyone.items()}
