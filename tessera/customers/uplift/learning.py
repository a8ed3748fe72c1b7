"""From an experiment to groups by how they react, judged on people that they are not learnt from.

The whole procedure, choices included, is run on each four fifths of the people and judged on the
rest. What is published is then learnt again on everybody.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from tessera.customers.one_thread import one_thread
from tessera.customers.uplift.design import Design
from tessera.customers.uplift.experiment import Codes, Experiment, Floats, blocks, folds_of
from tessera.customers.uplift.groups import (
    Cuts,
    UpliftGroup,
    assign,
    cuts_of,
    grow_groups,
    scores_of,
)
from tessera.customers.uplift.learners import LinearUplift, fit_best
from tessera.customers.uplift.learnt import JudgedGroup, LearntUplift
from tessera.customers.uplift.qini import (
    UpliftEstimate,
    area_between,
    curve,
    effect_guesses,
    mean_of,
    qini_area,
    ranks_within,
)
from tessera.customers.uplift.sums import sums_of
from tessera.customers.uplift.words import lacking_of, verdict_words

FOLDS = 5
_NOTHING: Mapping[str, Floats] = MappingProxyType({})


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class _Unseen:
    """What models of other people say of each person: shape (n,) each."""

    score: Floats
    group_score: Floats
    guesses: Floats


def learn_uplift(
    experiment: Experiment,
    *,
    seed: int,
    rankings: Mapping[str, Floats] = _NOTHING,
    sequence_z: float | None = None,
) -> LearntUplift:
    """Learn who reacts, and judge it.

    Parameters
    ----------
    experiment
        The people, in an order that their values decide, so that folds are the same each time.
    seed
        Of the folds.
    rankings
        Other ways to choose people, by their names: shape (n,), the first to treat have the
        highest. NaN counts as the lowest.
    sequence_z
        What is asked for at this look, in standard errors, where the same experiment is judged
        again and again while people are added. None for one look.

    Returns
    -------
    LearntUplift
        Withheld below 500 people or 100 outcomes in one of the two groups, where it does not
        surely beat a random choice, and where it does not beat each of the rankings.
    """
    is_treated = experiment.is_treated
    people, treated = len(experiment), int(is_treated.sum())
    has_outcome = experiment.outcome != 0
    lacking = lacking_of(
        treated=(treated, int(has_outcome[is_treated].sum())),
        held_out=(people - treated, int(has_outcome[~is_treated].sum())),
    )
    if lacking:
        return LearntUplift(decision="withhold", reason=lacking, people=people, treated=treated)
    with one_thread():
        return _learn(experiment, seed=seed, rankings=rankings, sequence_z=sequence_z)


def _learn(
    experiment: Experiment,
    *,
    seed: int,
    rankings: Mapping[str, Floats],
    sequence_z: float | None,
) -> LearntUplift:
    def looked(estimate: UpliftEstimate) -> UpliftEstimate:
        """Return it with the interval of this look."""
        return dataclasses.replace(estimate, sequence_z=sequence_z)

    folds = folds_of(len(experiment), count=FOLDS, seed=seed)
    design, cuts = Design.of(experiment.matrix), cuts_of(experiment.matrix)
    sums = sums_of(experiment, design, folds=folds, count=FOLDS)
    every = range(FOLDS)
    models = [fit_best(sums, folds=set(every) - {fold}) for fold in every]
    final = fit_best(sums, folds=every)
    scores, guesses = _scored(experiment, design, [*models, final], folds=folds)
    unseen = _unseen(experiment, cuts, scores, guesses, folds=folds)
    names = experiment.names
    groups = grow_groups(cuts, scores[-1], names=names, rows=np.arange(len(experiment)))
    ranks = ranks_within(unseen.group_score, folds)
    area = looked(qini_area(unseen.guesses, ranks))
    others = {name: ranks_within(_known(one), folds) for name, one in rankings.items()}
    against = {
        name: looked(area_between(unseen.guesses, ranks, others=own))
        for name, own in others.items()
    }
    average, slope = _calibrated(unseen, folds=folds)
    is_better = area.is_surely_positive and all(one.value > 0 for one in against.values())
    codes = assign(groups, experiment.matrix, names=names)
    return LearntUplift(
        decision="publish" if is_better and len(groups) > 1 else "withhold",
        reason=verdict_words(groups=len(groups), area=area, against=against),
        people=len(experiment),
        treated=int(experiment.is_treated.sum()),
        average=looked(average),
        learner=final.learner,
        penalty=final.penalty,
        score_area=looked(qini_area(unseen.guesses, ranks_within(unseen.score, folds))),
        area=area,
        against=against,
        slope=slope.value,
        groups=_judged(groups, codes, average=average, slope=slope),
        curve=tuple(curve(unseen.guesses, ranks)),
        curves_against={name: tuple(curve(unseen.guesses, own)) for name, own in others.items()},
    )


def _scored(
    experiment: Experiment, design: Design, models: list[LinearUplift], *, folds: Codes
) -> tuple[npt.NDArray[np.float32], Floats]:
    """Return each model's scores, shape (models, n), and everybody's guessed effect.

    The last model is that of everybody. What is expected of a person comes from another one.
    """
    scores = np.empty((len(models), len(experiment)), np.float32)
    expected = np.empty(len(experiment))
    uplift = np.column_stack([model.uplift for model in models])
    usual = np.column_stack([model.expected for model in models])
    for rows in blocks(len(experiment)):
        block = design.block(experiment.matrix[rows])
        scores[:, rows] = (block @ uplift).T
        own = folds[rows][:, None].astype(np.int64)
        expected[rows] = np.take_along_axis(block @ usual, own, axis=1)[:, 0]
    return scores, effect_guesses(experiment.weight, experiment.outcome, expected=expected)


def _unseen(
    experiment: Experiment,
    cuts: Cuts,
    scores: npt.NDArray[np.float32],
    guesses: Floats,
    *,
    folds: Codes,
) -> _Unseen:
    score, group_score = np.empty(len(experiment)), np.empty(len(experiment))
    names = experiment.names
    for fold in range(FOLDS):
        seen, unseen = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        groups = grow_groups(cuts, scores[fold], names=names, rows=seen)
        codes = assign(groups, experiment.matrix[unseen], names=names)
        otherwise = float(scores[fold][seen].mean(dtype=np.float64))
        group_score[unseen] = scores_of(groups, codes, otherwise=otherwise)
        score[unseen] = scores[fold][unseen]
    return _Unseen(score=score, group_score=group_score, guesses=guesses)


def _calibrated(unseen: _Unseen, *, folds: Codes) -> tuple[UpliftEstimate, UpliftEstimate]:
    """Return the average effect, and the slope of effects over the groups' scores, with errors.

    The slope is a regression within folds, on people that the scores were not learnt from. It is
    kept from 0 to 1: a score is believed in part, or not at all, and never more than it says.
    """
    average = mean_of(unseen.guesses)
    centred, guesses = _centred(unseen.group_score, folds), _centred(unseen.guesses, folds)
    spread = float(centred @ centred)
    if spread <= 0:
        return average, UpliftEstimate(value=0.0, error=0.0)
    slope = float(centred @ guesses) / spread
    error = float(np.sqrt(((centred * (guesses - slope * centred)) ** 2).sum())) / spread
    return average, UpliftEstimate(value=min(max(slope, 0.0), 1.0), error=error)


def _centred(values: Floats, folds: Codes) -> Floats:
    means = np.bincount(folds, weights=values) / np.bincount(folds)
    centred: Floats = values - means[folds]
    return centred


def _judged(
    groups: tuple[UpliftGroup, ...],
    codes: Codes,
    *,
    average: UpliftEstimate,
    slope: UpliftEstimate,
) -> tuple[JudgedGroup, ...]:
    counts = np.bincount(codes[codes >= 0], minlength=len(groups))
    scores = np.array([group.score for group in groups])
    mean = float(scores @ counts) / max(int(counts.sum()), 1)
    return tuple(
        JudgedGroup(
            group=group,
            people=int(count),
            effect=average.value + slope.value * (group.score - mean),
            error=float(np.hypot(average.error, slope.error * (group.score - mean))),
        )
        for group, count in zip(groups, counts.tolist(), strict=True)
    )


def _known(ranking: Floats) -> Floats:
    known = ranking[~np.isnan(ranking)]
    lowest = float(known.min()) - 1 if len(known) else 0.0
    return np.where(np.isnan(ranking), lowest, ranking)
