"""Test a churn model on customers that it has not seen, with clicks and without them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Self

import numpy as np

from tessera.customers.forecasting.click_gate import click_gate, not_compared
from tessera.customers.subscriptions.attributes import AttributeColumns, Bools, Floats, Ints
from tessera.customers.subscriptions.clicks import Clicks
from tessera.customers.subscriptions.encoding import EncodedRows, encode
from tessera.customers.subscriptions.screening import screen_clicks
from tessera.customers.subscriptions.splits import BY_TIME, Splits, inner_splits, splits_for
from tessera.customers.subscriptions.training import Candidates, Evaluation, evaluate, fit
from tessera.records.scoring.clicks import ClickGate

LEAST_CUSTOMERS = 200  # with a known outcome
LEAST_CANCELLED = 30  # and as many who stayed
_LOSS = "log loss"


@dataclasses.dataclass(frozen=True, eq=False)
class TestedChurn:
    """A training table, and what its procedure predicted for rows that it had not seen."""

    rows: EncodedRows
    evaluation: Evaluation


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class ChurnTrial:
    """Rows with an outcome, and how any model of them is tested.

    Parameters
    ----------
    cancelled, day : shape (n,)
        The outcome, and the day that each row describes.
    horizon_days, seed
        As for ``churn.train_churn``.
    splits
        The test.
    """

    cancelled: Bools
    day: Floats
    horizon_days: int
    seed: int
    splits: Splits

    @classmethod
    def of(cls, cancelled: Bools, *, day: Floats, horizon_days: int, seed: int) -> Self:
        """Return the trial with its test: on later rows where they suffice."""
        splits = splits_for(
            cancelled, observed=day, horizon_days=horizon_days, least=lacking_of, seed=seed
        )
        return cls(
            cancelled=cancelled, day=day, horizon_days=horizon_days, seed=seed, splits=splits
        )

    def test(self, attributes: AttributeColumns) -> TestedChurn:
        """Run the whole procedure on each split's training rows."""
        encoding = encode(attributes, day=self.day)
        matrix = encoding.matrix(attributes, day=self.day)
        rows = EncodedRows(encoding, matrix, self.cancelled)
        return TestedChurn(
            rows, evaluate(rows, splits=self.splits.rows, inner=self._inner, seed=self.seed)
        )

    def fit(self, rows: EncodedRows) -> Candidates:
        """Fit what is published, to all rows."""
        return fit(rows, splits=self._inner(np.arange(len(self.day))), seed=self.seed)

    def _inner(self, some: Ints) -> Sequence[tuple[Ints, Ints]]:
        return inner_splits(
            self.cancelled[some],
            observed=self.day[some],
            horizon_days=self.horizon_days,
            least=lacking_of,
            seed=self.seed,
        )


def with_clicks(
    trial: ChurnTrial, plain: TestedChurn, *, clicks: Clicks, attributes: AttributeColumns
) -> tuple[TestedChurn, ClickGate, tuple[str, ...]]:
    """Return the test of the model that is published, the gate of clicks, and notes.

    Parameters
    ----------
    plain, attributes
        The test without clicks, and the columns that it read.
    clicks
        Of the same rows.
    """
    kept, notes = screen_clicks(clicks.columns, trial.cancelled)
    if not kept.columns:
        return plain, not_compared("no column of them is of use", loss=_LOSS), notes
    if trial.splits.kind != BY_TIME:
        why = "they can only be proven on later rows, and there is no split by time"
        return plain, not_compared(why, loss=_LOSS), notes
    more = trial.test(AttributeColumns((*attributes.columns, *kept.columns)))
    gate = click_gate(
        plain.evaluation.losses,
        more.evaluation.losses,
        loss=_LOSS,
        customer=clicks.customer[plain.evaluation.rows],
    )
    return (more if gate.kept else plain), gate, notes


def lacking_of(cancelled: Bools) -> str:
    """Say what a training table lacks, if anything."""
    lost = int(cancelled.sum())
    stayed = len(cancelled) - lost
    if len(cancelled) < LEAST_CUSTOMERS:
        return f"{len(cancelled):,} customers have a known outcome, {LEAST_CUSTOMERS} are needed"
    if lost < LEAST_CANCELLED:
        return f"{lost:,} customers cancelled, {LEAST_CANCELLED} are needed"
    if stayed < LEAST_CANCELLED:
        return f"{stayed:,} customers stayed, {LEAST_CANCELLED} are needed"
    return ""
