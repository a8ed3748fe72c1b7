"""What customers buy: figures of the products, and who bought which."""

from __future__ import annotations

from pathlib import Path

from adapters.engines.duckdb.history import DuckDBRelations
from adapters.engines.duckdb.outputs import in_names, write_query
from adapters.engines.duckdb.session import Connection
from adapters.tables.parquet import arrow_schema, write_batches
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tessera.customers.products import DUCKDB_ITEMS, ProductQueries, products_record
from tessera.customers.summary import Period, duckdb_days
from tessera.records.products import Products


def write_products(
    connection: Connection, *, period: Period, path: Path, monetary: str | None, categories: bool
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
    if monetary is None:
        write_batches(path, [arrow_schema(CUSTOMER_PRODUCTS).empty_table()], CUSTOMER_PRODUCTS)
        return None
    queries = ProductQueries(
        events="history",
        days="customer_days",
        period=period,
        days_until_as_of=duckdb_days(period),
        items=DUCKDB_ITEMS,
        categories=categories,
    )
    tables = DuckDBRelations(connection)
    tables.keep("product_buyers", queries.buyers)
    tables.keep("product_names", queries.names)
    tables.keep("product_figures", queries.figures(buyers="product_buyers"))
    bought = queries.bought(buyers="product_buyers", names="product_names")
    write_query(connection, in_names(bought, then_by="product"), path, CUSTOMER_PRODUCTS)
    rows, totals_rows = (
        connection.sql(query).to_arrow_table().to_pylist()
        for query in (
            queries.chosen(figures="product_figures", names="product_names"),
            queries.totals(figures="product_figures", buyers="product_buyers"),
        )
    )
    for name in ("product_buyers", "product_names", "product_figures"):
        connection.execute(f"DROP TABLE {name}")
    return products_record(rows, totals_rows[0], monetary=monetary)
