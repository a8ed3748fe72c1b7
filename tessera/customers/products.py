"""What customers buy, product by product, as SQL for both engines.

A row of one product belongs to it with all of its money. A row of several belongs to each with its
share. Refunds and returns that name a product are taken off it. The money of rows that name none is
counted too, so that products and the rest add up to the money of all customers, exactly.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tessera.customers.summary import IS_ORDER, Period
from tessera.events.names import WITHOUT_MONEY
from tessera.events.products import CATEGORY, SHARE
from tessera.records.products import Product, Products

MOST_SHOWN = 50  # products by money, and as many by buyers
DUCKDB_ITEMS = "unnest(string_split(products, chr(10)))"
SPARK_ITEMS = "explode(split(products, chr(10)))"
_MONEY = "DECIMAL(29, 13)"  # exact: four places of an amount, nine of a share

# Few rows name several products. Only those are split.
_LINES = """
SELECT customer_key, occurred_at, {bought} AS bought, product_code, product_name,
    product_category, CAST(amount AS {money}) AS money
FROM {events} WHERE products IS NULL AND event NOT IN {without_money} AND {in_period}
UNION ALL
SELECT customer_key, occurred_at, bought, NULLIF(split_part(item, chr(9), 2), '') AS product_code,
    NULLIF(split_part(item, chr(9), 3), '') AS product_name,
    NULLIF(split_part(item, chr(9), 4), '') AS product_category,
    CAST(amount * CAST(split_part(item, chr(9), 1) AS {share}) AS {money}) AS money
FROM (
    SELECT customer_key, occurred_at, {bought} AS bought, amount, {items} AS item
    FROM {events} WHERE products IS NOT NULL AND event NOT IN {without_money} AND {in_period}
) AS itemised"""

# A text costs much to group by, so names are folded apart.
_BUYERS = """
SELECT customer_key, product, MAX(coded) AS coded, SUM(money) AS money,
    SUM(CASE WHEN money < 0 THEN money END) AS returned, SUM(bought) AS lines,
    MIN(CASE WHEN bought = 1 THEN days_ago END) AS last_day,
    MAX(CASE WHEN bought = 1 THEN days_ago END) AS first_day
FROM (
    SELECT customer_key, COALESCE(product_code, product_name) AS product,
        CASE WHEN product_code IS NULL THEN 0 ELSE 1 END AS coded, money, bought,
        {days_ago} AS days_ago
    FROM ({lines}) AS lines
) AS dated GROUP BY customer_key, product"""
_NAMES = """
SELECT COALESCE(product_code, product_name) AS product, product_name, {category},
    SUM(bought) AS lines
FROM ({lines}) AS lines
WHERE product_name IS NOT NULL{has_category}
GROUP BY product_code, product_name{by_category}"""

# The row without a product has the money of rows that name none.
_FIGURES = """
SELECT product, MAX(coded) AS coded, SUM(money) AS money, COALESCE(SUM(returned), 0) AS returned,
    SUM(lines) AS lines, COUNT(buyers.first_day) AS buyers,
    COUNT(CASE WHEN last_day < buyers.first_day THEN 1 END) AS repeat_buyers,
    COUNT(CASE WHEN buyers.first_day = firsts.first_day THEN 1 END) AS first_buyers
FROM {buyers} AS buyers LEFT JOIN (
    SELECT customer_key, MAX(days_ago) AS first_day FROM {days} WHERE bought = 1
    GROUP BY customer_key
) AS firsts ON buyers.customer_key = firsts.customer_key
GROUP BY product"""

# A product is called what most of its rows call it, and so is its category.
_MOST = """
SELECT product, {cell}, ROW_NUMBER() OVER (
    PARTITION BY product ORDER BY SUM(lines) DESC, {cell}
) AS place
FROM {names} WHERE {cell} IS NOT NULL GROUP BY product, {cell}"""

_BOUGHT = """
SELECT customer_key, buyers.product AS product, product_name AS name,
    product_category AS category, CAST(lines AS BIGINT) AS lines, first_day AS first_days_ago,
    last_day AS last_days_ago
FROM {buyers} AS buyers
LEFT JOIN ({named}) AS named ON buyers.product = named.product AND named.place = 1
LEFT JOIN ({kinds}) AS kinds ON buyers.product = kinds.product AND kinds.place = 1
WHERE buyers.product IS NOT NULL AND lines > 0"""

_CHOSEN = """
WITH placed AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY money DESC, product) AS by_money,
        ROW_NUMBER() OVER (ORDER BY buyers DESC, money DESC, product) AS by_buyers
    FROM {figures} WHERE product IS NOT NULL
),
named AS ({named}),
kinds AS ({kinds})
SELECT CASE WHEN coded = 1 THEN placed.product END AS code, product_name AS name,
    product_category AS category,
    CAST(money AS DECIMAL(38, 4)) AS money, CAST(returned AS DECIMAL(38, 4)) AS returned,
    CAST(lines AS BIGINT) AS lines, buyers, repeat_buyers, first_buyers
FROM placed LEFT JOIN named ON placed.product = named.product AND named.place = 1
LEFT JOIN kinds ON placed.product = kinds.product AND kinds.place = 1
WHERE by_money <= {most} OR by_buyers <= {most}
ORDER BY by_money"""

_TOTALS = """
SELECT COUNT(product) AS products,
    COALESCE(SUM(CASE WHEN product IS NOT NULL THEN money END), 0) AS money,
    COALESCE(SUM(CASE WHEN product IS NULL THEN money END), 0) AS unnamed
