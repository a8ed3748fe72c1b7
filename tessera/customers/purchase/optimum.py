"""Find the parameters at which a likelihood is highest, and how sharp its top is."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.optimize import minimize

from tessera.customers.purchase.kinds import Model, model_of, parameter_names
from tessera.customers.purchase.likelihood import Sample, value_and_slopes
from tessera.customers.purchase.pairs import Floats

EDGE = 12.0  # a parameter's logarithm stays within this of 0, in the fit's unit of time
_FARTHEST = 2 * EDGE  # where a step without bounds can land
_STARTS = 4
_GRADIENT = 1e-9  # of the mean log-likelihood, by the parameters' logarithms
_DRAFT_GRADIENT = 1e-6
_STEP = 1e-5  # between the gradients whose difference is the curvature


@dataclasses.dataclass(frozen=True)
class Problem:
    """The mean negative log-likelihood of a sample, by the logarithms of the parameters."""

    kind: str
    sample: Sample

    def model(self, logs: Floats) -> Model:
        """Return the model at a point."""
        values = np.exp(np.clip(logs, -_FARTHEST, _FARTHEST)).tolist()
        return model_of(self.kind, dict(zip(parameter_names(self.kind), values, strict=True)))

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        """Return the value and its gradient."""
        value, slopes = value_and_slopes(self.model(logs), self.sample)
        customers = self.sample.by_count.sum()
        return -value / customers, -slopes * np.exp(logs) / customers

    def curvature(self, logs: Floats) -> Floats:
        """Return the matrix of second derivatives, shape (4, 4)."""
        here = self(logs)[1]
        rows = [(self(logs + step)[1] - here) / _STEP for step in _STEP * np.eye(len(logs))]
        return (np.array(rows) + np.array(rows).T) / 2


def search(problem: Problem, *, seed: int, near: Floats | None = None) -> Floats:
    """Return the best point that several starts lead to. The first start is always the same.

    A point near the best one, such as that of the same shop a month later, is start enough, unless
    it leads to an edge. So is then the first start. Only where that leads to an edge too, there
    are more.
    """
    points = []
    for start in [] if near is None else [near.clip(-EDGE, EDGE), np.zeros(4)]:
        points = [_descend(problem, start, precision=_DRAFT_GRADIENT)]
        if inside(points[0]):
            return points[0]
    random = np.random.default_rng(seed).normal(size=(_STARTS - 1, 4))
    starts = random if points else [np.zeros(4), *random]
    points += [_descend(problem, start, precision=_DRAFT_GRADIENT) for start in starts]
    return min(points, key=lambda point: problem(point)[0])


def polish(problem: Problem, near: Floats, *, curvature: Floats) -> Floats:
    """Return the optimum close to a point, in few steps.

    The curvature, of a coarser sample maybe, makes the first step Newton's, and BFGS mends it on
    the way. At an edge the likelihood is flat and no step is sure: there the bounds matter.
    """
    if inside(near) and positive(curvature):
        inverse = np.linalg.inv(curvature)
        result = minimize(
            problem,
            near,
            jac=True,
            method="BFGS",
            options={"hess_inv0": (inverse + inverse.T) / 2, "gtol": _GRADIENT, "maxiter": 50},
        )
        if inside(result.x) and np.abs(result.jac).max() < _DRAFT_GRADIENT:
            return np.asarray(result.x, np.float64)
    return _descend(problem, near, precision=_GRADIENT)


def inside(logs: Floats) -> bool:
    """Whether no parameter is at its edge."""
    return bool(np.abs(logs).max() < EDGE - 0.01)


def positive(curvature: Floats) -> bool:
    """Whether a matrix is clearly positive definite."""
    lowest, *_, highest = np.linalg.eigvalsh(curvature)
    return bool(lowest > 1e-9 * abs(highest) and lowest > 0)


def _descend(problem: Problem, start: Floats, *, precision: float) -> Floats:
    result = minimize(
        problem,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-EDGE, EDGE)] * len(start),
        options={"ftol": 1e-5 * precision, "gtol": precision, "maxiter": 500, "maxcor": 20},
    )
    return np.asarray(result.x, np.float64)
