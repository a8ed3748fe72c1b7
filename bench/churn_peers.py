"""Boosting libraries on a table of customers, tuned as their manuals advise.

``python churn_peers.py PEER FILE FOLDER`` leaves ``chances.npy`` and ``result.json`` in FOLDER.
Nothing of the project is imported. The file is an .npz of
``matrix`` (NaN where unknown), ``cancelled`` and ``categories`` (whether a column holds places of
levels). Five stratified folds predict each customer from the others. Within each, the best size
is chosen and stopped on a third held out. Learning and choosing count as time.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, train_test_split

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_MOST_ROUNDS, _PATIENCE, _MORE = 1_500, 40, 1.1  # more rounds when all rows are learnt from
_SEED = 42


@dataclasses.dataclass(frozen=True, eq=False)
class PeerTable:
    """Customers, with categories as places of levels."""

    matrix: Floats
    cancelled: Bools
    categories: Sequence[int]

    def take(self, rows: npt.NDArray[np.int64]) -> PeerTable:
        """Return some of the customers."""
        return PeerTable(self.matrix[rows], self.cancelled[rows], self.categories)


Predict = Callable[[Floats], Floats]


class Learner(Protocol):
    """Learns from a table, up to so many rounds or until another table's loss stops falling."""

    def __call__(
        self, rows: PeerTable, size: int, *, rounds: int, others: PeerTable | None
    ) -> tuple[int, Predict]:
        """Return how many rounds were best, and what predicts."""


def lightgbm(
    rows: PeerTable, size: int, *, rounds: int, others: PeerTable | None
) -> tuple[int, Predict]:
    """Learn by LightGBM with so many leaves."""
    import lightgbm as library  # type: ignore[import-not-found]

    known = functools.partial(_filled, categories=rows.categories)
    model = library.LGBMClassifier(
        n_estimators=rounds, learning_rate=0.04, num_leaves=size, min_child_samples=20,
        colsample_bytree=0.7, subsample=0.8, subsample_freq=1, reg_lambda=5.0, n_jobs=1,
        verbose=-1, random_state=_SEED,
    )  # fmt: skip
    stop: dict[str, Any] = {}
    if others is not None:
        stop = {
            "eval_X": known(others.matrix),
            "eval_y": others.cancelled,
            "eval_metric": "binary_logloss",
            "callbacks": [library.early_stopping(_PATIENCE, verbose=False)],
        }
    model.fit(known(rows.matrix), rows.cancelled, categorical_feature=list(rows.categories), **stop)
    best = rounds if others is None else model.best_iteration_
    return best, lambda matrix: model.predict_proba(known(matrix))[:, 1]


def xgboost(
    rows: PeerTable, size: int, *, rounds: int, others: PeerTable | None
) -> tuple[int, Predict]:
    """Learn by XGBoost with trees of a depth."""
    import xgboost as library  # type: ignore[import-not-found]

    kinds = ["c" if place in rows.categories else "q" for place in range(rows.matrix.shape[1])]

    def data(matrix: Floats, cancelled: Bools | None = None) -> Any:  # noqa: ANN401
        return library.DMatrix(
            matrix, label=cancelled, feature_types=kinds, enable_categorical=True
        )

    stop: dict[str, Any] = {}
    if others is not None:
        evaluated = [(data(others.matrix, others.cancelled), "others")]
        stop = {"evals": evaluated, "early_stopping_rounds": _PATIENCE, "verbose_eval": False}
    settings = {
        "objective": "binary:logistic", "eval_metric": "logloss", "tree_method": "hist",
        "eta": 0.04, "max_depth": size, "min_child_weight": 3, "colsample_bytree": 0.6,
        "subsample": 0.8, "reg_lambda": 5.0, "nthread": 1, "seed": _SEED,
    }  # fmt: skip
    model = library.train(settings, data(rows.matrix, rows.cancelled), rounds, **stop)
    best = rounds if others is None else model.best_iteration + 1
    return best, lambda matrix: model.predict(data(matrix), iteration_range=(0, best))


