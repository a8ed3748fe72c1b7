"""Sums over people, by fold: all that linear learners need, in one reading of a million rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Self

import numpy as np

from tessera.customers.uplift.design import Design
from tessera.customers.uplift.experiment import Codes, Experiment, Floats, blocks


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Sums:
    """Products of columns, and of columns and outcomes.

    Parameters
    ----------
    treated, held_out : shape (..., width, width)
        Of the people of each group.
    treated_outcome, held_out_outcome : shape (..., width)
        The same with the outcome.
    weighted : shape (..., width, width)
        Of everybody, times ``Experiment.weight``, and
    weighted_outcome : shape (..., width)
        with the outcome.
    """

    treated: Floats
    held_out: Floats
    treated_outcome: Floats
    held_out_outcome: Floats
    weighted: Floats
    weighted_outcome: Floats

    @property
    def everybody(self) -> Floats:
        """Products of columns of both groups."""
        return self.treated + self.held_out

    @property
    def people(self) -> float:
        """How many there are."""
        return float(self.everybody[0, 0])

    @property
    def share_treated(self) -> float:
        """How many of them were treated."""
        return float(self.treated[0, 0]) / self.people

    def over(self, folds: Collection[int]) -> Self:
        """Return the sums over some folds."""
        chosen = sorted(folds)
        return type(self)(**{name: value[chosen].sum(axis=0) for name, value in vars(self).items()})


def sums_of(experiment: Experiment, design: Design, *, folds: Codes, count: int) -> Sums:
    """Return the sums of each fold.

    Parameters
    ----------
    experiment
        The people.
    design
        How their columns are read.
    folds : shape (n,)
        From 0 to ``count - 1``.
    """
    width = design.width
    squares = {name: np.zeros((count, width, width)) for name in ("held_out", "treated")}
    outcomes = {name: np.zeros((count, width)) for name in squares}
    weighted, weighted_outcome = np.zeros((count, width, width)), np.zeros((count, width))
    weights = experiment.weight
    for rows in blocks(len(experiment)):
        block = design.block(experiment.matrix[rows])
        outcome, weight = experiment.outcome[rows], weights[rows]
        for fold in np.unique(folds[rows]).tolist():
            for name, is_group in (("held_out", False), ("treated", True)):
                own = (folds[rows] == fold) & (experiment.is_treated[rows] == is_group)
                part, own_outcome, own_weight = block[own], outcome[own], weight[own]
                product = part.T @ part
                squares[name][fold] += product
                outcomes[name][fold] += part.T @ own_outcome
                even = len(own_weight) and own_weight.min() == own_weight.max()
                weighted[fold] += (
                    product * own_weight[0] if even else part.T @ (part * own_weight[:, None])
                )
                weighted_outcome[fold] += part.T @ (own_outcome * own_weight)
    return Sums(
        treated=squares["treated"],
        held_out=squares["held_out"],
        treated_outcome=outcomes["treated"],
        held_out_outcome=outcomes["held_out"],
        weighted=weighted,
        weighted_outcome=weighted_outcome,
    )
