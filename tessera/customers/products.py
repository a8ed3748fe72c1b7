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
from tessera.events.products import SHARE
from tessera.records.products import Product, Products

MOST_SHOWN = 50  # products by money, and as many by buyers
DUCKDB_ITEMS = "unnest(string_split(products, chr(10)))"
SPARK_ITEMS = "explode(split(products, chr(10)))"
_MONEY = "DECIMAL(29, 13)"  # exact: four places of an amount, nine of a share

# Few rows name several products. Only those are split.
_PRODUCT_BUYERS = """
WITH counted AS (
    SELECT customer_key, {days_ago} AS days_ago, CASE WHEN {is_order} THEN 1 ELSE 0 END AS bought,
        amount, product_code, product_name, products
    FROM {events} WHERE event NOT IN {without_money} AND {in_period}
),
lines AS (
    SELECT customer_key, days_ago, bought, product_code, product_name,
        CAST(amount AS {money}) AS money
    FROM counted WHERE products IS NULL
    UNION ALL
    SELECT customer_key, days_ago, bought, NULLIF(split_part(item, chr(9), 2), '') AS product_code,
        NULLIF(split_part(item, chr(9), 3), '') AS product_name,
        CAST(amount * CAST(split_part(item, chr(9), 1) AS {share}) AS {money}) AS money
    FROM (
        SELECT customer_key, days_ago, bought, amount, {items} AS item
        FROM counted WHERE products IS NOT NULL
    ) AS itemised
)
SELECT customer_key, COALESCE(product_code, product_name) AS product, product_code, product_name,
    SUM(money) AS money, SUM(CASE WHEN money < 0 THEN money END) AS returned, SUM(bought) AS lines,
    MIN(CASE WHEN bought = 1 THEN days_ago END) AS last_days_ago,
    MAX(CASE WHEN bought = 1 THEN days_ago END) AS first_days_ago
FROM lines GROUP BY customer_key, product_code, product_name"""

_FIGURES = """
WITH firsts AS (
    SELECT customer_key, MAX(days_ago) AS first_day FROM {days} WHERE bought = 1
    GROUP BY customer_key
),
buyers AS (
    SELECT customer_key, product, MAX(product_code) AS code, SUM(money) AS money,
        COALESCE(SUM(returned), 0) AS returned, SUM(lines) AS lines,
        MIN(last_days_ago) AS last_day, MAX(first_days_ago) AS first_day
    FROM {product_buyers} WHERE product IS NOT NULL GROUP BY customer_key, product
),
figures AS (
    SELECT product, MAX(code) AS code, SUM(money) AS money, SUM(returned) AS returned,
        SUM(lines) AS lines, COUNT(buyers.first_day) AS buyers,
        COUNT(CASE WHEN buyers.last_day < buyers.first_day THEN 1 END) AS repeat_buyers,
        COUNT(CASE WHEN buyers.first_day = firsts.first_day THEN 1 END) AS first_buyers
    FROM buyers LEFT JOIN firsts ON buyers.customer_key = firsts.customer_key GROUP BY product
),
placed AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY money DESC, product) AS by_money,
        ROW_NUMBER() OVER (ORDER BY buyers DESC, money DESC, product) AS by_buyers
    FROM figures
),
chosen AS (SELECT * FROM placed WHERE by_money <= {most} OR by_buyers <= {most}),
names AS (
    SELECT product, product_name, ROW_NUMBER() OVER (
        PARTITION BY product ORDER BY SUM(lines) DESC, product_name
    ) AS place
    FROM {product_buyers}
    WHERE product_name IS NOT NULL AND product IN (SELECT product FROM chosen)
    GROUP BY product, product_name
)
SELECT chosen.code, names.product_name AS name, CAST(money AS DECIMAL(38, 4)) AS money,
    CAST(returned AS DECIMAL(38, 4)) AS returned, CAST(lines AS BIGINT) AS lines, buyers,
    repeat_buyers, first_buyers
FROM chosen LEFT JOIN names ON chosen.product = names.product AND names.place = 1
ORDER BY chosen.by_money"""

_TOTALS = """
SELECT COUNT(DISTINCT product) AS products,
    COUNT(DISTINCT CASE WHEN product IS NOT NULL AND lines > 0 THEN customer_key END) AS buyers,
    COALESCE(SUM(CASE WHEN product IS NOT NULL THEN money END), 0) AS money,
    COALESCE(SUM(CASE WHEN product IS NULL THEN money END), 0) AS unnamed
FROM {product_buyers}"""


@dataclasses.dataclass(frozen=True)
class ProductQueries:
    """The queries for products of a history.

    Parameters
    ----------
    items
        The engine's SQL for the lines of ``products``: ``DUCKDB_ITEMS`` or ``SPARK_ITEMS``.
    """

    items: str

    def product_buyers(
        self, events: str, *, period: Period, days_until_as_of: Callable[[str], str]
    ) -> str:
        """Return the query for who bought which product: one row a customer, code and name.

        Parameters
        ----------
        events
            A relation with EVENTS' columns.
        period, days_until_as_of
            As in ``customer_days``.
        """
        return _PRODUCT_BUYERS.format(
            events=events,
            in_period=period.contains,
            is_order=IS_ORDER,
            without_money=WITHOUT_MONEY,
            days_ago=days_until_as_of("occurred_at"),
            items=self.items,
            money=_MONEY,
            share=SHARE,
        )


def product_figures(product_buyers: str, *, days: str, most: int = MOST_SHOWN) -> str:
    """Return the query for the products with most money or most buyers, the most money first.

    Parameters
    ----------
    product_buyers
        The relation of the query of that name.
    days
        CUSTOMER_DAYS of the same period.
    """
    return _FIGURES.format(product_buyers=product_buyers, days=days, most=most)


def product_totals(product_buyers: str) -> str:
    """Return the query for all products together: one row."""
    return _TOTALS.format(product_buyers=product_buyers)


def products_record(
    rows: Sequence[Mapping[str, Any]], totals: Mapping[str, Any], *, monetary: str
) -> Products:
    """Return the figures as the run's records have them.

    Parameters
    ----------
    rows, totals
        The rows of ``product_figures`` and the one of ``product_totals``.
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
        buyers=int(totals["buyers"]),
        money=_text(money),
        without=_text(unnamed),
        items=tuple(_product(row, total=Decimal(monetary)) for row in rows),
    )


def _product(row: Mapping[str, Any], *, total: Decimal) -> Product:
    money, buyers = Decimal(row["money"]), int(row["buyers"])
    return Product(
        code=row["code"],
        name=row["name"],
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
