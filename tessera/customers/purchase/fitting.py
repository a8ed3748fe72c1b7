"""Fit a purchase model by maximum likelihood, and say what is doubtful about it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import numpy as np

from tessera.customers.one_thread import one_thread
from tessera.customers.purchase.coarse import coarsened
from tessera.customers.purchase.doubts import doubts
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS, Model, model_of, parameter_names
from tessera.customers.purchase.likelihood import Sample
from tessera.customers.purchase.optimum import Problem, inside, polish, positive, search
from tessera.customers.purchase.pairs import Floats
from tessera.errors import InvalidInput

_UNITS_IN_AGE = 10.0  # the fit's unit of time is a tenth of the longest age: parameters near 1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fitted:
    """A model and how it came about.

    Parameters
    ----------
    model
        The model at its most likely parameters.
    log_likelihood
        Of all customers, at these parameters, with days as the unit of time.
    standard_errors
        By parameter, in the unit of ``model.parameters()``. None where the likelihood has no
        peak inside the range of parameters, so that there are none.
    warnings
        What to know before trusting the model, in sentences.
    customers
        How many customers the rows stood for.
    seconds
        How long the fit took.
    """

    model: Model
    log_likelihood: float
    standard_errors: dict[str, float] | None
    warnings: tuple[str, ...]
    customers: int
    seconds: float


def fit(
    history: PurchaseHistory,
    *,
    kind: str,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Fitted:
    """Fit one kind of model.

    Parameters
    ----------
    history
        Everyone's, in any order. Equal rows may be one row with a weight.
    kind
        ``bg_nbd``, ``mbg_nbd`` or ``pareto_nbd``.
    seed
        Of the random starts. The same customers, kind and seed give the same model.
    clock
        Seconds, for the record of how long it took.

    Raises
    ------
    InvalidInput
        There is no such kind, or there are no customers.
    """
    if kind not in KINDS:
        raise InvalidInput(f"purchase model is {kind!r}: expected one of {', '.join(KINDS)}")
    began = clock()
    rows, unit_days = _to_learn_from(history)
    with one_thread():
        problem, point = _solve(rows, kind=kind, seed=seed, unit_days=unit_days)
        curvature = problem.curvature(point)
        model = _in_days(problem, point, unit_days=unit_days)
        likelihood = model.log_likelihood(rows)
    errors = _standard_errors(model, point, curvature, customers=float(rows.weights.sum()))
    return Fitted(
        model=model,
        log_likelihood=likelihood,
        standard_errors=errors,
        warnings=doubts(model, rows, at_edge=not inside(point), peak=errors is not None),
        customers=round(float(rows.weights.sum())),
        seconds=clock() - began,
    )


def refit(history: PurchaseHistory, *, near: Model) -> Model:
    """Return the model of customers who resemble those that another was fitted to.

    It is found from there: faster than by ``fit``, and without errors or doubts.

    Parameters
    ----------
    history
        As in ``fit``.
    near
        The other model. The result is of its kind.

    Raises
    ------
    InvalidInput
        There are no customers.
    """
    rows, unit_days = _to_learn_from(history)
    with one_thread():
        problem, point = _solve(rows, kind=near.name, unit_days=unit_days, near=near)
    return _in_days(problem, point, unit_days=unit_days)


def _to_learn_from(history: PurchaseHistory) -> tuple[PurchaseHistory, float]:
    """Return the distinct rows, and the days in the fit's unit of time."""
    if not history.weights.sum() > 0:
        raise InvalidInput("purchase model: there are no customers to learn from")
    rows, _ = history.distinct()
    return rows, float(rows.age_days.max()) / _UNITS_IN_AGE or 1.0


def _solve(
    rows: PurchaseHistory,
    *,
    kind: str,
    unit_days: float,
    seed: int = 0,
    near: Model | None = None,
) -> tuple[Problem, Floats]:
    """Search among few rows, then finish on all of them."""
    few = coarsened(rows)
    draft = Problem(kind, Sample.of(few, unit_days=unit_days))
    problem = draft if few is rows else Problem(kind, Sample.of(rows, unit_days=unit_days))
    known = np.log(list(near.parameters(unit_days=unit_days).values())) if near else None
    close = search(draft, seed=seed, near=known)
    return problem, polish(problem, close, curvature=draft.curvature(close))


def _in_days(problem: Problem, point: Floats, *, unit_days: float) -> Model:
    return model_of(problem.kind, problem.model(point).parameters(unit_days=1 / unit_days))


def _standard_errors(
    model: Model, point: Floats, curvature: Floats, *, customers: float
) -> dict[str, float] | None:
    """Return the errors of the logarithms, times the parameters."""
    if not inside(point) or not positive(curvature):
        return None
    errors = np.sqrt(np.diag(np.linalg.inv(curvature)) / customers)
    values = model.parameters()
    names = parameter_names(model.name)
    return {name: values[name] * float(error) for name, error in zip(names, errors, strict=True)}
