"""What customers are likely to buy next, as far as a test proves it, and the record of it."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.beside import Beside, when_asked
from tessera.customers.recommending.bought import BoughtProducts, Small
from tessera.customers.recommending.groups import (
    NamedPurchases,
    bought_together,
    categories_of_segments,
    products_of_segments,
)
from tessera.customers.recommending.learning import learn
from tessera.customers.recommending.recommending import recommend
from tessera.customers.recommending.trial import LEAST_CUSTOMERS, beats_popularity, tried
from tessera.records.scoring.recommending import NextProducts, RecommendingTest


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recommended:
    """Recommendations and how they came about.

    Parameters
    ----------
    record
        For score.json.
    products : shape (customers, 10)
        Product numbers, the likeliest first. None where the test refused them.
    """

    record: NextProducts
    products: Small | None


def next_products(
    shop: NamedPurchases,
    *,
    holdout_days: int | None,
    codes: npt.NDArray[np.integer],
    labels: Sequence[str],
    beside: Beside = when_asked,
) -> Recommended:
    """Test, learn and recommend.

    Parameters
    ----------
    shop
        All customers, and what they bought.
    holdout_days
        The days at the end that the test holds out. None where the history is too short.
    codes, labels
        Each customer's segment, as a place among the segments.
    beside
        How the test goes on while everything else is learnt: both take as long.
    """
    bought: BoughtProducts = shop.bought
    begin = beside if holdout_days else when_asked
    with begin(functools.partial(tried, bought, holdout_days=holdout_days)) as tested:
        model = learn(bought)
        together = bought_together(shop, model)
        segments = products_of_segments(shop, codes=codes, labels=labels)
        categories = categories_of_segments(shop, codes=codes, labels=labels)
        test = tested()
    published = test is not None and beats_popularity(test)
    products, personal = None, 0
    if published:
        products, scores = recommend(model, bought)
        personal = int((scores[:, 0] > 0).sum())
    record = NextProducts(
        published=published,
        reasons=(_reason(test, holdout_days=holdout_days),),
        products=int((bought.buyers() > 0).sum()),
        on_sale=len(model.shelf),
        buyers=int((bought.counts > 0).sum()),
        personal=personal,
        test=test,
        together=together,
        segments=segments,
        categories=categories,
    )
    return Recommended(record=record, products=products)


def _reason(test: RecommendingTest | None, *, holdout_days: int | None) -> str:
    """Return why recommendations are published or not."""
    if holdout_days is None:
        return "The history is too short to test recommendations, so there are none."
    if test is None:
        return (
            f"Fewer than {LEAST_CUSTOMERS} customers had bought a product {holdout_days} days ago "
            "and began to buy another one since. Recommendations cannot be tested, so there are "
            "none."
        )
    figures = (
        f"{test.customers:,} customers began to buy {test.new_products:.1f} products each within "
        f"{holdout_days} days. Of these, {_percent(test.learnt.recall)} were among the ten "
        f"recommended by what they bought before. Of the ten most popular it is "
        f"{_percent(test.popular.recall)}, and of the ten most popular lately "
        f"{_percent(test.lately.recall)}."
    )
    if beats_popularity(test):
        return figures
    return f"{figures} That is not surely more, so there are no recommendations."


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
