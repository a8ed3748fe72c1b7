"""What customers buy: figures of the products, and who bought which."""

from __future__ import annotations

from typing import Protocol

from pyspark.sql import DataFrame, SparkSession

from adapters.engines.spark.kept import kept
from adapters.engines.spark.tables import sql_schema
from tessera.contracts.table import Table
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tessera.customers.products import SPARK_ITEMS, ProductQueries, products_record
from tessera.customers.summary import Period, spark_days
from tessera.records.products import Products


class TableWriter(Protocol):
    """Writes the rows of a frame, so many, as a table in an order."""

    def __call__(
        self, frame: DataFrame, contract: Table, *, by: tuple[str, ...], rows: int
    ) -> None:
        """Write them."""
        ...


def write_products(
    session: SparkSession,
    *,
    period: Period,
    monetary: str | None,
    categories: bool,
    write: TableWriter,
) -> Products | None:
    """Write CUSTOMER_PRODUCTS, and return the figures of the products.

    Parameters
    ----------
    monetary
        Net money of all customers. None where the history names no products: then the table is
        empty, and there are no figures.
    categories
        Whether it names categories of products.
    """
    by = CUSTOMER_PRODUCTS.key
    if monetary is None:
        nobody = session.createDataFrame([], sql_schema(CUSTOMER_PRODUCTS))
        write(nobody, CUSTOMER_PRODUCTS, by=by, rows=0)
        return None
    queries = ProductQueries(
        events="history",
        days="customer_days",
        period=period,
        days_until_as_of=spark_days(period),
        items=SPARK_ITEMS,
        categories=categories,
    )
    with (
        kept(session, "product_buyers", queries.buyers(queries.lines)),
        kept(session, "product_names", queries.names(queries.lines)),
        kept(session, "product_figures", queries.figures(buyers="product_buyers")),
    ):
        pairs = queries.bought(buyers="product_buyers", names="product_names")
        with kept(session, "customer_products", pairs) as frame:
            write(frame, CUSTOMER_PRODUCTS, by=by, rows=frame.count())
        chosen = queries.chosen(figures="product_figures", names="product_names")
        rows = session.sql(chosen).collect()
        [totals] = session.sql(queries.totals(figures="product_figures")).collect()
        [customers] = session.sql(queries.customers(buyers="product_buyers")).collect()
    return products_record(
        [row.asDict() for row in rows],
        totals.asDict(),
        customers=customers[0],
        monetary=monetary,
    )