FROM {figures}"""

_CUSTOMERS = """
SELECT COUNT(DISTINCT customer_key) FROM {buyers} WHERE product IS NOT NULL AND lines > 0"""

_ADDED = """
SELECT product, MAX(coded) AS coded, SUM(money) AS money, SUM(returned) AS returned,
    SUM(lines) AS lines, CAST(SUM(buyers) AS BIGINT) AS buyers,
    CAST(SUM(repeat_buyers) AS BIGINT) AS repeat_buyers,
    CAST(SUM(first_buyers) AS BIGINT) AS first_buyers
FROM {figures} GROUP BY product"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductQueries:
    """The queries for the products of a history, each over the relations of those before it.

    Parameters
    ----------
    events, days
        A relation with EVENTS' columns, and its CUSTOMER_DAYS in the period.
    period
        Events outside it don't count.
    days_until_as_of
        As in ``folding.rows.event_rows``.
    items
        The engine's SQL for the lines of ``products``: ``DUCKDB_ITEMS`` or ``SPARK_ITEMS``.
    categories
        Whether the history names any. Otherwise nothing reads them.
    most
        How many products by money, and as many by buyers, are shown.
    """

    events: str
    days: str
    period: Period
    days_until_as_of: Callable[[str], str]
    items: str
    categories: bool = False
    most: int = MOST_SHOWN

    @property
    def lines(self) -> str:
        """The query for what was bought and given back: one row a product of an event."""
        return _LINES.format(
            events=self.events,
            in_period=self.period.contains,
            bought=f"CASE WHEN {IS_ORDER} THEN 1 ELSE 0 END",
            without_money=WITHOUT_MONEY,
            items=self.items,
            money=_MONEY,
            share=SHARE,
        )

    def buyers(self, lines: str) -> str:
        """Return the query for who bought which product: one row a customer and product.

        Parameters
        ----------
        lines
            A query for ``lines``: of all customers, or of some.
        """
        return _BUYERS.format(lines=lines, days_ago=self.days_until_as_of("occurred_at"))

    def names(self, lines: str) -> str:
        """Return the query for what products and categories are called, and in how many lines."""
        return _NAMES.format(
            lines=lines,
            category=CATEGORY if self.categories else f"CAST(NULL AS STRING) AS {CATEGORY}",
            has_category=f" OR {CATEGORY} IS NOT NULL" if self.categories else "",
            by_category=f", {CATEGORY}" if self.categories else "",
        )

    def bought(self, *, buyers: str, names: str) -> str:
        """Return the query for CUSTOMER_PRODUCTS, in no order."""
        return _BOUGHT.format(buyers=buyers, **_called(names))

    def figures(self, *, buyers: str) -> str:
        """Return the query for each product in numbers."""
        return _FIGURES.format(buyers=buyers, days=self.days)

    def added(self, *, figures: str) -> str:
        """Return the query that adds up figures of a product, each of other customers."""
        return _ADDED.format(figures=figures)

    def chosen(self, *, figures: str, names: str) -> str:
        """Return the query for the products with most money or most buyers, by money."""
        return _CHOSEN.format(figures=figures, most=self.most, **_called(names))

    def totals(self, *, figures: str) -> str:
        """Return the query for all products together: one row."""
        return _TOTALS.format(figures=figures)

    def customers(self, *, buyers: str) -> str:
        """Return the query for how many customers bought any product."""
        return _CUSTOMERS.format(buyers=buyers)


def _called(names: str) -> dict[str, str]:
    """Return the queries for what each product and its category are called."""
    cells = {"named": "product_name", "kinds": CATEGORY}
    return {part: _MOST.format(cell=cell, names=names) for part, cell in cells.items()}


def products_record(
    rows: Sequence[Mapping[str, Any]],
    totals: Mapping[str, Any],
    *,
    customers: int,
    monetary: str,
) -> Products:
    """Return the figures as the run's records have them.

    Parameters
    ----------
    rows, totals
        The rows of ``ProductQueries.chosen`` and the one of ``ProductQueries.totals``.
    customers
        How many bought any product.
    monetary
        Net money of all customers, which products and the rest must add up to.

    Raises
    ------
    AssertionError
        They do not.
    """
    money, unnamed = Decimal(totals["money"]), Decimal(totals["unnamed"])
    if money + unnamed != Decimal(monetary):
        raise AssertionError(
            f"products' money {money} and {unnamed} without a product are not the {monetary} of all"
        )
    return Products(
        count=int(totals["products"]),
        buyers=customers,
        money=_text(money),
        without=_text(unnamed),
        items=tuple(_product(row, total=Decimal(monetary)) for row in rows),
    )


def _product(row: Mapping[str, Any], *, total: Decimal) -> Product:
    money, buyers = Decimal(row["money"]), int(row["buyers"])
    return Product(
        code=row["code"],
        name=row["name"],
        category=row["category"],
        money=_text(money),
        money_share=float(money / total) if total > 0 else None,
        returned=_text(Decimal(row["returned"])),
        lines=int(row["lines"]),
        buyers=buyers,
        repeat_buyers=int(row["repeat_buyers"]),
        repeat_rate=int(row["repeat_buyers"]) / buyers if buyers else None,
        first_buyers=int(row["first_buyers"]),
    )


def _text(money: Decimal) -> str:
    """Return money in cents where they suffice."""
    return f"{money:.4f}".removesuffix("00")
