"""Recommendations: equal to what a plain program computes, never what was bought, any order."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.customers.recommending import recommending
from tessera.customers.recommending.learning import NEIGHBOURS, learn
from tessera.customers.recommending.recommending import MOST, recommend
from tessera.customers.recommending.shelf import NOWHERE, Shelf
from tests.purchased import Shop, bought, pairs_of, tasteful_shop

PRODUCTS = 40
SHOPS = st.lists(
    st.dictionaries(st.integers(0, PRODUCTS - 1), st.integers(1, 400), max_size=15),
    min_size=1,
    max_size=25,
)
FEW = settings(max_examples=60, deadline=None)


def shelf_of(shop: Shop) -> list[int]:
    """The products on sale by new buyers of 90 days, then all buyers, then number."""
    everybody = Counter(product for each in shop for product in each)
    lately = Counter(product for each in shop for product, days in each.items() if days <= 90)
    on_sale = {product for each in shop for product, days in each.items() if days <= 180}
    return sorted(on_sale, key=lambda product: (-lately[product], -everybody[product], product))


def nearest_of(shop: Shop) -> dict[int, list[tuple[int, int]]]:
    """Each product's nearest places on the shelf and their weights."""
    buyers = Counter(product for each in shop for product in each)
    votes: Counter[tuple[int, int]] = Counter()
    for each in shop:
        for pair in itertools.permutations(each, 2):
            votes[pair] += round((1 << 20) / len(each))
    nearest = {}
    for one in buyers:
        weights = [
            (round(votes[one, other] * 16 / shrunk(buyers[one], buyers[other])), place)
            for place, other in enumerate(shelf_of(shop))
        ]
        ordered = sorted((-weight, place) for weight, place in weights if weight)
        nearest[one] = [(place, -minus) for minus, place in ordered[:NEIGHBOURS]]
    return nearest


def shrunk(one: int, other: int) -> float:
    return math.sqrt((one + 10) * (other + 10))


def plainly(shop: Shop) -> tuple[list[list[int]], list[list[int]]]:
    """The recommendations and scores by dictionaries and loops, for customers of few products."""
    shelf, nearest = shelf_of(shop), nearest_of(shop)
    chosen, scores = [], []
    for each in shop:
        score: Counter[int] = Counter()
        for one in each:
            score.update(dict(nearest[one]))
        new = [(-score[place], place) for place in score if shelf[place] not in each]
        mine = sorted(new)[:MOST]
        listed = [shelf[place] for _, place in mine]
        rest = [product for product in shelf if product not in {*each, *listed}]
        chosen.append(padded([*listed, *rest], NOWHERE))
        scores.append(padded([-minus for minus, _ in mine], 0))
    return chosen, scores


def padded(values: Sequence[int], filler: int) -> list[int]:
    return [*values, *[filler] * MOST][:MOST]


@FEW
@given(SHOPS)
def test_a_plain_program_recommends_the_same(shop):
    pairs = bought(shop, products=PRODUCTS)
    products, scores = recommend(learn(pairs), pairs)
    expected, expected_scores = plainly(shop)
    assert products.tolist() == expected
    assert scores.tolist() == expected_scores


@FEW
@given(SHOPS)
def test_nothing_is_recommended_that_was_bought_or_twice_and_scores_descend(shop):
    pairs = bought(shop, products=PRODUCTS)
    products, scores = recommend(learn(pairs), pairs)
    for each, chosen in zip(shop, products.tolist(), strict=True):
        some = [product for product in chosen if product != NOWHERE]
        assert not set(some) & set(each)
        assert len(set(some)) == len(some)
        assert len(some) == min(MOST, len(set(shelf_of(shop)) - set(each)))
    assert (np.diff(scores.astype(np.int64), axis=1) <= 0).all()


@FEW
@given(SHOPS, st.randoms(use_true_random=False))
def test_the_order_of_customers_changes_nothing(shop, random):
    order = list(range(len(shop)))
    random.shuffle(order)
    pairs = bought(shop, products=PRODUCTS)
    shuffled = bought([shop[place] for place in order], products=PRODUCTS)
    model, again = learn(pairs), learn(shuffled)
    assert (model.weights != again.weights).nnz == 0
    products, scores = recommend(model, pairs)
    others, other_scores = recommend(again, shuffled)
    assert others.tolist() == products[order].tolist()
    assert other_scores.tolist() == scores[order].tolist()


def test_blocks_of_customers_leave_no_trace(monkeypatch):
    pairs = bought(tasteful_shop(customers=100, kinds=3), products=90)
    model = learn(pairs)
    whole = recommend(model, pairs)
    monkeypatch.setattr(recommending, "BLOCK", 7)
    again = recommend(model, pairs)
    assert [each.tolist() for each in again] == [each.tolist() for each in whole]


def test_customers_get_products_of_the_kind_that_they_buy():
    pairs = bought(tasteful_shop(customers=300, kinds=5), products=150)
    products, scores = recommend(learn(pairs), pairs)
    kinds = pairs.product[pairs.starts[:-1]] // 30
    assert (products // 30 == kinds[:, None]).mean() > 0.99
    assert (scores > 0).all()


def test_who_bought_nothing_gets_the_most_popular():
    shop = [{0: 10, 1: 10, 2: 10}, {1: 20, 2: 20}, {2: 30}, {}]
    pairs = bought(shop, products=3)
    products, scores = recommend(learn(pairs), pairs)
    assert products[3].tolist() == padded([2, 1, 0], NOWHERE)
    assert not scores[3].any()


def test_sold_out_products_are_not_recommended_but_speak_for_others():
    shop = [{0: 300, 1: 300}, {0: 300, 1: 300}, {0: 300}, {2: 1}, {1: 1}]
    pairs = bought(shop, products=3)
    products, scores = recommend(learn(pairs), pairs)
    assert 0 not in products
    assert products[2].tolist()[:2] == [1, 2]
    assert scores[2][0] > 0


def test_a_shop_without_purchases_has_no_recommendations():
    pairs = bought([{}, {}], products=0)
    products, scores = recommend(learn(pairs), pairs)
    assert (products == NOWHERE).all()
    assert not scores.any()


@FEW
@given(SHOPS, st.integers(1, 300), st.integers(0, 12))
def test_pairs_are_kept_by_their_days(shop, days, most):
    pairs = bought(shop, products=PRODUCTS)
    assert pairs_of(pairs) == [dict(each) for each in shop]
    assert pairs_of(pairs.before(days)) == [
        {product: ago - days for product, ago in each.items() if ago > days} for each in shop
    ]
    assert pairs_of(pairs.within(days)) == [
        {product: ago for product, ago in each.items() if ago <= days} for each in shop
    ]
    newest = [sorted(each.items(), key=lambda pair: pair[::-1])[:most] for each in shop]
    assert pairs_of(pairs.newest(most)) == [dict(sorted(each)) for each in newest]
    middle = slice(1, len(shop) - 1)
    assert pairs_of(pairs.take(middle)) == [dict(each) for each in shop[middle]]
    odd = np.arange(1, len(shop), 2)
    assert pairs_of(pairs.choose(odd)) == [dict(each) for each in shop[1::2]]


@FEW
@given(SHOPS)
def test_the_shelf_has_what_customers_begin_to_buy(shop):
    shelf = Shelf.of(bought(shop, products=PRODUCTS))
    assert shelf.products.tolist() == shelf_of(shop)
    buyers = Counter(product for each in shop for product in each)
    by_buyers = shelf.products[shelf.by_buyers].tolist()
    assert by_buyers == sorted(shelf_of(shop), key=lambda one: (-buyers[one], one))
