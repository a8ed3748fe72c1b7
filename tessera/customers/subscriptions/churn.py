"""Who will cancel: from attributes and past outcomes to a churn model's record.

The record says what was learnt from what, how good it is on other customers, whether it may be
used, and holds the model. A model that does not beat the base rate is not published.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tessera.customers.subscriptions.attributes import AttributeColumns, Bools, Floats, Ints
from tessera.customers.subscriptions.encoding import encode
from tessera.customers.subscriptions.model import PUBLISH, WITHHOLD
from tessera.customers.subscriptions.quality import Quality
from tessera.customers.subscriptions.screening import TELLING_AUC, screen
from tessera.customers.subscriptions.splits import Splits, splits_for
from tessera.customers.subscriptions.training import (
    Candidates,
    Evaluation,
    TrainingRows,
    evaluate,
    fit,
)
from tessera.errors import InvalidInput

LEAST_CUSTOMERS = 200  # with a known outcome
LEAST_CANCELLED = 30  # and as many who stayed
MOST_ROWS = 100_000  # more are sampled: the next hundred thousand change little
HORIZON_DAYS = 30
_TOO_GOOD = (
    "an AUC of {auc:.3f} is too good to be true: look for columns that together reveal who "
    "cancelled, and name them in the setting 'churn_ignore'"
)


def not_trained(reason: str, **counts: int) -> dict[str, Any]:
    """Return the record of a run that had nothing to train on."""
    return {"trained": False, "reason": reason, **counts}


def train_churn(
    attributes: AttributeColumns,
    *,
    label: Floats,
    observed: Floats,
    seed: int,
    horizon_days: int = HORIZON_DAYS,
) -> dict[str, Any]:
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
        Of folds, samples and trees. Equal rows in equal order give an equal record.
    horizon_days
        How many days after the row's day its label speaks of.

    Returns
    -------
    dict
        JSON-ready. ``trained`` is False, with a ``reason``, below 200 customers with a label, 30
        who cancelled and 30 who stayed, or without a usable attribute. Otherwise ``decision``
        is ``publish`` or ``withhold``; ``model.published_model`` reads the model back.

    Raises
    ------
    InvalidInput
        A label is neither 0, 1 nor NaN, or an attribute all but equals the label (see
        ``screening.screen``); the message names it.
    """
    known = np.flatnonzero(~np.isnan(label))
    cancelled = label[known] == 1
    if (~np.isin(label[known], (0, 1))).any():
        raise InvalidInput("churn: a label is neither 0 nor 1; correct the label column")
    counts = {"customers": len(known), "cancelled": int(cancelled.sum())}
    if lacking := _lacking(cancelled):
        return not_trained(lacking, **counts)
    sample = _sample(len(known), seed=seed)
    known, cancelled = known[sample], cancelled[sample]
    if lacking := _lacking(cancelled):
        return not_trained(f"in a sample of {MOST_ROWS:,} customers, {lacking}", **counts)
    kept, notes = screen(attributes.take(known), cancelled)
    if not kept.columns:
        return not_trained("; ".join(["no attribute is of use", *notes]), **counts)
    day = observed[known]
    encoding = encode(kept, day=day)
    rows = TrainingRows(encoding, encoding.matrix(kept, day=day), cancelled)
    splits = splits_for(
        cancelled, observed=day, horizon_days=horizon_days, least=_lacking, seed=seed
    )
    fitted = fit(rows, seed=seed)
    evaluation = evaluate(rows, splits=splits.rows, seed=seed)
    if len(known) < counts["customers"]:
        notes = (*notes, f"trained on a sample of {len(known):,} customers")
    if evaluation.quality.auc >= TELLING_AUC:
        notes = (*notes, _TOO_GOOD.format(auc=evaluation.quality.auc))
    return {
        **counts,
        "horizon_days": horizon_days,
        "seed": seed,
        "notes": list(notes),
        **_judged(fitted, evaluation, splits=splits),
    }


def _judged(fitted: Candidates, evaluation: Evaluation, *, splits: Splits) -> dict[str, Any]:
    quality = evaluation.quality
    good = quality.beats_base_rate
    model = fitted.model(fitted.best)
    return {
        "trained": True,
        "kind": model.kind,
        "decision": PUBLISH if good else WITHHOLD,
        "reason": _reason(quality),
        "split": {"kind": splits.kind, "note": splits.note},
        "metrics": quality.to_dict(),
        "kinds": {name: other.to_dict() for name, other in evaluation.kinds.items()},
        "calibration_table": evaluation.table,
        "features": list(model.encoding.names),
        "model": model.to_dict() if good else None,
    }


def _reason(quality: Quality) -> str:
    verdict = "beats" if quality.beats_base_rate else "does not surely beat"
    return (
        f"on {quality.customers:,} customers that it had not seen, the model {verdict} giving "
        f"everyone the base rate: log loss {quality.log_loss:.4f} against "
        f"{quality.base_log_loss:.4f} (two standard errors are {2 * quality.gain_error:.4f}), "
        f"AUC {quality.auc:.3f}, calibration error {quality.ece:.3f}"
    )


def _lacking(cancelled: Bools) -> str:
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


def _sample(customers: int, *, seed: int) -> Ints:
    if customers <= MOST_ROWS:
        return np.arange(customers)
    chosen = np.random.default_rng(seed).choice(customers, MOST_ROWS, replace=False)
    return np.sort(chosen).astype(np.int64)
