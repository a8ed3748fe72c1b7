"""What may be recommended: products that customers still begin to buy, the most popular first."""

from __future__ import annotations

import dataclasses
from typing import Self

import numpy as np

from tessera.customers.recommending.bought import BoughtProducts, Ints

LATELY_DAYS = 90
ON_SALE_DAYS = 180
MOST_PRODUCTS = 50_000  # memory and time grow with their square
NOWHERE = -1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shelf:
    """Products on sale, in the order in which they are recommended to everybody.

    Parameters
    ----------
    products : shape (on sale,)
        Their numbers: by new buyers of the last 90 days, then by all buyers, then by number.
    places : shape (products,)
        Each product's place on the shelf, ``NOWHERE`` for products that are not on sale.
    by_buyers : shape (on sale,)
        The same places by all buyers, which is what "most popular" usually means.
    """

    products: Ints
    places: Ints
    by_buyers: Ints

    def __len__(self) -> int:
        """Return how many products are on sale."""
        return len(self.products)

    @classmethod
    def of(cls, bought: BoughtProducts) -> Self:
        """Return the shelf on the day from which days are counted.

        A product is on sale where a customer bought it for the first time within 180 days. What
        nobody begins to buy is sold out, out of season, or a habit of few. Beyond 50,000 products,
        those with most new buyers are on the shelf.
        """
        everybody = bought.buyers()
        on_sale = np.flatnonzero(bought.within(ON_SALE_DAYS).buyers())
        lately = bought.within(LATELY_DAYS).buyers()
        order = np.lexsort((on_sale, -everybody[on_sale], -lately[on_sale]))
        products = on_sale[order][:MOST_PRODUCTS]
        places = np.full(bought.products, NOWHERE, np.int64)
        places[products] = np.arange(len(products))
        by_buyers = np.lexsort((products, -everybody[products]))
        return cls(products=products, places=places, by_buyers=by_buyers)
