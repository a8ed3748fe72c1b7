"""Everyone's forecasts and labels by the rule of a run, block after block."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from adapters.tables.column_files import ColumnFiles, NumberPile
from adapters.tables.joint_labels import JointLabels
from adapters.tables.models import (
    BUYERS,
    GAPS,
    buyers,
    everyones,
    mean_gaps,
    predictions,
    set_forecasts,
)
from adapters.tables.profiles import SET_COLUMNS, CustomerBlocks, set_columns
from tessera.customers.forecasting.forecast import forecast, ranks_of
from tessera.customers.forecasting.tenths import Edges
from tessera.customers.gap_rule import gap_states, gaps_in_order
from tessera.customers.loyalty.scoring import loyalty_scores
from tessera.customers.order_statistics import OrderStatistics
from tessera.customers.purchase.pairs import Floats
from tessera.customers.spend.clv import ClvTerms
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.sets import SetRecord
from tessera.segments.scoring import ScoredInParts
from tessera.segments.sets.catalog import SegmentSets, sets_for
from tessera.segments.sets.chosen_rules import chosen_rules
from tessera.segments.sets.labels import SetSizes, added, labels_for
from tessera.segments.sets.masks import Columns
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunRule:
    """By what a run forecasts and labels customers.

    Parameters
    ----------
    settings, models
        The run's.
    scored
        All customers by its definition.
    frozen
        By set, what an earlier run recorded: its edges stay.
    """

    settings: RunSettings
    models: LearntModels
    scored: ScoredInParts
    frozen: Mapping[str, SetRecord] | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunLabels:
    """All customers as a rule forecasts and labels them.

    Parameters
    ----------
    customers
        How many they are.
    sets, sizes
        The rule's sets, and how many customers have each label of each set.
    codes
        By set, the position of everyone's label, in files.
    columns
        What the models say of everyone, in files.
    models, ranks
        The rule's models, and the edges of their tenths.
    """

    customers: int
    sets: SegmentSets
    sizes: Mapping[str, SetSizes]
    codes: ColumnFiles
    columns: ColumnFiles
    models: LearntModels
    ranks: Mapping[str, Edges]

    @property
    def texts(self) -> dict[str, list[str]]:
        """The labels of each set, in order."""
        return {one.name: [label.label for label in one.everyone] for one in self.sets.beside}

    def joint(self, names: Collection[str] | None = None) -> JointLabels:
        """Return customers' labels in some sets, by default in all sets of everyone."""
        return JointLabels(
            {
                name: (texts, self.codes[name])
                for name, texts in self.texts.items()
                if names is None or name in names
            },
            rows=self.customers,
        )


def label_customers(
    customers: CustomerBlocks, rule: RunRule, *, p_cancel: Floats, as_of: dt.date, folder: Path
) -> RunLabels:
    """Forecast what buyers will do next, and label everyone in every segment set.

    Parameters
    ----------
    customers
        The customer summary.
    p_cancel
        Everyone's chance to cancel, NaN for none.
    as_of
        The run's day.
    folder
        An empty folder for the forecasts and the labels.
    """
    sets, scored = sets_for(rule.settings), rule.scored
    columns, codes = ColumnFiles(folder / "forecasts"), ColumnFiles(folder / "labels")
    gaps = NumberPile(folder / "gaps")
    for _, table in customers.read(GAPS):
        gaps.append(mean_gaps(table))
    for made in _forecasts(customers, rule, gaps=gaps, as_of=as_of):
        columns.append(made)
    columns.append({"p_cancel_30d": p_cancel})
    ranks = ranks_of(rule.models, lambda name: columns[name].blocks)
    piles = (NumberPile(folder / f"pile-{number}") for number in itertools.count())

    def blocks() -> Iterator[tuple[slice, Columns]]:
        for rows, table in customers.read(SET_COLUMNS):
            made = predictions(columns.rows(rows), rule.models, ranks=ranks)
            own = set_columns(table, scored=scored.take(rows))
            yield rows, {**own, **set_forecasts(sets.columns, columns=made)}

    rules = chosen_rules(
        (block for _, block in blocks()), sets, frozen=rule.frozen, pile=lambda: next(piles)
    )
    sizes: dict[str, SetSizes] | None = None
    for rows, block in blocks():
        labels = labels_for(block, sets, rfm=scored.codes[rows], rules=rules)
        codes.append({name: one.codes for name, one in labels.items()})
        sizes = added(sizes, labels)
    return RunLabels(
        customers=len(scored),
        sets=sets,
        sizes=sizes or {},
        codes=codes,
        columns=columns,
        models=rule.models,
        ranks=ranks,
    )


def _forecasts(
    customers: CustomerBlocks, rule: RunRule, *, gaps: NumberPile, as_of: dt.date
) -> Iterator[dict[str, Floats]]:
    """Yield what the models say of customers, block after block."""
    everybodys = gaps_in_order(OrderStatistics(gaps.blocks))
    terms = ClvTerms.of(rule.settings)
    for _, table in customers.read(BUYERS):
        people, bought = buyers(table)
        made = forecast(people, record=rule.models, terms=terms, as_of=as_of)
        states = gap_states(people.history, everybodys=everybodys)
        loyalty = loyalty_scores(people, rule.models.loyalty)
        yield everyones(made, states=states, loyalty=loyalty, bought=bought, as_of=as_of)
