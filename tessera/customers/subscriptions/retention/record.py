"""The retention model of a run: fitted, tested on the last third of the periods, and judged.

As every forecast here it must do better than a naive guess. This one's is that the share who left
at the last renewals before the cut leave at all that follow.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from tessera.customers.subscriptions.attributes import Bools, Floats
from tessera.customers.subscriptions.retention.beta_geometric import (
    FittedRetention,
    Retention,
    fit_retention,
)
from tessera.customers.subscriptions.retention.cohorts import Cohorts, survival
from tessera.customers.subscriptions.rounding import rounded
from tessera.records.scoring.retention import RetentionHoldout, RetentionRecord

LEAST_SUBSCRIBERS = 100
LEAST_CANCELLED = 20
_HELD_OUT = 3  # one of so many periods
_FURTHEST_OFF = 0.5  # of the cancellations expected: further, and the figure misleads


def retention_record(cohorts: Cohorts, *, period_days: int) -> RetentionRecord:
    """Fit, test and judge the model.

    Parameters
    ----------
    cohorts
        All subscribers as of today.
    period_days
        How many days a period has.

    Returns
    -------
    RetentionRecord
        Without a model below 100 subscribers or 20 cancellations. ``published_retention`` reads
        the model back.
    """
    lacking = _lacking(cohorts)
    fitted = None if lacking else _fit(cohorts)
    holdout, reason, good = (None, lacking, False) if fitted is None else _judged(cohorts)
    return RetentionRecord(
        period_days=period_days,
        subscribers=int(cohorts.subscribers.sum()),
        cancelled=cohorts.count(~cohorts.stays),
        decision="publish" if good else "withhold",
        reason=reason,
        **_figures(fitted),
        holdout=rounded(holdout) if holdout else None,
        survival=survival(cohorts, fitted.model if fitted else None),
    )


def published_retention(record: RetentionRecord) -> Retention | None:
    """Return a record's model, or None when there is none to use."""
    if record.decision == "withhold" or record.parameters is None:
        return None
    return Retention(**record.parameters)


def _fit(cohorts: Cohorts) -> FittedRetention:
    return fit_retention(
        periods=cohorts.periods, cancelled=~cohorts.stays, subscribers=cohorts.subscribers
    )


def _figures(fitted: FittedRetention | None) -> dict[str, Any]:
    if fitted is None:
        return {
            "parameters": None, "standard_errors": None, "log_likelihood": None, "warnings": (),
        }  # fmt: skip
    errors = fitted.standard_errors
    return {
        "parameters": dataclasses.asdict(fitted.model),
        "standard_errors": dict(zip(("alpha", "beta"), errors, strict=True)) if errors else None,
        "log_likelihood": fitted.log_likelihood,
        "warnings": fitted.warnings,
    }


def _lacking(cohorts: Cohorts) -> str:
    """Say what there is too little of to fit anything, if so."""
    subscribers, cancelled = int(cohorts.subscribers.sum()), cohorts.count(~cohorts.stays)
    if subscribers < LEAST_SUBSCRIBERS:
        return f"{subscribers:,} customers have subscribed, {LEAST_SUBSCRIBERS} are needed"
    if cancelled < LEAST_CANCELLED:
        return (
            f"{cancelled:,} subscriptions have ended in a period that is over, "
            f"{LEAST_CANCELLED} are needed"
        )
    return ""


def _judged(cohorts: Cohorts) -> tuple[RetentionHoldout | None, str, bool]:
    """Return the test, what it says in words, and whether the model may be used."""
    periods = max(1, int(cohorts.renewals.max()) // _HELD_OUT)
    then = cohorts.before(periods)
    if lacking := _untestable(then):
        return None, f"it could not be tested: {_ago(periods)} {lacking}", False
    holdout = _hold_out(cohorts, then=then, periods=periods)
    came, expected = holdout.active - holdout.stayed, holdout.active - holdout.expected
    off = holdout.total_error
    figures = (
        f"of {holdout.active:,} subscribers of {_ago(periods)} {came:,} have left since; the model "
        f"expected {expected:,.1f}, the churn rate of then ({100 * holdout.churn_rate:.1f} % a "
        f"period) {holdout.active - holdout.naive:,.1f}; mean squared error {holdout.error:.4f} "
        f"against {holdout.naive_error:.4f}"
    )
    if holdout.error > holdout.naive_error:
        return holdout, f"it foretells worse than that the churn rate goes on: {figures}", False
    if off is not None and abs(off) > _FURTHEST_OFF:
        return holdout, f"its cancellations are off by {100 * off:+.0f} %: {figures}", False
    return holdout, figures, True


def _untestable(then: Cohorts) -> str:
    lacking = _lacking(then)
    if not lacking and not then.count(then.stays):
        lacking = "nobody was left to foretell anything of"
    if not lacking and not then.count(_came_last(then)):
        lacking = "nobody had just come to a renewal"
    return lacking


def _came_last(then: Cohorts) -> Bools:
    """Return who came to the last renewal that was over by then."""
    came = (then.renewals > 0) & (then.stays | (then.left == then.renewals))
    return np.asarray(came, np.bool_)


def _hold_out(cohorts: Cohorts, *, then: Cohorts, periods: int) -> RetentionHoldout:
    known = cohorts.renewals >= periods
    came = _came_last(then)
    rate = then.count(came & ~then.stays) / then.count(came)
    model = _fit(then).model
    made, weights = then.renewals[then.stays], then.subscribers[then.stays].astype(np.float64)
    stays = cohorts.stays[known][then.stays]
    expected = model.survival(made + periods) / model.survival(made)
    naive = np.full(len(made), (1 - rate) ** periods)

    active, stayed, foreseen = int(weights.sum()), int(weights @ stays), float(weights @ expected)

    def error(chance: Floats) -> float:
        return float(weights @ (chance - stays) ** 2 / weights.sum())

    return RetentionHoldout(
        periods=periods,
        subscribers=int(then.subscribers.sum()),
        cancelled=then.count(~then.stays),
        active=active,
        stayed=stayed,
        expected=foreseen,
        naive=float(weights @ naive),
        churn_rate=rate,
        error=error(expected),
        naive_error=error(naive),
        total_error=(active - foreseen) / (active - stayed) - 1 if active > stayed else None,
    )


def _ago(periods: int) -> str:
    return "one period ago" if periods == 1 else f"{periods} periods ago"
