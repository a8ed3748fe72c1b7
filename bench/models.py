"""The purchase and spend models, fitted and asked, beside lifetimes on the same customers.

``python -m bench.models TASK FILE FOLDER`` is our contender. ``measure`` runs it and the peer's.
Imports and reading are not counted, and seconds are the processor's: every contender uses one.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import gammaln

from bench import simulate
from bench.peer_contenders import HORIZON_DAYS, timed
from bench.peers import ROOT, PeerMissing, interpreter
from bench.report import Ratio, Section, table
from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import model_of
from tessera.customers.spend.fitting import fit_spend
from tessera.customers.spend.history import SpendHistory

_WARM_UP = 1_000  # customers, to load whatever is loaded on first use
_CLOSE = 1e-3  # by how much a log-likelihood may lie lower and count as equal
_SCORED_A_SECOND = 5e6
TASKS = {
    "bg_nbd": ("BG/NBD", simulate.purchases, 30),
    "gamma_gamma": ("Gamma-Gamma", simulate.spends, 20),
}


def measure(customers: int, *, say: Callable[[str], None]) -> Section:
    """Fit and ask both models, ours and lifetimes'."""
    rows, ratios, notes = [], [], []
    for task, (title, simulated, target) in TASKS.items():
        say(f"{customers / 1e6:g} M customers: {title}")
        file = simulated(customers)
        measured = {"Tessera": _run([sys.executable, "-m", "bench.models"], task, file)}
        try:
            peer = [str(interpreter("lifetimes")), "bench/peer_contenders.py", "lifetimes"]
            measured["lifetimes"] = _run(peer, task, file)
        except PeerMissing as missing:
            notes.append(f"lifetimes is omitted, it can't be installed here: {missing}")
        likelihoods = {
            name: LIKELIHOODS[task](figures["parameters"], file)
            for name, figures in measured.items()
        }
        scored = np.load(file, mmap_mode="r").shape[1]
        rows += [
            _row(f"{name}, {title}", figures, likelihood=likelihoods[name], customers=scored)
            for name, figures in measured.items()
        ]
        if "lifetimes" in measured:
            ours, theirs = (
                measured[name]["fit"]["cpu_seconds"] for name in ("Tessera", "lifetimes")
            )
            ratios.append(
                Ratio(f"{title} fit: times as fast as lifetimes", theirs / ours, target, least=True)
            )
            gained = likelihoods["Tessera"] - likelihoods["lifetimes"]
            what = f"{title} fit: log-likelihood, above lifetimes'"
            ratios.append(Ratio(what, gained, -_CLOSE, least=True))
        if task == "bg_nbd":
            rate = scored / measured["Tessera"]["score"]["cpu_seconds"]
            what = "BG/NBD: million customers scored a second and core"
            ratios.append(Ratio(what, rate / 1e6, _SCORED_A_SECOND / 1e6, least=True))
    head = ["model", "customers", "fit, s", "log-likelihood", "score, s", "customers/s"]
    title = f"Models of {customers / 1e6:g} M customers, beside lifetimes"
    return Section(title, (*table(head, rows), *(["", *notes] if notes else [])), tuple(ratios))


def bg_nbd(file: Path) -> dict[str, Any]:
    """Fit and score by our own functions, all checks of the history included."""
    columns = dict(zip(("repeats", "last_day", "age_days"), np.load(file), strict=True))
    fit(PurchaseHistory(**columns).take(np.arange(_WARM_UP)), kind="bg_nbd")
    fitted, fit_took = timed(lambda: fit(PurchaseHistory(**columns), kind="bg_nbd"))

    def score() -> object:
        everyone = PurchaseHistory(**columns)
        alive = fitted.model.p_alive(everyone)
        return alive, fitted.model.expected_orders(everyone, days=HORIZON_DAYS)

    _, score_took = timed(score)
    return {"fit": fit_took, "score": score_took, "parameters": fitted.model.parameters()}


def gamma_gamma(file: Path) -> dict[str, Any]:
    """Fit and score by our own functions, without the fence for outliers: lifetimes has none."""
    repeats, mean_spend = np.load(file)

    def learn(rows: slice) -> Any:  # noqa: ANN401 (ours, whatever it is)
        history = SpendHistory.of(repeats[rows], mean_spend=mean_spend[rows])
        return fit_spend(history, fence=math.inf)

    learn(slice(_WARM_UP))
    fitted, fit_took = timed(lambda: learn(slice(None)))
    model = fitted.model
    everyone = SpendHistory.of(repeats, mean_spend=mean_spend)
    _, score_took = timed(lambda: model.expected_mean_spend(everyone))
    parameters = {"p": model.p, "q": model.q, "v": model.v}
    return {"fit": fit_took, "score": score_took, "parameters": parameters}


def _bg_nbd_likelihood(parameters: Mapping[str, float], file: Path) -> float:
    columns = dict(zip(("repeats", "last_day", "age_days"), np.load(file), strict=True))
    return float(model_of("bg_nbd", parameters).log_likelihood(PurchaseHistory(**columns)))


def _gamma_gamma_likelihood(parameters: Mapping[str, float], file: Path) -> float:
    """Return the likelihood as published (Fader & Hardie 2013), for anybody's parameters."""
    p, q, v = (parameters[name] for name in "pqv")
    x, m = np.load(file)
    each = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * math.log(v)
    each += (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(x * m + v)
    return float(each.sum())


CONTENDERS = {"bg_nbd": bg_nbd, "gamma_gamma": gamma_gamma}
LIKELIHOODS = {"bg_nbd": _bg_nbd_likelihood, "gamma_gamma": _gamma_gamma_likelihood}


def _run(program: list[str], task: str, file: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*program, task, str(file), folder], cwd=ROOT, check=True)
        return dict(json.loads((Path(folder) / "result.json").read_text()))


def _row(name: str, figures: dict[str, Any], *, likelihood: float, customers: int) -> list[str]:
    fit_s, score_s = (figures[part]["cpu_seconds"] for part in ("fit", "score"))
    rate = f"{customers / score_s:,.0f}"
    return [name, f"{customers:,}", f"{fit_s:.3f}", f"{likelihood:.4f}", f"{score_s:.3f}", rate]


if __name__ == "__main__":
    outcome = CONTENDERS[sys.argv[1]](Path(sys.argv[2]))
    (Path(sys.argv[3]) / "result.json").write_text(json.dumps(outcome), encoding="utf-8")
