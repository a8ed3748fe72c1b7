"""Climb to a maximum by Newton's method: few, exact steps, for functions of few parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tessera.customers.spend.history import Flags, Floats

_STEPS = 200
_HALVINGS = 12
_LONGEST = 2.0  # of a step, in each parameter
_LEAST_GAIN = 1e-12  # that a step must promise, relative to the function's value
_TINY = 1e-300


class Peak(NamedTuple):
    """A function's value, its gradient (k,) and its Hessian (k, k) at one point."""

    value: float
    gradient: Floats
    hessian: Floats


@dataclasses.dataclass(frozen=True, kw_only=True)
class Box:
    """The lowest and highest value of each parameter, shape (k,)."""

    low: Floats
    high: Floats

    def within(self, point: Floats) -> Floats:
        """Return the nearest point inside."""
        return np.clip(point, self.low, self.high)

    def free(self, point: Floats, *, gradient: Floats) -> Flags:
        """Return which parameters may move: those that don't push against a bound."""
        held = (point <= self.low) & (gradient < 0) | (point >= self.high) & (gradient > 0)
        return ~held


def climb(function: Callable[[Floats], Peak], *, start: Floats, box: Box) -> tuple[Floats, Peak]:
    """Return where the function is highest in the box, as far as can be climbed from ``start``.

    Notes
    -----
    The Hessian's eigenvalues are taken as negative, so that a step leads up even where the
    function is not concave. It is halved until it does go up.
    """
    here = box.within(start)
    peak = function(here)
    for _ in range(_STEPS):
        step = _newton(peak, free=box.free(here, gradient=peak.gradient))
        if step @ peak.gradient <= _LEAST_GAIN * (1 + abs(peak.value)):
            break
        for halving in range(_HALVINGS):
            there = box.within(here + step / 2**halving)
            next_peak = function(there)
            if next_peak.value > peak.value:
                break
        else:
            break
        here, peak = there, next_peak
    return here, peak


def _newton(peak: Peak, *, free: Flags) -> Floats:
    step = np.zeros(len(free))
    if free.any():
        values, vectors = np.linalg.eigh(peak.hessian[np.ix_(free, free)])
        steepness = np.maximum(np.abs(values), 1e-12 * np.abs(values).max() + _TINY)
        step[free] = vectors @ ((vectors.T @ peak.gradient[free]) / steepness)
        step *= min(1.0, _LONGEST / max(float(np.abs(step).max()), _TINY))
    return step
