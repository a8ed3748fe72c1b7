"""What a run records of products: published or not and why, bought together, by segment."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from adapters.processes.beside import forked
from tessera.customers.beside import Beside, when_asked
from tessera.customers.recommending.groups import NamedPurchases
from tessera.customers.recommending.next_products import Recommended, next_products
from tests.purchased import bought, tasteful_shop

LABELS = ["First", "Second", "Nobody"]


def made(
    shop: list[dict[int, int]],
    *,
    products: int,
    holdout_days: int | None,
    categories: Sequence[str | None] = (),
    beside: Beside = when_asked,
) -> Recommended:
    texts = [f"P{number:03d}" for number in range(products)]
    return next_products(
        NamedPurchases(
            bought=bought(shop, products=products),
            products=texts,
            names=[f"Product {text}" for text in texts],
            categories=categories,
        ),
        holdout_days=holdout_days,
        codes=np.arange(len(shop)) % 2,
        labels=LABELS,
        beside=beside,
    )


def test_taste_is_published_with_its_figures():
    done = made(tasteful_shop(customers=400, kinds=10), products=300, holdout_days=120)
    record = done.record
    assert record.published
    assert done.products is not None
    assert done.products.shape == (400, 10)
    assert (record.products, record.buyers, record.personal) == (300, 400, 400)
    assert 280 < record.on_sale <= 300
    [reason] = record.reasons
    assert "were among the ten recommended by what they bought before" in reason
    assert "no recommendations" not in reason


def test_a_test_in_another_process_changes_nothing():
    for kinds, published in ((10, True), (1, False)):
        shop = tasteful_shop(customers=300, kinds=kinds)
        one, other = (
            made(shop, products=300, holdout_days=120, beside=beside)
            for beside in (when_asked, forked)
        )
        assert one.record == other.record
        assert one.record.published == published
        assert (one.products is None, other.products is None) == (not published, not published)
        if published:
            np.testing.assert_array_equal(one.products, other.products)


def test_what_loses_is_withheld_and_the_counts_stay():
    done = made(tasteful_shop(customers=300, kinds=1), products=30, holdout_days=120)
    assert done.products is None
    assert not done.record.published
    assert done.record.reasons[0].endswith(
        "That is not surely more, so there are no recommendations."
    )
    assert done.record.test is not None
    assert done.record.segments.keys() == {"First", "Second"}
    assert len(done.record.together) == 20


def test_a_short_history_and_a_small_shop_are_not_tested():
    shop = tasteful_shop(customers=60, kinds=2)
    short = made(shop, products=60, holdout_days=None).record
    small = made(shop, products=60, holdout_days=100).record
    assert (short.published, small.published) == (False, False)
    assert "too short" in short.reasons[0]
    assert small.reasons[0].startswith("Fewer than 100 customers")


def test_bought_together_and_by_segment_are_what_counting_gives():
    shop = [{0: 10, 1: 10}] * 8 + [{0: 10, 2: 10}] * 4 + [{0: 5}] * 2 + [{3: 9, 1: 9}] * 6 + [{}]
    record = made(shop, products=4, holdout_days=None).record
    first, second = record.together[:2]
    assert (first.product, first.name, first.buyers) == ("P000", "Product P000", 14)
    [pair] = first.together  # four customers who bought a third product are too few to be shown
    assert (pair.product, pair.customers, pair.share) == ("P001", 8, round(8 / 14, 4))
    assert pair.times == round(8 / 14 / (14 / 20), 2)
    assert [one.product for one in second.together] == ["P000", "P003"] or [
        one.product for one in second.together
    ] == ["P003", "P000"]
    top = record.segments["First"][0]
    assert (top.product, top.buyers, top.share, top.times) == ("P000", 7, 0.7, 1.0)
    assert "Nobody" not in record.segments


def test_categories_by_segment_count_each_customer_once():
    shop = [{0: 10, 1: 10}] * 16 + [{2: 5}] * 4 + [{3: 9}] * 8 + [{}] * 2
    kinds = ["Kitchen", "Kitchen", "Gifts", None]
    record = made(shop, products=4, holdout_days=None, categories=kinds).record
    for label in ("First", "Second"):
        [kitchen] = record.categories[label]  # two buyers of gifts are too few to be shown
        assert (kitchen.category, kitchen.buyers) == ("Kitchen", 8)
        assert (kitchen.share, kitchen.times) == (round(8 / 14, 4), 1.0)
    assert record.together[0].category == "Kitchen"
    plain = made(shop, products=4, holdout_days=None).record
    assert plain.categories == {}
    assert plain.segments["First"][0].category is None


def test_categories_change_no_figure_of_a_product():
    shop = tasteful_shop(customers=200, kinds=4)
    plain = made(shop, products=120, holdout_days=120)
    kinds = [None if number % 7 else "Kitchen" for number in range(120)]
    given = made(shop, products=120, holdout_days=120, categories=kinds)
    assert np.array_equal(plain.products, given.products)
    assert plain.record.test == given.record.test
    for label, some in plain.record.segments.items():
        mine = [dataclasses.replace(one, category=None) for one in given.record.segments[label]]
        assert tuple(mine) == some
