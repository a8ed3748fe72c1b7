"""The forecasts of the buyers, and the segment sets that read them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from adapters.stores.model_archive import FORECASTS, read_model
from adapters.tables.column_files import FileColumn
from adapters.tables.columns import integers
from adapters.tables.joint_labels import JointLabels
from adapters.tables.models import forecast_columns, predictions, taken
from adapters.tables.profiles import CustomerBlocks
from adapters.tables.subscriptions import chances_to_cancel
from steps.score.labelling import RunLabels, RunRule, label_customers
from steps.score.run import ScoreRun
from tessera.contracts.tables import PROFILES
from tessera.customers.forecasting.forecast import forecast_totals
from tessera.customers.forecasting.shown import shown_amounts
from tessera.records.codec import decode
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.groups import GroupStatistics
from tessera.records.scoring.retention import RetentionRecord
from tessera.records.scoring.sets import SetRecord, Value
from tessera.segments.groups import LabelCodes, group_statistics
from tessera.segments.scoring import ColumnsInParts, ScoredInParts, row_blocks
from tessera.segments.sets.catalog import RFM
from tessera.segments.sets.labels import set_records
from tessera.segments.sets.value_map import ValuedCustomers, value_record


@dataclasses.dataclass(frozen=True, kw_only=True)
class Forecasts:
    """What the models say of the customers.

    Parameters
    ----------
    labelled
        All customers.
    models, churn, retention, sets, groups, value, totals
        The members of score.json.
    """

    labelled: RunLabels
    models: ForecastModels
    churn: ChurnRecord | None
    retention: RetentionRecord | None
    sets: Mapping[str, SetRecord]
    groups: Mapping[str, tuple[GroupStatistics, ...]]
    value: Value
    totals: Mapping[str, TotalRange]


def forecast_customers(
    run: ScoreRun,
    customers: CustomerBlocks,
    columns: ColumnsInParts,
    scored: ScoredInParts,
    *,
    folder: Path,
) -> Forecasts:
    """Forecast what buyers will do next, and label everyone in every segment set.

    Parameters
    ----------
    customers, columns, scored
        The customer summary, in blocks and as scoring takes it, and what scoring made of it.
    folder
        An empty folder for the forecasts.
    """
    settings, models = run.settings, _models(run)
    p_cancel, churn, retention = chances_to_cancel(
        run.container,
        keys=customers.keys(),
        customers=len(scored),
        as_of=run.as_of,
        period_days=settings.subscription_period_days,
    )
    rule = RunRule(settings=settings, models=models, scored=scored, frozen=_frozen_sets(run))
    labelled = label_customers(customers, rule, p_cancel=p_cancel, as_of=run.as_of, folder=folder)
    sets, files, amounts = labelled.sets, labelled.columns, shown_amounts(models)
    return Forecasts(
        labelled=labelled,
        models=models,
        churn=churn,
        retention=retention,
        sets=set_records(sets, labelled.sizes),
        groups=group_statistics(
            columns,
            forecasts={name: files[name] for name in (*amounts, "historic_value")},
            sets=_all_sets(labelled, scored),
        ),
        value=value_record(lambda: _valued(labelled, shown="clv" in amounts), sets=sets),
        totals=forecast_totals(
            models,
            lambda name: lambda: _of_buyers(customers, files[name]),
            asked_days=settings.clv_horizon_days,
        ),
    )


def _valued(labelled: RunLabels, *, shown: bool) -> Iterator[ValuedCustomers]:
    """Yield what customers are worth, as far as it is shown, and their labels."""
    for rows in row_blocks(labelled.customers):
        codes = labelled.codes.rows(rows)
        size = len(range(labelled.customers)[rows])
        clv = labelled.columns["clv"][rows] if shown else np.full(size, np.nan)
        yield ValuedCustomers(clv=clv, labels=codes)


def _of_buyers(customers: CustomerBlocks, column: FileColumn) -> Iterator[npt.NDArray[np.float64]]:
    """Yield a column of those who have bought."""
    for rows, table in customers.read(["purchase_days"]):
        yield column[rows][integers(table.column(0)) > 0]


def predicted_columns(labelled: RunLabels, joint: JointLabels, rows: slice) -> dict[str, pa.Array]:
    """Return the columns of some profiles that the models and the sets give."""
    made = predictions(labelled.columns.rows(rows), labelled.models, ranks=labelled.ranks)
    single = {
        name: taken(texts, labelled.codes[name][rows])
        for name, texts in labelled.texts.items()
        if name in PROFILES.names and name != "cluster"
    }
    labels = joint[rows]
    return {**forecast_columns(made), **single, "labels": taken(labels.texts, labels.codes)}


def _models(run: ScoreRun) -> ForecastModels:
    document, _ = read_model(run.container.input("forecasts"), name=FORECASTS)
    return decode(ForecastModels, document, document=FORECASTS)


def _frozen_sets(run: ScoreRun) -> Mapping[str, SetRecord] | None:
    return run.previous.sets if run.previous and run.settings.freeze_thresholds else None


def _all_sets(labelled: RunLabels, scored: ScoredInParts) -> dict[str, LabelCodes]:
    """Return every set as everyone has it, the segment definition's own first."""
    own = [one.label for one in labelled.sets.definition.everyone]
    return {RFM: LabelCodes(labels=own, codes=scored.codes)} | {
        name: LabelCodes(labels=texts, codes=labelled.codes[name])
        for name, texts in labelled.texts.items()
    }
