"""Whether a forecast is surely better: against simple ways to compute the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.report_card.skill import leads, saving
from tessera.records.scoring.report_card import Lead, Saving

RANDOM = np.random.default_rng(7)
TRUTH = RANDOM.gamma(0.7, 2.0, 900)
VALUE = RANDOM.poisson(TRUTH) * RANDOM.gamma(4, 10, 900)
GOOD = TRUTH * RANDOM.lognormal(0, 0.2, 900)
POOR = TRUTH * RANDOM.lognormal(0, 1.5, 900)


def lead(score: np.ndarray, *, rival: np.ndarray, value: np.ndarray) -> Lead:
    return leads(score, rivals={"rule": rival}, value=value)["rule"]


def concentration(score: np.ndarray, value: np.ndarray) -> float:
    """The area between a concentration curve and the diagonal, customer by customer."""
    order = np.argsort(-score, kind="stable")
    return float(np.cumsum(value[order]).mean() / value.sum() - 0.5)


def by_repetition(score, rival, value) -> np.ndarray:
    """The lead in samples that hold each customer as often as it was drawn."""
    draws = np.random.Generator(np.random.PCG64(0))
    leads = []
    for _ in range(200):
        times = np.repeat(np.arange(len(value)), draws.poisson(1.0, len(value)))
        area = [concentration(one[times], value[times]) for one in (score, rival, value)]
        leads.append((area[0] - area[1]) / area[2])
    return np.array(leads)


def test_a_saving_is_a_share_of_the_rules_loss_less_its_error():
    loss, naive = RANDOM.gamma(2, 1, 400), RANDOM.gamma(2, 1.2, 400)
    gain = np.clip(naive - loss, *np.quantile(naive - loss, [0.005, 0.995]))
    error = gain.std(ddof=1) / 20
    made = saving(loss, naive=naive)
    assert made.mean == pytest.approx(gain.mean() / naive.mean(), abs=1e-6)
    assert made.at_least == pytest.approx((gain.mean() - 1.645 * error) / naive.mean(), abs=1e-6)


def test_no_single_customer_decides():
    loss, naive = np.full(1_000, 1.0), np.full(1_000, 1.1)
    loss[0] = 1e6
    assert saving(loss, naive=naive).at_least > 0.08


def test_equal_losses_save_nothing_for_sure():
    loss = RANDOM.gamma(2, 1, 50)
    assert saving(loss, naive=loss) == Saving(mean=0.0, at_least=0.0)
    assert saving(np.zeros(0), naive=np.zeros(0)).at_least < 0
    assert saving(np.ones(1), naive=np.full(1, 9.0)).at_least < 0  # of one customer nothing is sure


@pytest.mark.parametrize(("score", "rival"), [(GOOD, POOR), (POOR, GOOD), (GOOD, -GOOD)])
def test_a_lead_is_that_of_samples_by_repetition(score, rival):
    made, theirs = lead(score, rival=rival, value=VALUE), by_repetition(score, rival, VALUE)
    assert made.mean == pytest.approx(theirs.mean(), abs=5e-3)
    assert made.low == pytest.approx(np.quantile(theirs, 0.05), abs=5e-3)
    assert made.high == pytest.approx(np.quantile(theirs, 0.95), abs=5e-3)


def test_the_better_ranking_leads_for_sure_and_equals_do_not():
    assert lead(GOOD, rival=POOR, value=VALUE).low > 0
    assert lead(POOR, rival=GOOD, value=VALUE).high < 0
    same = lead(GOOD, rival=2 * GOOD + 1, value=VALUE)
    assert (same.low, same.mean, same.high) == (0, 0, 0)
    assert lead(VALUE, rival=-VALUE, value=VALUE).mean == pytest.approx(2, abs=1e-6)


def test_rivals_do_not_change_each_others_leads():
    rivals = {"poor": POOR, "turned": -GOOD, "same": GOOD}
    made = leads(GOOD, rivals=rivals, value=VALUE)
    assert made == {name: lead(GOOD, rival=one, value=VALUE) for name, one in rivals.items()}
    assert leads(GOOD[:7], rivals={}, value=VALUE[:7]) == {}


def test_ties_do_not_lead():
    # A rule with one value for all has the diagonal, however its customers are sorted.
    order = np.argsort(VALUE)
    for rows in (order, order[::-1]):
        made = lead(GOOD[rows], rival=np.ones(900), value=VALUE[rows])
        expected = concentration(GOOD, VALUE) / concentration(VALUE, VALUE)
        assert made.mean == pytest.approx(expected, abs=0.02)


def test_the_order_of_customers_changes_little():
    mixed = np.random.default_rng(2).permutation(900)
    one = lead(GOOD, rival=POOR, value=VALUE)
    other = lead(GOOD[mixed], rival=POOR[mixed], value=VALUE[mixed])
    assert other.mean == pytest.approx(one.mean, abs=0.01)
    assert other.low == pytest.approx(one.low, abs=0.02)
    loss, naive = RANDOM.gamma(2, 1, 900), RANDOM.gamma(2, 1.2, 900)
    assert saving(loss[mixed], naive=naive[mixed]) == saving(loss, naive=naive)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(0, 3)), max_size=8))
def test_a_lead_is_finite_whatever_came(rows):
    score, rival, value = np.array(rows, float).reshape(-1, 3).T
    made = lead(score, rival=rival, value=value)
    assert -2.001 <= made.low <= made.high <= 2.001
    assert made.low <= made.mean + 1e-6
    if not value.any():
        assert (made.low, made.high) == (0, 0)
