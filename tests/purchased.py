"""Who bought what, as tests write it: a dictionary of days ago by product for each customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tessera.customers.recommending.bought import BoughtProducts

Shop = Sequence[Mapping[int, int]]


def bought(shop: Shop, *, products: int) -> BoughtProducts:
    """The pairs of customers, in their order."""
    pairs = [(product, days) for each in shop for product, days in sorted(each.items())]
    return BoughtProducts(
        starts=np.cumsum([0, *map(len, shop)]).astype(np.int64),
        product=np.array([product for product, _ in pairs], np.int32),
        first_days_ago=np.array([days for _, days in pairs], np.int32),
        products=products,
    )


def pairs_of(one: BoughtProducts) -> list[dict[int, int]]:
    """The same as ``bought`` took it."""
    return [
        dict(
            zip(
                one.product[start:stop].tolist(),
                one.first_days_ago[start:stop].tolist(),
                strict=True,
            )
        )
        for start, stop in zip(one.starts[:-1], one.starts[1:], strict=True)
    ]


def tasteful_shop(*, customers: int, kinds: int, seed: int = 3) -> list[dict[int, int]]:
    """Customers who buy ten products of one kind of thirty, over a year."""
    draws = np.random.default_rng(seed)
    return [
        {
            int(kind * 30 + product): int(draws.integers(1, 361))
            for product in draws.choice(30, 10, replace=False)
        }
        for kind in draws.integers(0, kinds, customers)
    ]
