"""Who reacts is learnt where it can be, and withheld otherwise."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from tessera.customers.uplift.experiment import Experiment
from tessera.customers.uplift.groups import assign
from tessera.customers.uplift.learning import learn_uplift
from tessera.errors import InvalidInput
from tests.customers.uplift.conftest import made

pytestmark = pytest.mark.slow  # a model is learnt in most tests


@pytest.fixture(scope="module")
def learnt(reacting):
    experiment = reacting.experiment
    return learn_uplift(
        experiment, seed=1, rankings={"churn risk": experiment.column("recency_days")}
    )


def test_groups_that_react_come_first_and_their_effects_are_right(reacting, learnt):
    assert learnt.is_published, learnt.reason
    assert "beat a random choice and a choice by churn risk" in learnt.reason
    groups = [one.group for one in learnt.groups]
    codes = assign(groups, reacting.experiment.matrix, names=reacting.experiment.names)
    assert (codes >= 0).all()
    true = [reacting.effect[codes == code].mean() for code in range(len(groups))]
    effects = np.array([one.effect for one in learnt.groups])
    assert effects.tolist() == sorted(effects, reverse=True)
    assert np.corrcoef(true, effects)[0, 1] > 0.7
    people = np.array([one.people for one in learnt.groups])
    assert people.sum() == len(codes)
    # The best third holds what reacts: its mean effect is at least twice that of the rest.
    best = codes <= np.searchsorted(people.cumsum(), len(codes) / 3)
    assert reacting.effect[best].mean() > 2 * reacting.effect[~best].mean()


def test_average_and_curve_cover_the_truth(reacting, learnt):
    assert abs(learnt.average.value - reacting.effect.mean()) < 3 * learnt.average.error
    first, last = learnt.curve[0], learnt.curve[-1]
    assert (first.share, first.gain, last.share) == (0.0, 0.0, 1.0)
    assert last.gain == pytest.approx(learnt.average.value)
    assert last.random_gain == pytest.approx(last.gain)
    assert max(one.gain - one.random_gain for one in learnt.curve) > 0


def test_where_all_react_alike_nothing_is_published():
    published = [
        learn_uplift(made(3_000, seed=seed, strength=0.0).experiment, seed=seed).is_published
        for seed in range(30)
    ]
    assert sum(published) <= 4  # 5 % of 30 are 1.5, and 5 would come once in sixty times


def test_a_model_that_loses_to_the_churn_score_is_withheld(reacting):
    learnt = learn_uplift(reacting.experiment, seed=1, rankings={"churn risk": reacting.effect})
    assert learnt.decision == "withhold"
    assert "not a choice by churn risk" in learnt.reason
    assert learnt.groups


@pytest.mark.parametrize(
    ("people", "reason"), [(300, "people have a result"), (1_500, "people bought")]
)
def test_too_few_people_are_counted_in_words(people, reason):
    experiment = made(people, seed=1, strength=1.0, share=0.9 if people > 300 else 0.5).experiment
    if people > 300:
        experiment = _first(experiment, per_group=700)
    learnt = learn_uplift(experiment, seed=1)
    assert not learnt.is_published
    assert reason in learnt.reason
    assert learnt.groups == ()


def _first(experiment: Experiment, *, per_group: int) -> Experiment:
    rare = np.zeros(per_group)
    rare[:50] = 1.0
    return dataclasses.replace(
        experiment,
        matrix=experiment.matrix[: 2 * per_group],
        is_treated=np.repeat([True, False], per_group),
        share=np.full(2 * per_group, 0.5),
        outcome=np.tile(rare, 2),
    )


def test_the_same_people_give_the_same_model(reacting, learnt):
    experiment = reacting.experiment
    again = learn_uplift(
        experiment, seed=1, rankings={"churn risk": experiment.column("recency_days")}
    )
    assert again == learnt


def test_unknown_values_lose_nobody():
    experiment = made(20_000, seed=8, strength=2.0).experiment
    matrix = experiment.matrix.copy()
    matrix[::3, 3] = np.nan  # too often for a limit
    matrix[::50, 1] = np.nan
    learnt = learn_uplift(dataclasses.replace(experiment, matrix=matrix), seed=1)
    assert learnt.is_published
    columns = {limit.column for one in learnt.groups for limit in one.group.limits}
    assert "noise" not in columns
    codes = assign([one.group for one in learnt.groups], matrix, names=experiment.names)
    assert sum(one.people for one in learnt.groups) == (codes >= 0).sum()
    assert (codes < 0).sum() <= 400


def test_an_experiment_without_chance_is_refused(reacting):
    people = len(reacting.experiment)
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        dataclasses.replace(reacting.experiment, share=np.ones(people))
    with pytest.raises(InvalidInput, match="a row for each person"):
        dataclasses.replace(reacting.experiment, outcome=np.ones(3))
