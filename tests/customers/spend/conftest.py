"""Real repeat buyers and what the peers made of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests import reference

Columns = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def peers() -> Callable[[str], Columns]:
    """Columns of lifetimes' predictions for a shop, by its name. Absent numbers are NaN."""

    def read(shop: str) -> Columns:
        name = f"oracles/clv/{shop}_lifetimes_predictions"
        numbers = [each for each in reference.rows(name)[0] if each != "customer_id"]
        return reference.columns(name, *numbers)

    return read