def catboost(
    rows: PeerTable, size: int, *, rounds: int, others: PeerTable | None
) -> tuple[int, Predict]:
    """Learn by CatBoost with trees of a depth."""
    import catboost as library  # type: ignore[import-not-found]
    import pandas as pd

    def data(matrix: Floats, cancelled: Bools | None = None) -> Any:  # noqa: ANN401
        frame = pd.DataFrame(_filled(matrix, categories=rows.categories))
        frame = frame.astype(dict.fromkeys(rows.categories, "int64"))
        return library.Pool(frame, cancelled, cat_features=list(rows.categories))

    model = library.CatBoostClassifier(
        iterations=rounds, learning_rate=0.06, depth=size, thread_count=1, verbose=False,
        random_seed=_SEED, allow_writing_files=False,
    )  # fmt: skip
    stop: dict[str, Any] = {}
    if others is not None:
        evaluated = data(others.matrix, others.cancelled)
        stop = {"eval_set": evaluated, "early_stopping_rounds": _PATIENCE}
    model.fit(data(rows.matrix, rows.cancelled), **stop)
    best = rounds if others is None else model.get_best_iteration() + 1
    return best, lambda matrix: model.predict_proba(data(matrix))[:, 1]


def scikit_learn(
    rows: PeerTable, size: int, *, rounds: int, others: PeerTable | None
) -> tuple[int, Predict]:
    """Learn by scikit-learn's histogram trees with so many leaves."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=min(rounds, 600), max_leaf_nodes=size, max_features=0.7,
        l2_regularization=5.0, categorical_features=list(rows.categories), random_state=_SEED,
        early_stopping=others is not None, scoring="loss", n_iter_no_change=_PATIENCE, tol=0.0,
    )  # fmt: skip
    held_out = {} if others is None else {"X_val": others.matrix, "y_val": others.cancelled}
    model.fit(rows.matrix, rows.cancelled, **held_out)
    best = rounds if others is None else max(1, int(np.argmax(model.validation_score_)))
    return best, lambda matrix: model.predict_proba(matrix)[:, 1]


PEERS: Mapping[str, tuple[Learner, Sequence[int]]] = {
    "scikit-learn": (scikit_learn, (4, 8, 16, 31)),
    "lightgbm": (lightgbm, (4, 8, 16, 31)),
    "xgboost": (xgboost, (2, 4, 6)),
    "catboost": (catboost, (4, 6)),
}


def out_of_fold(table: PeerTable, peer: str) -> Floats:
    """Return each customer's chance, predicted from others."""
    chances = np.empty(len(table.cancelled))
    folds = StratifiedKFold(5, shuffle=True, random_state=_SEED)
    for training, test in folds.split(table.matrix, table.cancelled):
        chances[test] = tuned(table.take(training), peer)(table.matrix[test])
    return chances


def tuned(rows: PeerTable, peer: str) -> Predict:
    """Learn with the size and the rounds that predict a held-out third best."""
    learn, sizes = PEERS[peer]
    some, others = (
        rows.take(np.sort(part))
        for part in train_test_split(
            np.arange(len(rows.cancelled)), test_size=1 / 3, random_state=_SEED,
            stratify=rows.cancelled,
        )
    )  # fmt: skip
    tried = []
    for size in sizes:
        rounds, predict = learn(some, size, rounds=_MOST_ROUNDS, others=others)
        tried.append((log_loss(others.cancelled, predict(others.matrix)), size, rounds))
    _, size, rounds = min(tried)
    return learn(rows, size, rounds=round(_MORE * rounds), others=None)[1]


def read(file: Path) -> PeerTable:
    """Read a table."""
    with np.load(file) as arrays:
        places = np.flatnonzero(arrays["categories"]).tolist()
        return PeerTable(arrays["matrix"], arrays["cancelled"], places)


def _filled(matrix: Floats, *, categories: Sequence[int]) -> Floats:
    """Return the matrix with unknown levels as a level."""
    filled = matrix.copy()
    filled[:, categories] = np.nan_to_num(filled[:, categories], nan=-1.0)
    return filled


if __name__ == "__main__" and len(sys.argv) > 2:
    given, target = read(Path(sys.argv[2])), Path(sys.argv[3])
    started = time.process_time()
    np.save(target / "chances.npy", out_of_fold(given, sys.argv[1]))
    took = {"cpu_seconds": time.process_time() - started}
    (target / "result.json").write_text(json.dumps(took), encoding="utf-8")
