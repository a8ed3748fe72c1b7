"""Subscribers whose risk is known, for tests of the churn model."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.subscriptions import splits, tree_fit
from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns, category
from tessera.customers.subscriptions.encoding import EncodedRows, encode
from tessera.customers.subscriptions.splits import folds
from tessera.customers.subscriptions.training import Candidates, fit


def boost_little(patch: pytest.MonkeyPatch, *, rounds: int = 10) -> None:
    """Boost a few times, and compare candidates on one inner fold instead of three."""
    patch.setattr(tree_fit, "ROUNDS", rounds)
    patch.setattr(splits, "_LARGE", 100)


class Shop:
    """Subscribers with a plan, a tenure, a card and a day of joining. Their risk is a formula."""

    def __init__(self, customers: int, *, seed: int = 1) -> None:
        draw = np.random.default_rng(seed)
        self.day = np.full(customers, 20_000.0)
        plan = draw.integers(0, 3, customers)
        tenure = draw.integers(1, 60, customers).astype(float)
        card = draw.integers(0, 2, customers).astype(float)
        score = 0.8 - 1.1 * plan - 0.04 * tenure + 0.7 * card
        self.risk = 1 / (1 + np.exp(-score))
        self.label = (draw.random(customers) < self.risk).astype(float)
        tenure[draw.random(customers) < 0.1] = np.nan
        self.attributes = AttributeColumns(
            (
                category("plan", [("month", "year", "two years")[p] for p in plan]),
                Attribute("tenure", "number", tenure),
                Attribute("card", "flag", card),
                Attribute("joined", "date", self.day - draw.integers(1, 900, customers)),
            )
        )


@pytest.fixture(scope="session")
def shop() -> Shop:
    """A shop that is large enough to learn from."""
    return Shop(1_500)


@pytest.fixture(scope="session")
def rows(shop: Shop) -> EncodedRows:
    """The shop's customers as a matrix."""
    encoding = encode(shop.attributes, day=shop.day)
    matrix = encoding.matrix(shop.attributes, day=shop.day)
    return EncodedRows(encoding, matrix, shop.label == 1)


@pytest.fixture(scope="session")
def candidates(rows: EncodedRows) -> Candidates:
    """All kinds of model, fitted to the shop's customers."""
    return fit(rows, splits=folds(rows.cancelled, count=3, seed=1)[:1], seed=1)


@pytest.fixture
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boost a few times, on one inner fold, for tests of what surrounds the trees."""
    boost_little(monkeypatch)
