"""What customers are likely to buy next: whether it is proven, by segment, and bought together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.recommending import (
    BoughtTogether,
    GroupCategory,
    GroupProduct,
    NamedProduct,
    NextProducts,
    ProductNeighbours,
    RecommendingTest,
)

_Group = TypeVar("_Group", GroupProduct, GroupCategory)
_TOGETHER = "\N{NO-BREAK SPACE}"
_MOST = 10  # products whose neighbours are shown
_WAYS = {
    "learnt": "What the customer bought",
    "popular": "Most popular",
    "lately": "Most popular lately",
}


def next_products(records: RunRecords) -> Html:
    """Return the section. Nothing where no upload names products."""
    made = records.score.products
    if made is None:
        return Html("")
    labels = [row.label for row in records.score.segments]
    return section(
        "Next products",
        element("p", _verdict(made)),
        None if made.published else [element("p", reason) for reason in made.reasons],
        _test(made.test) if made.test else None,
        _segments(made, labels) if made.segments else None,
        _categories(made, labels) if made.categories else None,
        _together(made.together) if made.together else None,
    )


def _verdict(made: NextProducts) -> str:
    counted = (
        f"{plural(made.buyers, 'customer')} bought {plural(made.products, 'product')}, of which "
        f"{figures.number(made.on_sale)} had a new buyer within 180 days. "
    )
    if not made.published:
        return f"{counted}No recommendations are published."
    others = made.buyers - made.personal
    who = (
        f"For {plural(made.personal, 'customer')} their own purchases decide the first ones. The "
        "others get the most popular products."
        if others
        else "Everybody's own purchases decide the first ones."
    )
    return (
        f"{counted}Each customer has up to ten recommendations in the column next_products, none "
        f"of which the customer bought before. {who}"
    )


def _test(test: RecommendingTest) -> Html:
    rows: list[list[Child]] = [
        [words, figures.share(way.recall), figures.share(way.coverage)]
        for name, words in _WAYS.items()
        for way in [getattr(test, name)]
    ]
    return table(
        f"Ten products recommended {test.holdout_days} days ago, and what "
        f"{plural(test.customers, 'customer')} began to buy since",
        (
            Heading("Recommended by"),
            Heading("Recall@10", number=True),
            Heading("Products covered", number=True),
        ),
        rows,
    )


def _segments(made: NextProducts, labels: Iterable[str]) -> Html:
    return table(
        "Products with most buyers in each segment: the share of its buyers, and how often that is "
        "the share of all buyers",
        (Heading("Segment"), Heading("Products", wide=True)),
        _by_segment(made.segments, labels, name=_name),
    )


def _categories(made: NextProducts, labels: Iterable[str]) -> Html:
    return table(
        "Categories with most buyers in each segment, in the same way",
        (Heading("Segment"), Heading("Categories", wide=True)),
        _by_segment(made.categories, labels, name=lambda one: one.category),
    )


def _by_segment(
    groups: Mapping[str, Iterable[_Group]], labels: Iterable[str], *, name: Callable[[_Group], str]
) -> list[list[Child]]:
    """Return a row for each segment that has any, in the order of the labels."""
    return [
        [label, [_figured(name(one), one) for one in groups[label]]]
        for label in labels
        if label in groups
    ]


def _together(products: Iterable[ProductNeighbours]) -> Html:
    rows: list[list[Child]] = [
        [
            _name(product),
            figures.number(product.buyers),
            [_figured(_name(one), one) for one in product.together],
        ]
        for product in itertools.islice(products, _MOST)
    ]
    return table(
        "Bought together: what buyers of the top products buy too, nearest first",
        (
            Heading("Product"),
            Heading("Buyers", number=True),
            Heading("Its buyers buy too", wide=True),
        ),
        rows,
    )


def _figured(name: str, one: GroupProduct | GroupCategory | BoughtTogether) -> Html:
    text = f"{figures.share(one.share)}, × {one.times:.1f}".replace(" ", _TOGETHER)
    return element("div", name, " ", element("small", text))


def _name(one: NamedProduct) -> str:
    name = one.name or one.product
    return f"{name} ({one.category})" if one.category else name
