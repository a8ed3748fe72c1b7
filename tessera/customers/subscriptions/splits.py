"""How a churn model is tested: on later rows where rows have a day, else on stratified folds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.customers.subscriptions.training import FOLDS, folds

BY_TIME, BY_FOLDS = "time", "folds"
_TEST_SHARE = 0.25
_LEAST_TEST = 50
_LEAST_TEST_OUTCOMES = 10  # of each kind


@dataclasses.dataclass(frozen=True)
class Splits:
    """Training and test rows.

    Parameters
    ----------
    kind
        ``time`` or ``folds``.
    note
        A sentence on how the rows were divided, and why not by time if they were not.
    rows
        Pairs of training and test rows.
    """

    kind: str
    note: str
    rows: Sequence[tuple[Ints, Ints]]


def splits_for(
    cancelled: Bools,
    *,
    observed: Floats,
    horizon_days: int,
    least: Callable[[Bools], str],
    seed: int,
) -> Splits:
    """Return the test of a training table.

    Parameters
    ----------
    observed : shape (n,)
        The day that each row describes, as days since 1970-01-01.
    horizon_days
        Training rows less than this before the first test row are omitted: their outcomes
        fall into the predicted time.
    least
        Says what training rows with these outcomes lack. Empty when they suffice.
    """
    days = np.unique(observed)
    if len(days) < 2:
        return _by_folds(cancelled, "all rows describe the same day", seed=seed)
    start = max(float(np.quantile(observed, 1 - _TEST_SHARE, method="lower")), float(days[1]))
    training = np.flatnonzero(observed + horizon_days <= start)
    test = np.flatnonzero(observed >= start)
    lacking = least(cancelled[training]) or _too_few(cancelled[test])
    if lacking:
        why = f"of a split by time, {lacking} in its earlier or later part"
        return _by_folds(cancelled, why, seed=seed)
    left_out = len(cancelled) - len(training) - len(test)
    note = (
        f"tested on the {len(test):,} rows from {np.datetime64(int(start), 'D')} on, trained on "
        f"the {len(training):,} whose {horizon_days} days had ended by then; {left_out:,} rows "
        "between took no part. The published model is trained on all"
    )
    return Splits(BY_TIME, note, [(training, test)])


def _too_few(cancelled: Bools) -> str:
    lost = int(cancelled.sum())
    stayed = len(cancelled) - lost
    if len(cancelled) < _LEAST_TEST or min(lost, stayed) < _LEAST_TEST_OUTCOMES:
        return f"{lost:,} customers cancelled and {stayed:,} stayed"
    return ""


def _by_folds(cancelled: Bools, why: str, *, seed: int) -> Splits:
    note = (
        f"{why}: tested on {FOLDS} folds with equal shares of cancellations, each predicted from "
        "the others. This cannot show how the model ages"
    )
    return Splits(BY_FOLDS, note, folds(cancelled, count=FOLDS, seed=seed))
