"""What scikit-learn has of its boosted trees: it shows them in private attributes alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from tessera.customers.purchase.pairs import Floats

_DIGITS = 9


def read_trees(fitted: Any) -> tuple[float, list[Any]]:  # noqa: ANN401 (scikit-learn has no types)
    """Return the baseline of boosted trees, rounded, and each round's tree.

    Parameters
    ----------
    fitted
        A fitted HistGradientBoostingClassifier or -Regressor of one output.
    """
    baseline = round(float(fitted._baseline_prediction.item()), _DIGITS)
    return baseline, [predictors[0] for predictors in fitted._predictors]


def check_reading(ours: Floats, *, theirs: Floats) -> None:
    """Refuse a scikit-learn whose trees mean something else than those we know.

    Parameters
    ----------
    ours, theirs
        Shape (n,): what the trees as they were read say of some rows, and scikit-learn's answer.

    Raises
    ------
    RuntimeError
        They differ.
    """
    if not np.allclose(ours, theirs, atol=1e-6):
        raise RuntimeError("the boosted trees were misread: scikit-learn stores them otherwise now")
