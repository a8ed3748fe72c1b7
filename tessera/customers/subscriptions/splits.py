"""How a churn model is tested: on later rows where rows have a day, else on stratified folds.

Candidates are compared in the same way, within the rows that the model is trained on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from sklearn.model_selection import StratifiedKFold

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints

BY_TIME, BY_FOLDS = "time", "folds"
FOLDS = 5
_INNER_FOLDS = 3
_LARGE = 20_000  # rows, from which one fold in three compares candidates well enough
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


def inner_splits(
    cancelled: Bools,
    *,
    observed: Floats,
    horizon_days: int,
    least: Callable[[Bools], str],
    seed: int,
) -> Sequence[tuple[Ints, Ints]]:
    """Return pairs of rows to grow candidates on and rows to compare them on.

    By time like the test, if the later rows suffice for a calibration. Else three folds. Of a large
    table, one of them.

    Parameters
    ----------
    observed, horizon_days, least
        As for ``splits_for``.
    """
    by_time = splits_for(
        cancelled, observed=observed, horizon_days=horizon_days, least=least, seed=seed
    )
    if by_time.kind == BY_TIME and not least(cancelled[by_time.rows[0][1]]):
        return by_time.rows
    by_folds = folds(cancelled, count=_INNER_FOLDS, seed=seed)
    return by_folds[:1] if len(cancelled) > _LARGE else by_folds


def folds(cancelled: Bools, *, count: int, seed: int) -> list[tuple[Ints, Ints]]:
    """Return training and test rows. Every fold has its share of cancellations."""
    maker = StratifiedKFold(count, shuffle=True, random_state=seed)
    return list(maker.split(np.zeros((len(cancelled), 1)), cancelled))


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
