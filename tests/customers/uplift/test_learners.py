"""Learners from sums are those of the plain formulas, and folds are kept apart."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from tessera.customers.uplift.design import Design
from tessera.customers.uplift.experiment import folds_of
from tessera.customers.uplift.learners import FLAT, fit, fit_best
from tessera.customers.uplift.sums import sums_of
from tests.customers.uplift.conftest import made

FOLDS = 4


@pytest.fixture(scope="module")
def parts():
    experiment = made(6_000, seed=3, strength=2.0).experiment
    design = Design.of(experiment.matrix)
    folds = folds_of(len(experiment), count=FOLDS, seed=1)
    return experiment, design, folds, sums_of(experiment, design, folds=folds, count=FOLDS)


def test_two_models_are_the_difference_of_two_regressions(parts):
    experiment, design, folds, sums = parts
    seen = folds < 3
    columns = design.block(experiment.matrix)
    predicted = [
        LinearRegression()
        .fit(columns[own & seen, 1:], experiment.outcome[own & seen])
        .predict(columns[:, 1:])
        for own in (experiment.is_treated, ~experiment.is_treated)
    ]
    model = fit(sums.over([0, 1, 2]), learner="two_models", penalty=1e-12)
    assert columns @ model.uplift == pytest.approx(predicted[0] - predicted[1], abs=1e-6)


def test_the_transformed_outcome_is_a_regression_on_it(parts):
    experiment, design, folds, sums = parts
    seen = folds < 3
    columns = design.block(experiment.matrix)
    model = fit(sums.over([0, 1, 2]), learner="transformed", penalty=1e-12)
    target = experiment.weight * (experiment.outcome - columns @ model.expected)
    plain = LinearRegression().fit(columns[seen, 1:], target[seen])
    assert columns @ model.uplift == pytest.approx(plain.predict(columns[:, 1:]), abs=1e-6)


def test_a_fold_that_is_not_named_changes_nothing(parts):
    experiment, design, folds, sums = parts
    spoilt = experiment.outcome.copy()
    spoilt[folds == 3] = 1e6
    others = sums_of(
        type(experiment)(**{**vars(experiment), "outcome": spoilt}), design, folds=folds,
        count=FOLDS,
    )  # fmt: skip
    first, second = (fit_best(one, folds=[0, 1, 2]) for one in (sums, others))
    assert (first.learner, first.penalty) == (second.learner, second.penalty)
    assert first.uplift.tolist() == second.uplift.tolist()


def test_shares_that_differ_by_person_are_weighed(parts):
    experiment, design, folds, _ = parts
    share = np.where(experiment.matrix[:, 0] > 60, 0.7, 0.6)
    mixed = type(experiment)(**{**vars(experiment), "share": share})
    sums = sums_of(mixed, design, folds=folds, count=FOLDS).over(range(FOLDS))
    columns = design.block(experiment.matrix)
    assert sums.weighted_outcome == pytest.approx(columns.T @ (mixed.weight * mixed.outcome))
    assert sums.weighted == pytest.approx(columns.T @ (columns * mixed.weight[:, None]))


def test_a_flat_model_gives_everybody_the_average(parts):
    experiment, _, _, sums = parts
    model = fit(sums.over(range(FOLDS)), learner="two_models", penalty=FLAT)
    treated = experiment.is_treated
    outcome = experiment.outcome
    assert model.uplift[0] == pytest.approx(outcome[treated].mean() - outcome[~treated].mean())
    assert not model.uplift[1:].any()
