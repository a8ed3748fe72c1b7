"""Subscribers by the renewals that their age has brought, and the one at which they left.

A period is so many days from the subscription's beginning, whatever the calendar says. Only a
renewal whose days are over counts. Otherwise customers who left early in the current period would
be counted, and those who will stay would not.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.customers.subscriptions.retention.beta_geometric import Retention
from tessera.records.scoring.retention import RenewalSurvival

LATE_DAYS = 3  # months are not equally long, and a failed payment is tried again
HORIZON_DAYS = 30
_SEEN = 10  # subscribers before a renewal: a share of fewer is noise
_MOST_RENEWALS = 120  # of a curve


@dataclasses.dataclass(frozen=True, eq=False)
class Cohorts:
    """Subscribers at one moment, equal ones in one row.

    Parameters
    ----------
    renewals : shape (n,)
        How many renewals their age has brought so far, whether or not they are still there.
    left : shape (n,)
        The renewal at which they left, from 1 to ``renewals``. 0 for subscribers who stay.
    subscribers : shape (n,)
        How many a row stands for.
    """

    renewals: Ints
    left: Ints
    subscribers: Ints

    @property
    def stays(self) -> Bools:
        """Who is still there, shape (n,)."""
        return np.asarray(self.left == 0, np.bool_)

    @property
    def periods(self) -> Ints:
        """Periods paid until they left, or so far for subscribers who stay. Shape (n,)."""
        return np.where(self.stays, self.renewals + 1, self.left)

    def count(self, rows: Bools) -> int:
        """Return how many subscribers some rows stand for."""
        return int(self.subscribers[rows].sum())

    def before(self, periods: int) -> Cohorts:
        """Return what was known so many periods ago, of who had subscribed by then."""
        known = self.renewals >= periods
        renewals, left = self.renewals[known] - periods, self.left[known]
        return Cohorts(renewals, np.where(left <= renewals, left, 0), self.subscribers[known])


def cohorts_of(begun_days_ago: Ints, ended_days_ago: Floats, *, period_days: int) -> Cohorts:
    """Return subscribers as cohorts, distinct rows in order.

    Parameters
    ----------
    begun_days_ago : shape (n,)
        Days from the subscription's first day to as_of, 1 or more.
    ended_days_ago : shape (n,)
        Days from its end to as_of. NaN while it runs.
    period_days
        How many days a payment is for. A renewal is due after each, and counts as made or not
        made up to three days later (of a short period, a tenth).
    """
    late = late_days(period_days)
    renewals = np.maximum((begun_days_ago - 1 - late) // period_days, 0)
    ran = np.where(np.isnan(ended_days_ago), np.inf, begun_days_ago - ended_days_ago)
    left = np.maximum(np.ceil((ran - late) / period_days), 1)
    rows = np.column_stack([renewals, np.where(left <= renewals, left, 0).astype(np.int64)])
    distinct, subscribers = np.unique(rows, axis=0, return_counts=True)
    return Cohorts(distinct[:, 0], distinct[:, 1], subscribers.astype(np.int64))


def late_days(period_days: int) -> int:
    """Return how many days after it was due a renewal is still waited for."""
    return min(LATE_DAYS, period_days // 10)


def p_cancel(model: Retention, begun_days_ago: Ints, *, period_days: int) -> Floats:
    """Return the chance to cancel at a renewal that is due within 30 days of as_of.

    Parameters
    ----------
    begun_days_ago : shape (n,)
        Of subscribers who are still there: days from the first day to as_of, 1 or more.
    period_days
        As for ``cohorts_of``.

    Returns
    -------
    shape (n,)
        0 for who has no renewal to make in these days.
    """
    periods, due = renewals_due(begun_days_ago, period_days=period_days)
    return model.p_cancel(periods, renewals=due)


def renewals_due(begun_days_ago: Ints, *, period_days: int) -> tuple[Ints, Ints]:
    """Return the periods paid so far and the renewals due within 30 days, each of shape (n,)."""
    made = (begun_days_ago - 1) // period_days
    return made + 1, (begun_days_ago - 1 + HORIZON_DAYS) // period_days - made


def survival(cohorts: Cohorts, model: Retention | None) -> tuple[RenewalSurvival, ...]:
    """Return the share still there by renewal, observed and as the model has it.

    Returns
    -------
    tuple of RenewalSurvival
        With a model the curve goes on by half of what was observed.

    References
    ----------
    Kaplan & Meier (1958), "Nonparametric estimation from incomplete observations".
    """
    longest = min(int(cohorts.renewals.max(initial=0)), _MOST_RENEWALS)
    rows: list[RenewalSurvival] = []
    stay = 1.0
    for renewal in range(1, longest + 1):
        came = (cohorts.renewals >= renewal) & (cohorts.stays | (cohorts.left >= renewal))
        at_risk, cancelled = cohorts.count(came), cohorts.count(cohorts.left == renewal)
        if at_risk < _SEEN:
            break
        stay *= 1 - cancelled / at_risk
        rows.append(
            RenewalSurvival(
                renewals=renewal,
                at_risk=at_risk,
                cancelled=cancelled,
                observed=round(stay, 6),
                fitted=None,
            )
        )
    if model is None:
        return tuple(rows)
    last = min(len(rows) + max(len(rows) // 2, 1), _MOST_RENEWALS)
    rows += [_unseen(renewal) for renewal in range(len(rows) + 1, last + 1)]
    fitted = model.survival(np.array([row.renewals for row in rows], np.int64)).round(6).tolist()
    return tuple(
        dataclasses.replace(row, fitted=value) for row, value in zip(rows, fitted, strict=True)
    )


def _unseen(renewals: int) -> RenewalSurvival:
    return RenewalSurvival(
        renewals=renewals, at_risk=None, cancelled=None, observed=None, fitted=None
    )
