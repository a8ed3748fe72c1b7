"""What is bought together, and what each segment buys most: counted, whatever the test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tessera.customers.recommending.bought import BoughtProducts, Flags, Ints, Small
from tessera.customers.recommending.learning import Neighbours
from tessera.customers.recommending.shelf import NOWHERE
from tessera.records.scoring.recommending import (
    BoughtTogether,
    GroupCategory,
    GroupProduct,
    ProductNeighbours,
)

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
    products, names, categories
        By product number. Without categories all are None.
    """

    bought: BoughtProducts
    products: Sequence[str]
    names: Sequence[str | None]
    categories: Sequence[str | None] = ()

    def category(self, product: int) -> str | None:
        """Return a product's category."""
        return self.categories[product] if self.categories else None


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
                category=shop.category(other),
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
                    category=shop.category(one),
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
    figures = _most_bought(shop.bought, codes=codes, labels=labels)
    return {
        label: tuple(
            GroupProduct(
                product=shop.products[one],
                name=shop.names[one],
                category=shop.category(one),
                **vars(figure),
            )
            for one, figure in some.items()
        )
        for label, some in figures.items()
    }


def categories_of_segments(
    shop: NamedPurchases, *, codes: npt.NDArray[np.integer], labels: Sequence[str]
) -> dict[str, tuple[GroupCategory, ...]]:
    """Return the categories with most buyers in each segment, where five or more bought of them.

    A customer counts once, however many products of a category it bought. Shares are those of the
    customers who bought any product, with a category or without.
    """
    categories = sorted({one for one in shop.categories if one is not None})
    if not categories:
        return {}
    numbers = {category: number for number, category in enumerate(categories)}
    of_product = np.array([numbers.get(one or "", NOWHERE) for one in shop.categories], np.int32)
    bought = _once(shop.bought, of_product, categories=len(categories))
    figures = _most_bought(bought, codes=codes, labels=labels, among=shop.bought.counts > 0)
    return {
        label: tuple(
            GroupCategory(category=categories[one], **vars(figure)) for one, figure in some.items()
        )
        for label, some in figures.items()
    }


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Figure:
    """How many of a segment's customers bought something: the members of a record."""

    buyers: int
    share: float
    times: float


def _most_bought(
    bought: BoughtProducts,
    *,
    codes: npt.NDArray[np.integer],
    labels: Sequence[str],
    among: Flags | None = None,
) -> dict[str, dict[int, _Figure]]:
    """Return by segment the numbers with most buyers, the most first, and their figures.

    Parameters
    ----------
    among : shape (customers,)
        Whose shares they are. None is everybody who bought one of them.
    """
    products, some = bought.products, bought.counts > 0 if among is None else among
    sizes = np.bincount(codes[some], minlength=len(labels))
    cells = codes.astype(np.int64)[bought.customer] * products + bought.product
    counts = np.bincount(cells, minlength=len(labels) * products).reshape(len(labels), products)
    overall = bought.buyers() / max(1, int(some.sum()))
    made = {}
    for label, size, row in zip(labels, sizes, counts, strict=True):
        best = np.lexsort((np.arange(products), -row))[:MOST_OF_SEGMENT]
        shown = {
            one: _Figure(
                buyers=int(row[one]),
                share=round(float(row[one] / size), _DIGITS),
                times=_times(row[one] / size, overall[one]),
            )
            for one in best.tolist()
            if row[one] >= LEAST_CUSTOMERS
        }
        if shown:
            made[label] = shown
    return made


def _once(bought: BoughtProducts, of_product: Small, *, categories: int) -> BoughtProducts:
    """Return who bought of which category, each once, without products that have none."""
    category = of_product[bought.product]
    some = category != NOWHERE
    pairs = np.unique(bought.customer[some].astype(np.int64) * categories + category[some])
    counts = np.bincount(pairs // categories, minlength=len(bought))
    return BoughtProducts(
        starts=np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
        product=(pairs % categories).astype(np.int32),
        first_days_ago=np.zeros(len(pairs), np.int32),
        products=categories,
    )


def _nearest(model: Neighbours, product: int) -> Ints:
    """Return a product's neighbours, the nearest first."""
    weights = model.weights
    row = slice(weights.indptr[product], weights.indptr[product + 1])
    places, values = weights.indices[row], weights.data[row]
    return model.shelf.products[places[np.lexsort((places, -values.astype(np.int64)))]]


def _times(share: float, overall: float) -> float:
    return round(float(share / overall), 2)
