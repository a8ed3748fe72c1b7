"""K-Means: ours on weighted distinct rows beside scikit-learn on one row a customer.

``python -m bench.clusters CONTENDER FILE FOLDER`` runs one of them. Both begin with the same three
columns of whole numbers, and reading these is not counted.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from bench import simulate
from bench.measure import command
from bench.peer_contenders import timed
from bench.peers import ROOT
from bench.report import Ratio, Section, table

_K = 5
_SEED = 1
_FASTER = 20
_NAMES = {"tessera": "Tessera, weighted distinct rows", "sklearn": "scikit-learn, n_init=10"}
_MINOR_IN_CENT = 100


def measure(customers: int, *, say: Callable[[str], None]) -> Section:
    """Train both, one process each, and compare seconds, memory and inertia."""
    file = simulate.shoppers(customers)
    results, rows = {}, []
    for name, title in _NAMES.items():
        say(f"{customers / 1e6:g} M customers: K-Means by {name}")
        with tempfile.TemporaryDirectory() as folder:
            program = [sys.executable, "-m", "bench.clusters", name, str(file), folder]
            measured = command(program, cwd=ROOT)
            results[name] = one = json.loads((Path(folder) / "result.json").read_text())
        took = [f"{one[part]['seconds']:.2f}" for part in ("fold", "train")]
        processor = f"{one['train']['cpu_seconds']:.2f}"
        rows.append(
            [title, f"{one['rows']:,}", *took, processor, f"{one['inertia']:,.1f}",
             f"{measured.peak_mb:,.0f}"]
        )  # fmt: skip
    ours, theirs = (results[name] for name in _NAMES)
    faster = theirs["train"]["seconds"] / ours["train"]["seconds"]
    whole = theirs["train"]["seconds"] / (ours["fold"]["seconds"] + ours["train"]["seconds"])
    above = (ours["inertia"] / theirs["inertia"] - 1) * 1e6
    head = ["way", "rows", "fold, s", "train, s", "train, processor s", "inertia", "peak MB"]
    return Section(
        f"K-Means of {customers / 1e6:g} M customers, k = {_K}",
        (*table(head, rows), "", f"With the fold, ours is {whole:.1f} times as fast."),
        (
            Ratio("K-Means: times as fast as scikit-learn", faster, _FASTER, least=True),
            Ratio("K-Means: inertia above scikit-learn's, per million", above, 0.0),
        ),
    )


def tessera(file: Path) -> dict[str, Any]:
    """Fold equal customers as Prepare does, then train as the training job does."""
    import duckdb
    import pyarrow as pa

    from tessera.customers.clusters.fitting import fit_clusters
    from tessera.customers.summary import features

    recency, frequency, cents = np.load(file)
    customers = pa.table({"recency_days": recency, "frequency": frequency, "monetary": cents})

    def fold() -> Any:  # noqa: ANN401 (columns by name)
        with duckdb.connect() as db:
            db.register("customers", customers)
            return db.sql(features("customers")).fetchnumpy()

    distinct, fold_took = timed(fold)

    def train() -> Any:  # noqa: ANN401 (our own model)
        return fit_clusters(
            recency_days=distinct["recency_days"],
            frequency=distinct["frequency"],
            monetary=distinct["monetary"] * _MINOR_IN_CENT,
            customers=distinct["customers"],
            k=_K,
            seed=_SEED,
        )

    model, train_took = timed(train)
    result = {"inertia": model.inertia, "rows": len(distinct["customers"])}
    return {**result, "fold": fold_took, "train": train_took}


def sklearn(file: Path) -> dict[str, Any]:
    """Standardise the same features of every customer, and train as the manual does."""
    from sklearn.cluster import KMeans
    from sklearn.preprocessing import StandardScaler

    recency, frequency, cents = np.load(file)

    def train() -> Any:  # noqa: ANN401 (untyped)
        points = np.log1p(np.column_stack([recency, frequency, cents / 100]))
        return KMeans(_K, n_init=10, random_state=_SEED).fit(StandardScaler().fit_transform(points))

    model, took = timed(train)
    nothing = {"seconds": 0.0, "cpu_seconds": 0.0}
    return {"inertia": model.inertia_, "rows": len(recency), "fold": nothing, "train": took}


CONTENDERS = {"tessera": tessera, "sklearn": sklearn}

if __name__ == "__main__":
    outcome = CONTENDERS[sys.argv[1]](Path(sys.argv[2]))
    (Path(sys.argv[3]) / "result.json").write_text(json.dumps(outcome), encoding="utf-8")
