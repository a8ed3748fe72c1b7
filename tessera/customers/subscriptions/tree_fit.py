"""Growing the boosted trees, apart from using them: scikit-learn is slow to import."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tessera.customers.scikit_trees import check_reading, read_trees
from tessera.customers.subscriptions.attributes import Floats, Ints
from tessera.customers.subscriptions.encoding import EncodedRows, Encoding
from tessera.customers.subscriptions.trees import Boosting, Split, Tree

ROUNDS = 400  # at most
_ROW_ROUNDS = 30_000_000  # most rows times rounds: from 75,000 rows on, fewer rounds
_PATIENCE = 25  # rounds without a lower loss on other customers, after which growing ends
_LEAST_IN_LEAF = 20  # rows
_RIDGE = 10.0  # draws leaves to zero: decides below a thousand customers, hardly matters above
_DIGITS = 9
_SHARE_DIGITS = 4  # of shares that only explain
_CHECKED = 2_000  # rows whose answers are compared
_WORD = 32  # bits in one word of scikit-learn's sets of categories


@dataclasses.dataclass(frozen=True, kw_only=True)
class Growth:
    """How trees grow.

    Parameters
    ----------
    leaves
        The most that a tree may have.
    rate
        How much of its error each round corrects.
    features
        The share of features, drawn for each question, that it may ask for.
    """

    leaves: int
    rate: float
    features: float = 1.0


def most_rounds(rows: int) -> int:
    """Return how many rounds trees of so many rows may grow, by the budget of work."""
    return min(ROUNDS, max(1, _ROW_ROUNDS // rows))


def fit_boosting(rows: EncodedRows, *, growth: Growth, rounds: int, seed: int) -> Boosting:
    """Fit so many trees by the log loss, every customer with the same weight."""
    learner = _learner(rows.encoding, growth, rounds=rounds, seed=seed)
    fitted = learner.fit(_something_known(rows.matrix), rows.cancelled)
    model = _read(fitted, rows.encoding)
    some = rows.matrix[:: max(1, len(rows.matrix) // _CHECKED)]
    check_reading(model.log_odds(some), theirs=fitted.decision_function(some))
    return model


def grow_boosting(rows: EncodedRows, *, others: EncodedRows, growth: Growth, seed: int) -> Boosting:
    """Grow trees while they lower the log loss of other customers.

    They only compare growths, and are read as those of ``fit_boosting`` are, which are checked.

    Parameters
    ----------
    others
        Customers who take no part in growing.
    """
    learner = _learner(rows.encoding, growth, rounds=most_rounds(len(rows.cancelled)), seed=seed)
    learner.set_params(early_stopping=True, scoring="loss", n_iter_no_change=_PATIENCE, tol=0.0)
    fitted = learner.fit(
        _something_known(rows.matrix),
        rows.cancelled,
        X_val=others.matrix,
        y_val=others.cancelled,
    )
    best = max(1, int(np.argmax(fitted.validation_score_)))  # the first one is of no tree
    grown = _read(fitted, rows.encoding)
    return dataclasses.replace(grown, trees=grown.trees[:best])


def _learner(
    encoding: Encoding, growth: Growth, *, rounds: int, seed: int
) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=growth.rate,
        max_iter=rounds,
        max_leaf_nodes=growth.leaves,
        max_features=growth.features,
        min_samples_leaf=_LEAST_IN_LEAF,
        l2_regularization=_RIDGE,
        categorical_features=[feature.kind == "category" for feature in encoding.features],
        early_stopping=False,
        random_state=seed,
    )


def _read(fitted: HistGradientBoostingClassifier, encoding: Encoding) -> Boosting:
    baseline, grown = read_trees(fitted)
    features = encoding.features
    categories = [place for place, f in enumerate(features) if f.kind == "category"]
    order = [*categories, *(p for p in range(len(features)) if p not in set(categories))]
    return Boosting(
        baseline=baseline,
        trees=tuple(_tree(tree.nodes, tree.raw_left_cat_bitsets, order=order) for tree in grown),
    )


def _something_known(matrix: Floats) -> Floats:
    """Return the matrix, a feature of which nothing is known made constant: never asked for."""
    return np.where(np.isnan(matrix).all(axis=0), 0.0, matrix)


def _tree(nodes: Any, sets: Any, *, order: list[int], at: int = 0) -> Tree:  # noqa: ANN401
    """Return the tree below a node. scikit-learn moves categories to the front: see ``order``."""
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), _DIGITS)
    is_category = bool(node["is_categorical"])
    return Split(
        feature=order[int(node["feature_idx"])],
        threshold=None if is_category else float(node["num_threshold"]),
        levels=_levels(sets[node["bitset_idx"]]) if is_category else (),
        unknown_left=bool(node["missing_go_to_left"]),
        share_left=round(float(nodes[node["left"]]["count"] / node["count"]), _SHARE_DIGITS),
        left=_tree(nodes, sets, order=order, at=int(node["left"])),
        right=_tree(nodes, sets, order=order, at=int(node["right"])),
    )


def _levels(words: Ints) -> tuple[int, ...]:
    return tuple(
        _WORD * place + bit
        for place, word in enumerate(words.tolist())
        for bit in range(_WORD)
        if word >> bit & 1
    )
