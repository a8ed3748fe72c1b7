"""The test of recommendations: it finds taste where there is any, and refuses noise."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.recommending.learning import learn
from tessera.customers.recommending.recommending import recommend
from tessera.customers.recommending.shelf import NOWHERE
from tessera.customers.recommending.trial import beats_popularity, recall, tried
from tests.purchased import bought, tasteful_shop


def test_taste_is_found_and_covers_more_products_than_popularity():
    test = tried(bought(tasteful_shop(customers=600, kinds=10), products=300), holdout_days=120)
    assert test is not None
    assert beats_popularity(test)
    assert test.learnt.recall > 4 * test.popular.recall
    assert test.learnt.coverage > 5 * test.popular.coverage
    assert 550 < test.customers <= 600
    assert test.products == 300


@pytest.mark.parametrize("seed", range(5))
def test_customers_without_taste_prove_nothing(seed):
    """All draw from one kind, so that nobody's purchases say anything about the next ones."""
    test = tried(
        bought(tasteful_shop(customers=400, kinds=1, seed=seed), products=30), holdout_days=120
    )
    assert test is not None
    assert not beats_popularity(test)


def test_what_came_after_the_cut_changes_nothing_learnt():
    shop = tasteful_shop(customers=200, kinds=3)
    before = [{product: day for product, day in each.items() if day > 120} for each in shop]
    spoilt = [{89 - at % 80: 1 + at % 100, **each} for at, each in enumerate(before)]
    honest, other = (bought(each, products=90).before(120) for each in (before, spoilt))
    assert sum(map(len, spoilt)) > sum(map(len, before))
    assert (
        recommend(learn(honest), honest)[0].tolist() == recommend(learn(other), other)[0].tolist()
    )


def test_too_few_customers_are_no_test():
    assert tried(bought(tasteful_shop(customers=90, kinds=3), products=90), holdout_days=60) is None


def test_recall_is_the_share_of_what_came():
    came = bought([{0: 1, 1: 1, 2: 1, 3: 1}, {4: 1}], products=5)
    products = np.full((2, 10), NOWHERE, np.int32)
    products[0, :3] = [3, 4, 0]
    assert recall(products, came=came).tolist() == [0.5, 0.0]
