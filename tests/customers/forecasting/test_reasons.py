"""Explanations: their parts come to the forecast, and every feature has words."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.forecasting.correction.applying import expected_orders, scaled
from tessera.customers.forecasting.correction.regression import fit_orders, log_terms
from tessera.customers.forecasting.history.features import EMAILS, PURCHASES, VIEWS
from tessera.customers.forecasting.history.known import GROUPS
from tessera.customers.forecasting.history.snapshot import BuyerSnapshot
from tessera.customers.forecasting.reasons import MOST, explain_orders
from tessera.customers.forecasting.words import FEATURES
from tessera.records.scoring.learnt_forecasts import Blend, Forest, LearntOrders, Scale, SmallTree
from tests.behaviour import SMALL, of_shop, snapshot


@pytest.fixture(scope="module")
def at() -> BuyerSnapshot:
    return snapshot(of_shop(SMALL).until(360))


@pytest.fixture(scope="module")
def learnt(at) -> LearntOrders:
    """A factor that was learnt with some effort of each feature, for all but new customers."""
    expected = at.by_model(90)
    effect = np.random.default_rng(2).normal(0, 0.1, at.features.shape[1])
    centred = at.features - at.features.mean(axis=0)
    orders = expected * np.exp(centred @ effect)
    draft = LearntOrders(
        learnt_days=90,
        cuts=3,
        level=0.81,
        temper=0.0,
        blends={
            "new": Blend(weight=0.0, share=0.0),
            "bought_once": Blend(weight=0.5, share=0.0),
            "repeated": Blend(weight=1.0, share=0.0),
        },
        regression=fit_orders(at.features, orders, expected=expected, names=at.names),
        forest=None,
        scale=Scale(days=0, mean_expected=0.0, of_factor=1.0, of_trees=1.0),
    )
    return scaled(draft, at, days=365)


def test_the_model_times_the_level_times_all_terms_is_the_forecast(at, learnt):
    explained = explain_orders(learnt, at)
    assert [one.expected for one in explained] == expected_orders(learnt, at).tolist()
    assert [one.by_model for one in explained] == at.by_model(365).tolist()
    weight = np.array([0.0, 0.5, 1.0])[at.known.group]
    terms = log_terms(learnt.regression, at.features).sum(axis=1)
    inside = np.abs(terms + learnt.regression.intercept) < 2
    assert inside.mean() > 0.9
    product = at.by_model(365) * [one.level for one in explained] * np.exp(weight * terms)
    assert product[inside] == pytest.approx(expected_orders(learnt, at)[inside])


def test_the_strongest_terms_are_the_reasons(at, learnt):
    row = int(np.flatnonzero(at.known.group == GROUPS.index("repeated"))[0])
    terms = np.exp(log_terms(learnt.regression, at.features)[row])
    [explained] = explain_orders(
        learnt, dataclasses.replace(at, known=at.known.take(np.array([row])))
    )
    strongest = sorted(zip(at.names, terms, strict=True), key=lambda pair: -abs(np.log(pair[1])))[
        :MOST
    ]
    assert [one.feature for one in explained.reasons] == [name for name, _ in strongest]
    assert [one.factor for one in explained.reasons] == pytest.approx(
        [factor for _, factor in strongest], abs=1e-4
    )
    first = explained.reasons[0]
    assert explained.sentences[0].startswith("the purchase model expects ")
    assert explained.sentences[1] == f"{FEATURES[first.feature]}: × {first.factor:.2f}"
    assert (
        explained.sentences[-1] == f"together with smaller reasons: {explained.expected:.2f} orders"
    )


def test_a_group_without_proof_has_no_reasons(at, learnt):
    new = at.known.group == GROUPS.index("new")
    for one, is_new in zip(explain_orders(learnt, at), new, strict=True):
        assert bool(one.reasons) != is_new
        if is_new:
            assert one.level == learnt.scale.of_factor


def test_what_changes_hardly_anything_is_no_reason(at, learnt):
    faint = dataclasses.replace(
        learnt.regression, coefficients=(0.001,) * len(at.names), intercept=0.0
    )
    for one in explain_orders(dataclasses.replace(learnt, regression=faint), at):
        assert one.reasons == ()


def test_the_share_of_trees_is_one_line(at, learnt):
    forest = Forest(baseline=0.0, trees=(SmallTree(feature=(-1,), value=(0.1,), left=(-1,)),))
    blends = {**learnt.blends, "repeated": Blend(weight=0.0, share=0.25)}
    mixed = dataclasses.replace(learnt, forest=forest, blends=blends)
    for one, group in zip(explain_orders(mixed, at), at.known.group, strict=True):
        line = "what customers with a like history did next counts for 25 %"
        assert (line in one.sentences) == (GROUPS[group] == "repeated")


def test_without_anything_learnt_the_model_speaks(at, learnt):
    nothing = dataclasses.replace(learnt, regression=None, blends={})
    for one in explain_orders(nothing, at):
        assert one.reasons == ()
        assert one.tree_share == 0
        assert one.without_amounts == ()
        assert one.sentences[-1] == f"together: {one.expected:.2f} orders"


def test_every_feature_has_words():
    assert set(FEATURES) == {*PURCHASES, *VIEWS, *EMAILS}
