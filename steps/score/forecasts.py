"""The forecasts of the buyers, and the segment sets that read them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from adapters.stores.model_archive import FORECASTS, read_model
from adapters.tables.models import (
    Flags,
    buyers,
    everyones,
    forecast_columns,
    label_columns,
    set_forecasts,
    taken,
)
from adapters.tables.profiles import set_columns
from adapters.tables.subscriptions import chances_to_cancel
from steps.score.run import ScoreRun
from tessera.contracts.tables import PROFILES
from tessera.customers.forecasting.forecast import forecast
from tessera.customers.forecasting.history.known import KnownBuyers
from tessera.customers.money import Ints
from tessera.customers.spend.clv import ClvTerms
from tessera.records.codec import decode
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.retention import RetentionRecord
from tessera.records.scoring.sets import SetRecord, Value
from tessera.segments.groups import LabelCodes, group_statistics
from tessera.segments.scoring import CustomerColumns, Scored
from tessera.segments.sets.catalog import RFM, SegmentSets, sets_for
from tessera.segments.sets.labels import SetLabels, labels_for, set_records
from tessera.segments.sets.value_map import value_record


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecasts:
    """What the models say of the customers.

    Parameters
    ----------
    people, bought
        Everyone with a purchase, and who of all customers they are.
    columns
        The columns of the profiles, by name.
    models, churn, retention, sets, groups, value, totals
        The members of score.json.
    """

    people: KnownBuyers
    bought: Flags
    columns: Mapping[str, pa.Array]
    models: ForecastModels
    churn: ChurnRecord | None
    retention: RetentionRecord | None
    sets: Mapping[str, SetRecord]
    groups: Mapping[str, tuple[GroupStatistics, ...]]
    value: Value
    totals: Mapping[str, TotalRange]


def forecast_customers(
    run: ScoreRun, customers: pa.Table, columns: CustomerColumns, scored: Scored
) -> Forecasts:
    """Forecast what buyers will do next, and label everyone in every segment set.

    Parameters
    ----------
    customers, columns, scored
        The customer summary, whole and as scoring takes it, and what scoring made of it.
    """
    settings = run.settings
    people, bought = buyers(customers)
    models = _models(run)
    forecasted = forecast(people, record=models, terms=ClvTerms.of(settings), as_of=run.as_of)
    predictions = everyones(forecasted, bought=bought)
    predictions["p_cancel_30d"], churn, retention = chances_to_cancel(
        run.container,
        keys=customers.column("customer_key"),
        as_of=run.as_of,
        period_days=settings.subscription_period_days,
    )
    sets = sets_for(settings)
    labelled = labels_for(
        {
            **set_columns(customers, scored=scored),
            **set_forecasts(
                sets.columns,
                columns=predictions,
                forecast=forecasted,
                bought=bought,
                as_of=run.as_of,
            ),
        },
        sets,
        rfm=scored.codes,
        frozen=_frozen_sets(run),
    )
    texts = texts_of(sets)
    predicted = forecast_columns(predictions, forecast=forecasted, bought=bought, as_of=run.as_of)
    clv = predictions["clv"].astype(np.float64)
    return Forecasts(
        people=people,
        bought=bought,
        columns={**predicted, **_label_columns(texts, labelled, rows=len(customers))},
        models=models,
        churn=churn,
        retention=retention,
        sets=set_records(sets, labelled),
        groups=group_statistics(
            columns, forecasts=predictions, sets=_all_sets(sets, texts, labelled, rfm=scored.codes)
        ),
        value=value_record(clv, sets=sets, labelled=labelled),
        totals=forecasted.totals,
    )


def _models(run: ScoreRun) -> ForecastModels:
    document, _ = read_model(run.container.input("forecasts"), name=FORECASTS)
    return decode(ForecastModels, document, document=FORECASTS)


def _frozen_sets(run: ScoreRun) -> Mapping[str, SetRecord] | None:
    return run.previous.sets if run.previous and run.settings.freeze_thresholds else None


def _all_sets(
    sets: SegmentSets,
    texts: Mapping[str, list[str]],
    labelled: Mapping[str, SetLabels],
    *,
    rfm: Ints,
) -> dict[str, LabelCodes]:
    """Return every set as everyone has it, the segment definition's own first."""
    own = LabelCodes(labels=[one.label for one in sets.definition.everyone], codes=rfm)
    return {RFM: own} | {
        name: LabelCodes(labels=texts[name], codes=labels.codes)
        for name, labels in labelled.items()
    }


def _label_columns(
    texts: Mapping[str, list[str]], labelled: Mapping[str, SetLabels], *, rows: int
) -> dict[str, pa.Array]:
    """Return the sets' columns: one for each that a profile has, and all of them as JSON."""
    single = {
        name: taken(texts[name], labels.codes)
        for name, labels in labelled.items()
        if name in PROFILES.names and name != "cluster"
    }
    joint = {name: (texts[name], labels.codes) for name, labels in labelled.items()}
    return {**single, "labels": label_columns(joint, rows=rows)}


def texts_of(sets: SegmentSets) -> dict[str, list[str]]:
    """Return the labels of each set, in order."""
    return {one.name: [label.label for label in one.everyone] for one in sets.beside}
