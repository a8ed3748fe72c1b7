"""What is bought together, and what each segment buys most: counted, whatever the test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.recommending.bought import BoughtProducts, Ints
from tessera.customers.recommending.learning import Neighbours
from tessera.records.scoring.recommending import BoughtTogether, GroupProduct, ProductNeighbours

MOST_PRODUCTS = 20
MOST_TOGETHER = 3
MOST_OF_SEGMENT = 5
LEAST_CUSTOMERS = 5  # fewer are chance, and too few to be anonymous
_DIGITS = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedPurchases:
    """Who bought what, and what the products are called.

    Parameters
    ----------
    bought
        Who bought what.
    products, names
        By product number.
    """

    bought: BoughtProducts
    products: Sequence[str]
    names: Sequence[str | None]


def bought_together(shop: NamedPurchases, model: Neighbours) -> tuple[ProductNeighbours, ...]:
    """Return the products with most buyers, each with what its buyers buy too, nearest first.

    Of a product's neighbours those count that five customers or more bought with it.
    """
    buyers = shop.bought.buyers()
    everybody = int((shop.bought.counts > 0).sum())
    matrix = shop.bought.matrix(np.ones(len(shop.bought.product), np.int64))
    chosen = np.lexsort((np.arange(len(buyers)), -buyers))[:MOST_PRODUCTS].tolist()
    both = (matrix[:, chosen].T @ matrix).toarray() if chosen else np.zeros((0, 0))
    made = []
    for one, counts in zip(chosen, both, strict=True):
        near = [other for other in _nearest(model, one) if counts[other] >= LEAST_CUSTOMERS]
        together = tuple(
            BoughtTogether(
                product=shop.products[other],
                name=shop.names[other],
                customers=int(counts[other]),
                share=round(float(counts[other] / buyers[one]), _DIGITS),
                times=_times(counts[other] / buyers[one], buyers[other] / everybody),
            )
            for other in near[:MOST_TOGETHER]
        )
        if together:
            made.append(
                ProductNeighbours(
                    product=shop.products[one],
                    name=shop.names[one],
                    buyers=int(buyers[one]),
                    together=together,
                )
            )
    return tuple(made)


def products_of_segments(
    shop: NamedPurchases, *, codes: npt.NDArray[np.integer], labels: Sequence[str]
) -> dict[str, tuple[GroupProduct, ...]]:
    """Return the products with most buyers in each segment, where five or more bought them.

    Parameters
    ----------
    codes : shape (customers,)
        Each customer's place among the labels.
    labels
        The segments. Those without such a product are missing.
    """
    bought, products = shop.bought, len(shop.products)
    some = bought.counts > 0
    sizes = np.bincount(codes[some], minlength=len(labels))
    cells = codes.astype(np.int64)[bought.customer] * products + bought.product
    counts = np.bincount(cells, minlength=len(labels) * products).reshape(len(labels), products)
    overall = bought.buyers() / max(1, int(some.sum()))
    made = {}
    for label, size, row in zip(labels, sizes, counts, strict=True):
        best = np.lexsort((np.arange(products), -row))[:MOST_OF_SEGMENT]
        shown = tuple(
            GroupProduct(
                product=shop.products[one],
                name=shop.names[one],
                buyers=int(row[one]),
                share=round(float(row[one] / size), _DIGITS),
                times=_times(row[one] / size, overall[one]),
            )
            for one in best.tolist()
            if row[one] >= LEAST_CUSTOMERS
        )
        if shown:
            made[label] = shown
    return made


def _nearest(model: Neighbours, product: int) -> Ints:
    """Return a product's neighbours, the nearest first."""
    weights = model.weights
    row = slice(weights.indptr[product], weights.indptr[product + 1])
    places, values = weights.indices[row], weights.data[row]
    return model.shelf.products[places[np.lexsort((places, -values.astype(np.int64)))]]


def _times(share: float, overall: float) -> float:
    return round(float(share / overall), 2)
