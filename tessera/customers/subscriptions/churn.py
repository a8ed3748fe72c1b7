"""Who will cancel: from attributes and past outcomes to a churn model's record.

The record says what was learnt from what, how good it is on other customers, whether it may be
used, and holds the model. A model that does not beat the base rate is not published.
"""

from __future__ import annotations

import dataclasses
import functools

import numpy as np

from tessera.customers.subscriptions.attributes import AttributeColumns, Floats, Ints
from tessera.customers.subscriptions.clicks import Clicks
from tessera.customers.subscriptions.quality import beats_base_rate
from tessera.customers.subscriptions.rounding import rounded
from tessera.customers.subscriptions.screening import TELLING_AUC, screen
from tessera.customers.subscriptions.splits import Splits
from tessera.customers.subscriptions.training import Candidates, Evaluation
from tessera.customers.subscriptions.trial import ChurnTrial, lacking_of, with_clicks
from tessera.errors import InvalidInput
from tessera.records.scoring.churn import ChurnSplit, Quality, TrainedChurn

MOST_ROWS = 100_000  # more are sampled: the next hundred thousand change little
HORIZON_DAYS = 30
_TOO_GOOD = (
    "an AUC of {auc:.3f} is too good to be true: look for columns that together reveal who "
    "cancelled, and name them in the setting 'churn_ignore'"
)


def not_trained(reason: str, *, customers: int = 0, cancelled: int = 0) -> TrainedChurn:
    """Return the record of a run that had nothing to train on."""
    return TrainedChurn(trained=False, reason=reason, customers=customers, cancelled=cancelled)


def train_churn(
    attributes: AttributeColumns,
    *,
    label: Floats,
    observed: Floats,
    seed: int,
    horizon_days: int = HORIZON_DAYS,
    clicks: Clicks | None = None,
) -> TrainedChurn:
    """Train, test and judge a churn model.

    Parameters
    ----------
    attributes
        What was known of each customer before the outcome.
    label : shape (n,)
        1 for who cancelled within the horizon, 0 for who did not, NaN for who is not known.
    observed : shape (n,)
        The day that each row describes, as days since 1970-01-01. With several days the model is
        tested on the latest, else on stratified folds.
    seed
        Of folds, samples and trees. Equal rows in any order give an equal record.
    horizon_days
        How many days after the row's day its label speaks of.
    clicks
        What the customers had looked at by the row's day. The model reads it only where that is
        surely better on later rows: see ``record.clicks``.

    Returns
    -------
    TrainedChurn
        Not trained below 200 customers with a label, 30 who cancelled and 30 who stayed, or
        without a usable attribute. ``model.published_model`` reads the model back.

    Raises
    ------
    InvalidInput
        A label is neither 0, 1 nor NaN, or an attribute all but equals the label (see
        ``screening.screen``). The message names it.
    """
    known = _in_order(attributes, clicks=clicks, label=label, observed=observed)
    cancelled = label[known] == 1
    if (~np.isin(label[known], (0, 1))).any():
        raise InvalidInput("churn: a label is neither 0 nor 1; correct the label column")
    customers, lost = len(known), int(cancelled.sum())
    refuse = functools.partial(not_trained, customers=customers, cancelled=lost)
    if lacking := lacking_of(cancelled):
        return refuse(lacking)
    sample = _sample(len(known), seed=seed)
    known, cancelled = known[sample], cancelled[sample]
    if lacking := lacking_of(cancelled):
        return refuse(f"in a sample of {MOST_ROWS:,} customers, {lacking}")
    kept, notes = screen(attributes.take(known), cancelled)
    if not kept.columns:
        return refuse("; ".join(["no attribute is of use", *notes]))
    trial = ChurnTrial.of(cancelled, day=observed[known], horizon_days=horizon_days, seed=seed)
    tested, gate = trial.test(kept), None
    if clicks is not None:
        tested, gate, more = with_clicks(trial, tested, clicks=clicks.take(known), attributes=kept)
        notes = (*notes, *more)
    fitted, evaluation = trial.fit(tested.rows), tested.evaluation
    if len(known) < customers:
        notes = (*notes, f"trained on a sample of {len(known):,} customers")
    if evaluation.quality.auc >= TELLING_AUC:
        notes = (*notes, _TOO_GOOD.format(auc=evaluation.quality.auc))
    return dataclasses.replace(
        _judged(fitted, evaluation, splits=trial.splits),
        customers=customers,
        cancelled=lost,
        horizon_days=horizon_days,
        seed=seed,
        notes=notes,
        clicks=gate,
    )


def _judged(fitted: Candidates, evaluation: Evaluation, *, splits: Splits) -> TrainedChurn:
    quality = evaluation.quality
    good = beats_base_rate(quality)
    model = fitted.model(fitted.best)
    return TrainedChurn(
        trained=True,
        kind=model.kind,
        decision="publish" if good else "withhold",
        reason=_reason(quality),
        split=ChurnSplit(kind=splits.kind, note=splits.note),
        metrics=rounded(quality),
        kinds={name: rounded(other) for name, other in evaluation.kinds.items()},
        choice=fitted.choice,
        calibration_table=evaluation.table,
        features=tuple(model.encoding.names),
        model=model.to_dict() if good else None,
    )


def _reason(quality: Quality) -> str:
    verdict = "beats" if beats_base_rate(quality) else "does not surely beat"
    return (
        f"on {quality.customers:,} customers that it had not seen, the model {verdict} giving "
        f"everyone the base rate: log loss {quality.log_loss:.4f} against "
        f"{quality.base_log_loss:.4f} (two standard errors are {2 * quality.gain_error:.4f}), "
        f"AUC {quality.auc:.3f}, calibration error {quality.ece:.3f}"
    )


def _in_order(
    attributes: AttributeColumns, *, clicks: Clicks | None, label: Floats, observed: Floats
) -> Ints:
    """Return the rows with a known outcome, in an order that only their values decide.

    Folds, samples and sums then are the same in whatever order rows come.
    """
    known = np.flatnonzero(~np.isnan(label)).astype(np.int64)
    more = clicks.columns.columns if clicks else ()  # they only order rows that are else alike
    columns = [column.values[known] for column in (*more, *attributes.columns)]
    return known[np.lexsort([*columns, observed[known], label[known]])]


def _sample(customers: int, *, seed: int) -> Ints:
    if customers <= MOST_ROWS:
        return np.arange(customers)
    chosen = np.random.default_rng(seed).choice(customers, MOST_ROWS, replace=False)
    return np.sort(chosen).astype(np.int64)
