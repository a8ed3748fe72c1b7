"""Real repeat buyers and what the peers made of them."""

from __future__ import annotations

import csv
from collections.abc import Callable

import numpy as np
import pytest

Columns = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def peers(shared) -> Callable[[str], Columns]:
    """Columns of lifetimes' predictions for a shop, by its name; absent numbers are NaN."""

    def read(shop: str) -> Columns:
        path = shared / "oracles" / "clv" / f"{shop}_lifetimes_predictions.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        names = [name for name in rows[0] if name != "customer_id"]
        return {name: np.array([float(row[name] or "nan") for row in rows]) for name in names}

    return read
