"""Which kind of model a test is about, and what a test needs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.purchase.fitting import Fitted
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.decision import likeliest, missing, on_p_alive, title
from tessera.errors import InvalidInput
from tests.behaviour import MODEL


def fitted(customers: int, *, likelihood: float) -> Fitted:
    return Fitted(
        model=MODEL, log_likelihood=likelihood, standard_errors=None, warnings=(),
        customers=customers, seconds=0.0,
    )  # fmt: skip


def enough(*, customers: int = 100, age_days: float = 90, holdout_days: float = 28) -> Backtest:
    column = np.ones(customers)
    return Backtest(
        history=PurchaseHistory(repeats=column, last_day=10 * column, age_days=age_days * column),
        past_spend=column,
        orders=column,
        spend=column,
        holdout_days=holdout_days,
    )


def test_the_most_likely_kind_before_the_cut_is_chosen():
    one, two, three = (
        fitted(1, likelihood=-100),
        fitted(2, likelihood=-90),
        fitted(3, likelihood=-95),
    )
    assert likeliest([one, two, three]) is two
    as_likely = fitted(4, likelihood=-90.4)  # a difference that is noise
    assert likeliest([as_likely, two]) is as_likely
    assert likeliest([two, as_likely]) is two
    assert likeliest([fitted(5, likelihood=-90.6), two]) is two


def test_enough_lacks_nothing():
    assert missing(enough()) == ()


@pytest.mark.parametrize(
    ("backtest", "reason"),
    [
        (enough(age_days=89), "days of history before the cut-off: 89, and a model that can be "
         "trusted needs at least 90"),
        (enough(holdout_days=27), "days held out: 27, and a model"),
        (enough(customers=99), "repeat buyers before the cut-off: 99, and a model"),
        (dataclasses.replace(enough(), orders=np.r_[np.full(29, 1.0), np.zeros(71)]),
         "purchase days in the holdout: 29, and a model"),
    ],
)  # fmt: skip
def test_what_a_test_lacks_is_named(backtest, reason):
    [only] = missing(backtest)
    assert only.startswith(reason)


def test_a_sentence_for_a_shop_that_nobody_leaves():
    assert "P(alive) is below 0.95 for 0.2 % of customers" in on_p_alive(0.002)


def test_models_have_the_names_of_the_literature():
    assert title("pareto_nbd") == "Pareto/NBD"


def test_columns_that_do_not_belong_together_are_refused():
    with pytest.raises(InvalidInput, match="orders of the backtest has the shape"):
        dataclasses.replace(enough(), orders=np.zeros(3))
    with pytest.raises(InvalidInput, match="spend of the backtest has values"):
        dataclasses.replace(enough(), spend=np.full(100, np.nan))
    with pytest.raises(InvalidInput, match="holdout_days is 0"):
        dataclasses.replace(enough(), holdout_days=0)
