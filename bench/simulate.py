"""Made-up customers by the million: their purchases, spends, and what K-Means is trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.peers import CACHE

Floats = npt.NDArray[np.float64]
_PURCHASES = {"r": 0.6, "alpha": 60.0, "a": 0.8, "b": 3.0}
_SPEND = {"p": 6.0, "q": 4.0, "v": 60.0}
_AGE_DAYS = 730


def purchases(customers: int) -> Path:
    """Return a file of repeats, last days and ages of a BG/NBD process, shape (3, customers)."""
    return _kept(f"purchases-{customers}", lambda: _purchases(customers))


def spends(customers: int) -> Path:
    """Return a file of repeats and mean spends of those who bought again, shape (2, …)."""
    return _kept(f"spends-{customers}", lambda: _spends(customers))


def shoppers(customers: int) -> Path:
    """Return a file of recency, frequency and money in cents, whole numbers, (3, customers)."""
    return _kept(f"shoppers-{customers}", lambda: _shoppers(customers))


def _kept(name: str, make: Callable[[], npt.NDArray[np.generic]]) -> Path:
    path = CACHE / f"{name}.npy"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(path, make())
    return path


def _purchases(customers: int) -> Floats:
    return np.stack(drawn(customers, parameters=_PURCHASES, seed=customers, most_days=_AGE_DAYS))


def drawn(
    customers: int, *, parameters: Mapping[str, float], seed: int, most_days: int
) -> tuple[Floats, Floats, Floats]:
    """Draw customers of a BG/NBD process whose purchases are counted by whole days.

    Returns
    -------
    repeats, last_day, age_days
        Shape (customers,) each. Ages are spread evenly up to ``most_days``.
    """
    random = np.random.default_rng(seed)
    age = random.integers(0, most_days + 1, customers).astype(np.float64)
    rate = random.gamma(parameters["r"], 1 / parameters["alpha"], customers)
    chance = random.beta(parameters["a"], parameters["b"], customers)
    instant, repeats, last = (np.zeros(customers) for _ in range(3))
    alive = np.arange(customers)
    while len(alive):
        instant[alive] += random.exponential(1 / rate[alive])
        alive = alive[instant[alive] <= age[alive]]
        day = np.floor(instant[alive])
        new = day > last[alive]  # a day's purchases count once
        repeats[alive[new]] += 1
        last[alive[new]] = day[new]
        alive = alive[random.random(len(alive)) >= chance[alive]]
    return repeats, last, age


def _spends(customers: int) -> Floats:
    """Draw a mean spend, in whole cents, for each repeat buyer of ``purchases``."""
    repeats = np.load(purchases(customers))[0]
    repeats = repeats[repeats > 0]
    return np.stack([repeats, _mean_spends(repeats, seed=customers + 1)])


def _mean_spends(repeats: Floats, *, seed: int) -> Floats:
    random = np.random.default_rng(seed)
    rate = random.gamma(_SPEND["q"], 1 / _SPEND["v"], len(repeats))
    total = random.gamma(_SPEND["p"] * repeats, 1 / rate)
    return np.maximum(np.round(total * 100), 1) / 100 / repeats


def _shoppers(customers: int) -> npt.NDArray[np.int64]:
    repeats, last_day, age_days = np.load(purchases(customers))
    orders = repeats + 1
    money = np.round(_mean_spends(orders, seed=customers + 2) * orders * 100)
    return np.stack([age_days - last_day, orders, money]).astype(np.int64)
