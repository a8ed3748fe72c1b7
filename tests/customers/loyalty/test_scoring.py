"""The score of loyalty: each customer's own, monotone, and between 0 and 100."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.known import known
from tessera.customers.loyalty.learning import learn_loyalty
from tessera.customers.loyalty.scoring import loyalty_reasons, loyalty_scores
from tests.behaviour import SMALL, behaviour, of_shop
from tests.learnt import LOYALTY

days_ago = st.lists(st.integers(1, 700), min_size=1, max_size=12, unique=True)


def score(ago: list[int], net: list[float] | None = None) -> float:
    people, _ = known(behaviour([0] * len(ago), ago, net=net))
    return float(loyalty_scores(people, LOYALTY)[0])


@given(days_ago, st.integers(1, 699))
def test_a_later_last_purchase_never_lowers_the_score(ago, nearer):
    latest = min(ago)
    moved = max(1, latest - nearer)
    others = [day for day in ago if day != latest]
    if not others or (latest <= 90) == (moved <= 90):  # the same pace, and the same first day
        later = [*others, moved]
        if max(later) == max(ago):
            assert score(later) >= score(ago) - 1e-9


@given(days_ago, st.floats(1.0, 10.0))
def test_more_money_never_lowers_the_score(ago, times):
    assert score(ago, [10.0 * times] * len(ago)) >= score(ago, [10.0] * len(ago)) - 1e-9


@given(days_ago)
def test_another_order_on_the_last_day_of_many_never_lowers_the_score(ago):
    if 1 not in ago:
        assert score([*ago, 1]) >= score(ago) - 1e-9


def test_each_score_depends_on_that_customer_alone():
    people, _ = known(of_shop(SMALL))
    learnt = dataclasses.replace(learn_loyalty(of_shop(SMALL)), published=True)
    whole = loyalty_scores(people, learnt)
    assert ((whole > 0) & (whole < 100)).all()
    order = np.random.default_rng(1).permutation(len(people))
    assert (loyalty_scores(people.take(order), learnt) == whole[order]).all()
    parts = [loyalty_scores(people.take(slice(at, at + 7)), learnt) for at in range(0, 70, 7)]
    assert (np.concatenate(parts) == whole[:70]).all()


def test_a_score_that_is_withheld_is_empty_for_everybody():
    people, _ = known(of_shop(SMALL))
    withheld = dataclasses.replace(LOYALTY, published=False)
    assert np.isnan(loyalty_scores(people, withheld)).all()
    assert np.isnan(loyalty_scores(people, None)).all()


def test_the_reasons_are_what_pushes_most():
    people, _ = known(behaviour([0, 1, 1, 1, 1], [600, 300, 200, 100, 2]))
    lapsed, loyal = (loyalty_reasons(people.take(slice(at, at + 1)), LOYALTY) for at in (0, 1))
    assert lapsed[0].text == "number of purchases lowers it (\u22120.66)"
    assert loyal[0].text == "number of purchases raises it (+0.86)"
    assert len(lapsed) <= 3
    assert abs(loyal[0].adds) >= abs(loyal[-1].adds)
    assert loyal[0].adds == pytest.approx(1.1 * (np.log(4) - 0.6), abs=1e-4)
