"""``python -m bench.purchase_peers --peer PYTHON``: fit BG/NBD against lifetimes, in one run.

PYTHON is an interpreter with lifetimes 0.11.3 (``python3 -m venv peers``, then ``peers/bin/pip
install lifetimes==0.11.3``). Without it only our own figures are printed. Each contender is its
own process; imports and reading are not counted; seconds are those of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
TRUE = {"r": 0.6, "alpha": 60.0, "a": 0.8, "b": 3.0}
AGE_DAYS = 730
HORIZON_DAYS = 365.0
TARGETS = {"fit": 30.0, "score": 5e6}


def main() -> int:
    """Print a table per size; return 1 when a target was missed at the largest."""
    options = _options()
    if options.contender:
        json.dump(CONTENDERS[options.contender](*_columns(options.file)), sys.stdout)
        return 0
    met = True
    for customers in sorted(options.customers):
        path = _generated(customers)
        found = {"tessera": _run(sys.executable, "tessera", path)}
        if options.peer:
            found["lifetimes"] = _run(options.peer, "lifetimes", path)
        met = _report(found, path, customers=customers)
    return 0 if met else 1


def tessera(repeats: Floats, last_day: Floats, age_days: Floats) -> dict[str, Any]:
    """Fit and score by our own functions, all checks of the history included."""
    from tessera.customers.purchase.fitting import fit
    from tessera.customers.purchase.history import PurchaseHistory

    def history() -> PurchaseHistory:
        return PurchaseHistory(repeats=repeats, last_day=last_day, age_days=age_days)

    fit(history().take(np.arange(1_000)), kind="bg_nbd")  # whatever is loaded on first use
    fitted, fit_seconds = _timed(lambda: fit(history(), kind="bg_nbd"))

    def score() -> object:
        everyone = history()
        alive = fitted.model.p_alive(everyone)
        return alive, fitted.model.expected_orders(everyone, days=HORIZON_DAYS)

    _, score_seconds = _timed(score)
    return {"fit": fit_seconds, "score": score_seconds, "parameters": fitted.model.parameters()}


def lifetimes(repeats: Floats, last_day: Floats, age_days: Floats) -> dict[str, Any]:
    """Fit and score as lifetimes' manual does."""
    import warnings

    from lifetimes import BetaGeoFitter  # type: ignore[import-not-found]

    warnings.simplefilter("ignore")
    fitter = BetaGeoFitter()
    _, fit_seconds = _timed(lambda: fitter.fit(repeats, last_day, age_days))

    def score() -> object:
        alive = fitter.conditional_probability_alive(repeats, last_day, age_days)
        expected = fitter.conditional_expected_number_of_purchases_up_to_time
        return alive, expected(HORIZON_DAYS, repeats, last_day, age_days)

    _, score_seconds = _timed(score)
    parameters = {name: float(value) for name, value in fitter.params_.items()}
    return {"fit": fit_seconds, "score": score_seconds, "parameters": parameters}


CONTENDERS = {"tessera": tessera, "lifetimes": lifetimes}


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def _run(python: str, contender: str, path: Path) -> dict[str, Any]:
    program = [python, str(Path(__file__).resolve()), "--contender", contender, "--file", str(path)]
    ours = {"PYTHONPATH": str(ROOT)} if contender == "tessera" else {}
    done = subprocess.run(program, capture_output=True, check=True, text=True, env=ours)
    return dict(json.loads(done.stdout))


def _report(found: dict[str, dict[str, Any]], path: Path, *, customers: int) -> bool:
    """Print one size's table; both likelihoods are by the same function, at each one's fit."""
    from tessera.customers.purchase.history import PurchaseHistory
    from tessera.customers.purchase.kinds import model_of

    names = ("repeats", "last_day", "age_days")
    history = PurchaseHistory(**dict(zip(names, _columns(path), strict=True)))
    print(f"\n{customers:,} customers, {len(history.distinct()[0]):,} of them distinct\n")
    print("| BG/NBD | fit, CPU s | log-likelihood | score, CPU s | customers a second |")
    print("|---|--:|--:|--:|--:|")
    likelihoods = {}
    for name, figures in found.items():
        model = model_of("bg_nbd", figures["parameters"])
        likelihoods[name] = model.log_likelihood(history)
        fit, score = figures["fit"], figures["score"]
        rate = customers / score
        print(f"| {name} | {fit:.3f} | {likelihoods[name]:.4f} | {score:.3f} | {rate:,.0f} |")
    ours = found["tessera"]
    met = bool(customers / ours["score"] >= TARGETS["score"])
    if "lifetimes" in found:
        ratio = found["lifetimes"]["fit"] / ours["fit"]
        print(f"\n{ratio:.0f} times as fast to fit (target: {TARGETS['fit']:.0f} at 1,000,000).")
        better = likelihoods["tessera"] >= likelihoods["lifetimes"] - 1e-4
        met = met and bool(ratio >= TARGETS["fit"]) and better
    return met


def _generated(customers: int) -> Path:
    path = CACHE / f"purchases-{customers}.npy"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        np.save(path, _simulated(customers))
    return path


def _columns(path: Path) -> list[Floats]:
    return list(np.load(path))


def _simulated(customers: int) -> Floats:
    """Return repeats, last days and ages of a BG/NBD process, shape (3, customers)."""
    random = np.random.default_rng(customers)
    age = random.integers(0, AGE_DAYS + 1, customers).astype(np.float64)
    rate = random.gamma(TRUE["r"], 1 / TRUE["alpha"], customers)
    chance = random.beta(TRUE["a"], TRUE["b"], customers)
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
    return np.stack([repeats, last, age])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.purchase_peers", description=__doc__)
    sizes = [100_000, 1_000_000]
    parser.add_argument("--customers", type=int, nargs="+", default=sizes, help="how many")
    parser.add_argument("--peer", help="a Python interpreter with lifetimes installed")
    parser.add_argument("--contender", choices=sorted(CONTENDERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
