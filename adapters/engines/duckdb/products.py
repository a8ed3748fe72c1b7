"""What customers buy: figures of the products, and who bought which."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from adapters.engines.duckdb.growing import GrowingTable
from adapters.engines.duckdb.history import DuckDBRelations
from adapters.engines.duckdb.outputs import read_by_customer
from adapters.engines.duckdb.session import Connection, scalar
from adapters.engines.duckdb.slices import sliced, slices_of
from adapters.tables.parquet import arrow_schema, write_batches
from tessera.contracts.tables import CUSTOMER_PRODUCTS
from tessera.customers.products import DUCKDB_ITEMS, ProductQueries, products_record
from tessera.customers.summary import Period, duckdb_days
from tessera.records.products import Products

_ROW_BYTES = 128  # of a line that is grouped, beside the letters of its product


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
    bought = _Bought(connection, queries)
    write_batches(path, bought.batches(), CUSTOMER_PRODUCTS)
    return bought.record(monetary=monetary)


@dataclasses.dataclass
class _Bought:
    """Who bought which product, some customers at a time, and the figures that they come to."""

    connection: Connection
    queries: ProductQueries
    customers: int = 0

    def batches(self) -> Iterator[pa.Table]:
        """Yield CUSTOMER_PRODUCTS, in order."""
        tables, queries = DuckDBRelations(self.connection), self.queries
        tables.keep("product_names", queries.names(queries.lines))
        figures = GrowingTable(self.connection, "product_figures")
        bought = queries.bought(buyers="product_buyers", names="product_names")
        for lines in self._slices():
            tables.keep("product_buyers", queries.buyers(lines))
            figures.extend(queries.figures(buyers="product_buyers"))
            self.customers += tables.number(queries.customers(buyers="product_buyers"))
            yield from read_by_customer(self.connection, bought, then_by="product")
            self.connection.execute("DROP TABLE product_buyers")
        self.connection.execute("DROP TABLE IF EXISTS product_lines")

    def record(self, *, monetary: str) -> Products:
        """Return the figures of the products, once all batches were read."""
        tables, queries = DuckDBRelations(self.connection), self.queries
        tables.keep("all_product_figures", queries.added(figures="product_figures"))
        chosen = queries.chosen(figures="all_product_figures", names="product_names")
        [totals] = self._rows(queries.totals(figures="all_product_figures"))
        record = products_record(
            self._rows(chosen), totals, customers=self.customers, monetary=monetary
        )
        for name in ("product_names", "product_figures", "all_product_figures"):
            self.connection.execute(f"DROP TABLE {name}")
        return record

    def _slices(self) -> list[str]:
        """Return queries for the lines, each for all lines of some customers, in their order."""
        lines = self.queries.lines
        letters = "strlen(coalesce(product_code, product_name, ''))"
        row_bytes = f"SELECT sum({_ROW_BYTES} + {letters}) FROM ({lines})"  # noqa: S608 (our own names)
        slices = slices_of(self.connection, row_bytes=int(scalar(self.connection, row_bytes) or 0))
        if slices == 1:
            return [lines]
        customers = scalar(self.connection, "SELECT max(name) + 1 FROM names")
        slice_of = f"customer_key::BIGINT * {slices} // {customers}"
        return sliced(self.connection, "product_lines", [lines], slice_of=slice_of, slices=slices)

    def _rows(self, query: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.connection.sql(query).to_arrow_table().to_pylist()
        return rows
