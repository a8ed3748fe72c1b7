"""Cohorts: what is known of a renewal, and what was known of it earlier."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.subscriptions.retention.beta_geometric import Retention
from tessera.customers.subscriptions.retention.cohorts import (
    Cohorts,
    cohorts_of,
    late_days,
    p_cancel,
    renewals_due,
    survival,
)

NEVER = np.nan


def one(begun: int, ended: float = NEVER, *, period_days: int = 30) -> tuple[int, int, int]:
    """Return a subscriber's renewals, the one at which they left, and the periods paid."""
    cohorts = cohorts_of(np.array([begun]), np.array([ended]), period_days=period_days)
    assert cohorts.subscribers.tolist() == [1]
    return int(cohorts.renewals[0]), int(cohorts.left[0]), int(cohorts.periods[0])


def test_a_renewal_counts_once_it_is_over():
    assert one(1) == (0, 0, 1)
    assert one(33) == (0, 0, 1)  # due three days ago, and still waited for
    assert one(34) == (1, 0, 2)
    assert one(64) == (2, 0, 3)


def test_who_left_did_so_at_the_renewal_that_followed():
    assert one(100, 99) == (3, 1, 1)  # after one day
    assert one(100, 69) == (3, 1, 1)  # after a month of 31 days
    assert one(100, 66) == (3, 2, 2)
    assert one(100, 100) == (3, 1, 1)  # on the day itself


def test_who_left_in_a_period_that_goes_on_is_as_who_stays():
    assert one(50, 5) == one(50) == (1, 0, 2)


def test_short_periods_are_waited_for_less():
    assert [late_days(days) for days in (1, 7, 30, 365)] == [0, 0, 3, 3]
    assert one(8, period_days=7) == (1, 0, 2)
    assert one(15, 1, period_days=7) == (2, 2, 2)


subscribers = st.lists(
    st.integers(1, 900).flatmap(
        lambda begun: st.tuples(st.just(begun), st.one_of(st.none(), st.integers(1, begun)))
    ),
    min_size=1,
    max_size=40,
)


def columns(rows):
    begun = np.array([begun for begun, _ in rows])
    return begun, np.array([NEVER if ended is None else float(ended) for _, ended in rows])


@given(subscribers, st.sampled_from([7, 30, 91]), st.integers(0, 6))
def test_the_past_is_what_it_was(rows, period_days, periods):
    """Cohorts seen some periods ago are those that a run of that day would have made."""
    begun, ended = columns(rows)
    known = begun > period_days * periods
    then_begun = begun[known] - period_days * periods
    then_ended = ended[known] - period_days * periods
    then_ended[then_ended < 1] = NEVER
    now = cohorts_of(begun, ended, period_days=period_days)
    then = cohorts_of(then_begun, then_ended, period_days=period_days)
    # Who had subscribed so lately that no renewal could be over is in both or in neither.
    assert rows_of(now.before(periods), least=1) == rows_of(then, least=1)


def rows_of(cohorts: Cohorts, *, least: int) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for renewals, left, count in zip(
        cohorts.renewals.tolist(), cohorts.left.tolist(), cohorts.subscribers.tolist(), strict=True
    ):
        if renewals >= least:
            counts[renewals, left] = counts.get((renewals, left), 0) + count
    return counts


@given(subscribers, st.sampled_from([1, 7, 30, 365]))
def test_everybody_is_somewhere(rows, period_days):
    cohorts = cohorts_of(*columns(rows), period_days=period_days)
    assert cohorts.subscribers.sum() == len(rows)
    assert (cohorts.left <= cohorts.renewals).all()
    assert (cohorts.periods >= 1).all()


def test_renewals_due_within_thirty_days():
    begun = np.array([1, 30, 31, 61])
    periods, due = renewals_due(begun, period_days=30)
    assert periods.tolist() == [1, 1, 2, 3]
    assert due.tolist() == [1, 1, 1, 1]
    assert renewals_due(np.array([1, 3]), period_days=7)[1].tolist() == [4, 4]
    assert renewals_due(np.array([10, 335, 336, 365]), period_days=365)[1].tolist() == [0, 0, 1, 1]


def test_the_chance_to_cancel_falls_with_tenure_and_rises_with_renewals():
    model = Retention(0.7, 2.0)
    begun = np.arange(1, 400)
    monthly = p_cancel(model, begun, period_days=30)
    assert (np.diff(monthly) <= 0).all()
    assert monthly[0] == pytest.approx(0.7 / 2.7)
    assert monthly[-1] < monthly[0] / 3
    weekly = p_cancel(model, np.array([1]), period_days=7)
    assert weekly[0] > monthly[0]
    yearly = p_cancel(model, begun[:370], period_days=365)
    assert (yearly[:335] == 0).all()
    assert (yearly[335:365] > 0).all()


def test_the_curve_is_kaplan_and_meiers():
    cohorts = Cohorts(
        renewals=np.array([1, 1, 2, 2, 2]),
        left=np.array([0, 1, 0, 1, 2]),
        subscribers=np.array([30, 10, 30, 20, 10]),
    )
    rows = survival(cohorts, None)
    assert [(row.at_risk, row.cancelled) for row in rows] == [(100, 30), (40, 10)]
    assert [row.observed for row in rows] == pytest.approx([0.7, 0.7 * 0.75])
    assert {row.fitted for row in rows} == {None}
    ahead = survival(cohorts, Retention(1.0, 2.0))
    assert [row.fitted for row in ahead] == pytest.approx([2 / 3, 1 / 2, 2 / 5], abs=1e-6)
    assert ahead[-1].observed is None


def test_a_share_of_few_is_not_shown():
    few = Cohorts(np.array([1, 3]), np.array([0, 0]), np.array([50, 9]))
    assert len(survival(few, None)) == 1
    nobody = cohorts_of(np.zeros(0, np.int64), np.zeros(0), period_days=30)
    assert survival(nobody, None) == ()
