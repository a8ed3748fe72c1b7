"""Growing the boosted trees, apart from using them: scikit-learn is slow to import."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from tessera.customers.subscriptions.attributes import Bools, Floats, Ints
from tessera.customers.subscriptions.encoding import Encoding
from tessera.customers.subscriptions.trees import Boosting, Split, Tree

ROUNDS = 150
_LEARNING_RATE = 0.05
_LEAVES = 8  # small trees: interactions of few features, in data of a few thousand customers
_MOST_IN_LEAF = 50  # rows that a leaf must have, or fewer in small tables
_RIDGE = 10.0  # draws leaves to zero: decides below a thousand customers, hardly matters above
_DIGITS = 9
_WORD = 32  # bits in one word of scikit-learn's sets of categories


def fit_boosting(matrix: Floats, cancelled: Bools, *, encoding: Encoding, seed: int) -> Boosting:
    """Fit trees by the log loss, every customer with the same weight.

    The number of rounds is fixed: stopping early would hold customers back that a shop with a few
    hundred of them cannot spare.
    """
    fitted = HistGradientBoostingClassifier(
        learning_rate=_LEARNING_RATE,
        max_iter=ROUNDS,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=max(10, min(_MOST_IN_LEAF, len(matrix) // 10)),
        l2_regularization=_RIDGE,
        categorical_features=[feature.kind == "category" for feature in encoding.features],
        early_stopping=False,
        random_state=seed,
    ).fit(_something_known(matrix), cancelled)
    # scikit-learn shows its trees nowhere else. _check compares every reading with its own answer.
    grown = [predictors[0] for predictors in fitted._predictors]
    categories = [place for place, f in enumerate(encoding.features) if f.kind == "category"]
    order = [*categories, *(p for p in range(matrix.shape[1]) if p not in set(categories))]
    model = Boosting(
        baseline=round(float(fitted._baseline_prediction.item()), _DIGITS),
        trees=tuple(_tree(tree.nodes, tree.raw_left_cat_bitsets, order=order) for tree in grown),
    )
    _check(model, fitted.decision_function(matrix), matrix)
    return model


def _something_known(matrix: Floats) -> Floats:
    """Return the matrix, a feature of which nothing is known made constant: never asked for."""
    return np.where(np.isnan(matrix).all(axis=0), 0.0, matrix)


def _check(model: Boosting, expected: Floats, matrix: Floats) -> None:
    """Refuse a scikit-learn whose trees mean something else than those we know."""
    if not np.allclose(model.log_odds(matrix), expected, atol=1e-6):
        raise RuntimeError("the boosted trees were misread: scikit-learn stores them otherwise now")


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
        share_left=round(float(nodes[node["left"]]["count"] / node["count"]), _DIGITS),
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
