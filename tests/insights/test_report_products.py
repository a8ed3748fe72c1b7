"""The report on next products: proven or not, by segment, bought together."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.recommending.groups import NamedPurchases
from tessera.customers.recommending.next_products import next_products
from tessera.records.codec import encode
from tests.purchased import bought, tasteful_shop


def record(*, kinds: int, category: str | None = None):
    """What Score records of a shop with so many kinds of products, all of one category."""
    shop = tasteful_shop(customers=300, kinds=kinds)
    return encode(
        next_products(
            NamedPurchases(
                bought=bought(shop, products=30 * kinds),
                products=[f"P{number}" for number in range(30 * kinds)],
                names=[f"<Mug> {number}" if number % 2 else None for number in range(30 * kinds)],
                categories=[category] * (30 * kinds),
            ),
            holdout_days=119,
            codes=np.arange(300) % 2,
            labels=["Champions", "Lost"],
        ).record
    )


@pytest.fixture(scope="module")
def proven():
    return record(kinds=6, category="Crockery")


def shown(outline, records) -> str:
    return outline(records).text


def test_proven_recommendations_have_their_figures(make_records, outline, proven):
    page = shown(outline, make_records(score={"products": proven}))
    assert "Next products" in page
    assert f"{100 * proven['test']['learnt']['recall']:.1f} %" in page
    assert "What the customer bought" in page
    assert "No recommendations are published" not in page
    assert "<Mug> 1" in page
    assert " (Crockery) " in page
    assert "Categories with most buyers in each segment" in page


def test_refused_recommendations_say_why(make_records, outline):
    page = shown(outline, make_records(score={"products": record(kinds=1)}))
    assert "No recommendations are published" in page
    assert "That is not surely more" in page
    assert "Categories" not in page


def test_without_products_there_is_no_section(make_records, outline):
    assert "Next products" not in shown(outline, make_records())
