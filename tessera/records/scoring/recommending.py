"""What customers are likely to buy next, and how the test of it went: a part of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.records.scoring.report_card import Lead


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedProduct:
    """A product.

    Parameters
    ----------
    product
        What profiles have: its code, or its name where it has none.
    name
        What most of its rows call it. None without one.
    category
        What most of its rows with a category say. None without one.
    """

    product: str
    name: str | None = None
    category: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recommender:
    """One way to recommend ten products, in the test.

    Parameters
    ----------
    recall
        The share of the products that customers began to buy which were among the ten, as the mean
        over customers.
    coverage
        The share of all known products that were recommended to anybody.
    """

    recall: float
    coverage: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecommendingTest:
    """Recommendations made at an earlier day, and what customers began to buy since.

    Parameters
    ----------
    holdout_days
        How many days ago that day is.
    customers
        Those who had bought before it, and began to buy something after it.
    products
        Products known on that day.
    new_products
        How many products these customers began to buy, as their mean.
    learnt
        The recommendations learnt from who bought what.
    popular, lately
        The same ten to everybody, but for what each has: the products with most buyers, and those
        with most new buyers in the 90 days before.
    lead_popular, lead_lately
        By how much recall is higher than theirs, as the mean over customers, with 90 % range.
    """

    holdout_days: int
    customers: int
    products: int
    new_products: float
    learnt: Recommender
    popular: Recommender
    lately: Recommender
    lead_popular: Lead
    lead_lately: Lead


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoughtTogether(NamedProduct):
    """A product that buyers of another one buy too.

    Parameters
    ----------
    customers
        Who bought both.
    share
        Of the buyers of the other product.
    times
        How often that is as often as among all buyers.
    """

    customers: int
    share: float
    times: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductNeighbours(NamedProduct):
    """A product and what its buyers buy too, the nearest first.

    Parameters
    ----------
    buyers
        Of the product.
    together
        The others.
    """

    buyers: int
    together: tuple[BoughtTogether, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupProduct(NamedProduct):
    """A product of a segment's customers.

    Parameters
    ----------
    buyers
        In the segment.
    share
        Of the segment's customers who bought any product.
    times
        How often that is as often as among all buyers.
    """

    buyers: int
    share: float
    times: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class GroupCategory:
    """A category of products of a segment's customers.

    Parameters
    ----------
    category
        As most rows of its products say.
    buyers, share, times
        As those of a product, for customers who bought any product of the category.
    """

    category: str
    buyers: int
    share: float
    times: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class NextProducts:
    """What customers buy, and are likely to buy next.

    Parameters
    ----------
    published
        Whether profiles have ``next_products``.
    reasons
        Why, or why not, a sentence each.
    products, on_sale
        Products that were bought, and those of them that customers still begin to buy.
    buyers
        Customers who bought a product.
    personal
        Customers whose own purchases speak for at least one product. The others have the most
        popular ones.
    test
        How the test went. None where the history is too short.
    together
        The products with most buyers, each with what its buyers buy too.
    segments
        The products with most buyers of each segment.
    categories
        The categories with most buyers of each segment. Empty where no product has one.
    """

    published: bool
    reasons: tuple[str, ...]
    products: int
    on_sale: int
    buyers: int
    personal: int
    test: RecommendingTest | None = None
    together: tuple[ProductNeighbours, ...] = ()
    segments: Mapping[str, tuple[GroupProduct, ...]] = dataclasses.field(default_factory=dict)
    categories: Mapping[str, tuple[GroupCategory, ...]] = dataclasses.field(default_factory=dict)
