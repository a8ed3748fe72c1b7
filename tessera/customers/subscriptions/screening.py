"""Which attributes a churn model may learn from.

Refused: attributes that all but give away the label. Such a model would look perfect here and know
nothing tomorrow. Dropped with a note: what cannot help, or would only name customers.
"""

from __future__ import annotations

import numpy as np

from tessera.customers.subscriptions.attributes import (
    Attribute,
    AttributeColumns,
    Bools,
    Floats,
    Ints,
)
from tessera.customers.subscriptions.quality import auc
from tessera.errors import InvalidInput
from tessera.events.names import normalised

TELLING_AUC = 0.98  # of one attribute alone. Honest ones rarely reach 0.8
MOST_LEVELS = 100
_BINS = 32  # that a number is cut into. Unknown is one more
_SURE = 50  # customers with one value who all cancelled: no accident
_SURE_SHARE = 0.1  # of all cancellations, from which such values are refused
_FOLDS = 5
_ID_WORDS = ("id", "key", "number", "no", "code", "uuid", "guid", "ref", "index", "row")


def screen(
    attributes: AttributeColumns, cancelled: Bools
) -> tuple[AttributeColumns, tuple[str, ...]]:
    """Return the attributes to train on, and a note on each that was dropped.

    Parameters
    ----------
    attributes
        Of the customers whose outcome is known.
    cancelled : shape (n,)
        The outcome. Both must occur.

    Raises
    ------
    InvalidInput
        An attribute all but equals the label: it ranks customers with an AUC of 0.98 or more by
        itself, or has values with which 50 or more customers, all without exception, cancelled,
        a tenth or more of all cancellations. Whether it is unknown counts as a value: a
        cancellation's date or reason is filled in by the cancellation.
    """
    kept, notes = [], []
    for column in attributes.columns:
        reason = _useless(column)
        if reason:
            notes.append(f"{column.name!r} was omitted: {reason}")
            continue
        _refuse_leak(column, cancelled)
        kept.append(column)
    return AttributeColumns(tuple(kept)), tuple(notes)


def screen_clicks(
    clicks: AttributeColumns, cancelled: Bools
) -> tuple[AttributeColumns, tuple[str, ...]]:
    """Return the click columns to train on, and a note on each that gives away the label.

    No file has them, so nobody could remove one: it is omitted in place of an error.
    """
    useful = [column for column in clicks.columns if not _useless(column)]
    leaks = {column.name: _leak(column, cancelled) for column in useful}
    kept = tuple(column for column in useful if not leaks[column.name])
    notes = (f"{name!r} was omitted: {how}" for name, how in leaks.items() if how)
    return AttributeColumns(kept), tuple(notes)


def _useless(column: Attribute) -> str:
    known = column.values[~np.isnan(column.values)]
    distinct = np.unique(known)
    unknown = len(known) < len(column.values)
    if len(distinct) + unknown < 2:
        return "all customers have the same value"
    if column.kind == "category" and len(distinct) > MOST_LEVELS:
        return f"it has {len(distinct):,} different values, at most {MOST_LEVELS} can be learnt"
    if column.kind == "number" and not unknown and _numbers_rows(column.name, distinct, known):
        return "it numbers the customers"
    return ""


def _numbers_rows(name: str, distinct: Floats, known: Floats) -> bool:
    if len(distinct) < len(known) or (known != np.floor(known)).any():
        return False
    is_run = distinct[-1] - distinct[0] < 2 * len(distinct)
    return is_run or normalised(name).endswith(_ID_WORDS)


def _refuse_leak(column: Attribute, cancelled: Bools) -> None:
    how = _leak(column, cancelled)
    if how:
        raise InvalidInput(
            f"attribute {column.name!r} all but equals the label: {how}. It was probably written "
            "when or after the customer cancelled, and a customer who is still there has no such "
            "value. Remove the column from the file, or name it in the setting 'churn_ignore'"
        )


def _leak(column: Attribute, cancelled: Bools) -> str:
    """Return how a column gives away the label. Empty when it does not."""
    groups = _groups(column)
    alone = auc(_out_of_fold_rates(groups, cancelled), cancelled)
    sizes, losses = np.bincount(groups), np.bincount(groups, weights=cancelled)
    certain = losses[(sizes >= _SURE) & (losses == sizes)].sum() / cancelled.sum()
    if alone >= TELLING_AUC:
        return f"by itself it reveals who cancelled (AUC {alone:.3f})"
    if certain >= _SURE_SHARE:
        return f"{certain:.0%} of the cancellations have values with which everybody cancelled"
    return ""


def _groups(column: Attribute) -> Ints:
    """Return each customer's group, from 0: a level, or one of 32 ranges. Unknown is the last."""
    absent = np.isnan(column.values)
    values = column.values
    if column.kind != "category":
        edges = np.unique(np.quantile(values[~absent], np.arange(1, _BINS) / _BINS))
        values = np.searchsorted(edges, values, side="right").astype(np.float64)
    last = values[~absent].max() + 1
    return np.where(absent, last, values).astype(np.int64)


def _out_of_fold_rates(groups: Ints, cancelled: Bools) -> Floats:
    """Return each customer's group's share of cancellations among other customers."""
    # In order of the label, then of rows: every fold has its part of both outcomes.
    folds = np.empty(len(groups), np.int64)
    folds[np.argsort(cancelled, kind="stable")] = np.arange(len(groups)) % _FOLDS
    overall = cancelled.mean()
    rates = np.empty(len(groups))
    for fold in range(_FOLDS):
        rest = folds != fold
        sizes = np.bincount(groups[rest], minlength=groups.max() + 1)
        losses = np.bincount(groups[rest], weights=cancelled[rest], minlength=groups.max() + 1)
        rates[~rest] = ((losses + overall) / (sizes + 1))[groups[~rest]]
    return rates
