"""Why a customer's risk is high."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns, category
from tessera.customers.subscriptions.reasons import NONE, in_words, top_reasons


@pytest.fixture(scope="module")
def model(candidates):
    return candidates.model("blend")


def customer(plan, tenure, card, joined):
    return AttributeColumns(
        (
            category("plan", [plan]),
            Attribute("tenure", "number", np.array([tenure], np.float64)),
            Attribute("card", "flag", np.array([card], np.float64)),
            Attribute("joined", "date", np.array([joined], np.float64)),
        )
    )


def reasons(model, *values):
    return top_reasons(model, customer(*values), day=np.array([20_000.0]))


def test_the_reasons_are_the_values_that_raise_the_risk(model):
    explained = reasons(model, "month", 2, 1, 19_600)
    listed = explained.of(0)
    assert {reason.feature for reason in listed} >= {"plan", "tenure"}
    assert [r.contribution for r in listed] == sorted(
        (r.contribution for r in listed), reverse=True
    )
    by_name = {reason.feature: reason for reason in listed}
    assert (by_name["plan"].value, by_name["tenure"].value) == ("'month'", "2")
    for reason in listed:
        assert reason.otherwise < explained.probability[0]
        rise = logit(explained.probability[0]) - logit(reason.otherwise)
        assert rise == pytest.approx(reason.contribution)


def test_who_has_no_risk_has_no_reason(model):
    explained = reasons(model, "two years", 58, 0, 19_600)
    names = {reason.feature for reason in explained.of(0)}
    assert not names & {"plan", "tenure", "card"}
    assert explained.probability[0] < 0.1
    assert NONE in explained.places[0]


def test_in_words(model):
    explained = reasons(model, "month", 2, 1, 19_600)
    words = in_words(float(explained.probability[0]), explained.of(0))
    assert words.startswith("The chance to cancel within 30 days is 7")
    assert "plan is 'month'" in words
    assert "tenure is 2 (usually 3" in words
    assert in_words(0.0123, ()) == (
        "The chance to cancel within 30 days is 1.2%; no attribute raises it above what is usual."
    )


def test_many_customers_are_explained_as_one_is(shop, model):
    some = shop.attributes.take(np.arange(40))
    together = top_reasons(model, some, day=shop.day[:40])
    assert together.places.shape == (40, 3)
    assert (together.probability == model.p_cancel(some, day=shop.day[:40])).all()
    for row in (0, 17):
        alone = top_reasons(model, some.take(np.array([row])), day=shop.day[:1])
        assert alone.of(0) == together.of(row)
