"""A shop's database in a real PostgreSQL, filled with the orders of the example that ships."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import itertools
import operator
from collections.abc import Iterator
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path

from local.services.postgresql import OWNER, PostgresServer
from tessera.sources.databases.address import Address

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "online_retail_events.csv.gz"
SLOT = "tessera_demo"
MAPPING = """\
# What the columns of the shop's tables mean.
[orders]
keep = "status = 'paid'"
EventID = "'orders/' || id"
OrderID = "id"
CustomerID = "customer_id"
Date = "placed_at || 'Z'"
Amount = "total"
"""
_TABLE = """
CREATE TABLE orders (
    id text PRIMARY KEY, customer_id text NOT NULL, placed_at timestamptz NOT NULL,
    total numeric(12,2) NOT NULL, status text NOT NULL
)"""
_FIGURES = """
SELECT count(*), count(DISTINCT customer_id), sum(total)::text FROM orders WHERE status = 'paid'"""
_COLUMNS = ("ProductDescription", "CustomerID", "UnitPrice", "Quantity", "Date")
_NOTHING = Decimal(0)
CHANGES = (
    ("500 orders got another total", "UPDATE orders SET total = total + 1.25 WHERE id IN {some}"),
    ("40 orders were cancelled", "UPDATE orders SET status = 'cancelled' WHERE id IN {few}"),
    ("10 customers' orders were deleted", "DELETE FROM orders WHERE customer_id IN {customers}"),
)
_PLACES = {
    "some": "(SELECT id FROM orders ORDER BY id LIMIT 500)",
    "few": "(SELECT id FROM orders ORDER BY id DESC LIMIT 40)",
    "customers": "(SELECT DISTINCT customer_id FROM orders ORDER BY customer_id LIMIT 10)",
}


@dataclasses.dataclass(frozen=True)
class ShopFigures:
    """What a shop sold: orders, buyers, and money in the shop's currency."""

    orders: int
    buyers: int
    monetary: Decimal


class ExampleShop:
    """A running server with the shop's table.

    Parameters
    ----------
    most
        How many of the example's orders it gets, the first ones. None for all.
    """

    def __init__(self, *, most: int | None = None) -> None:
        self.server = PostgresServer(logical=True)
        self._most = most

    def start(self) -> int:
        """Start the server and fill the table. Return how many orders it has."""
        self.server.start()
        rows = "".join(",".join(order) + "\n" for order in itertools.islice(orders(), self._most))
        with self.server.owner() as connection:
            connection.run(_TABLE)
            connection.run("ALTER TABLE orders REPLICA IDENTITY FULL")
            connection.run(
                "COPY orders FROM STDIN WITH (FORMAT csv)", stream=io.BytesIO(rows.encode())
            )
        return self.figures().orders

    def stop(self) -> None:
        """End the server."""
        self.server.stop()

    @property
    def address(self) -> Address:
        """Where the database is, for one who may read its changes."""
        secret = self.server.owner_secret()
        return Address(
            host=secret["host"],
            port=int(secret["port"]),
            database=secret["dbname"],
            user=OWNER,
            password=secret["password"],
        )

    def change(self) -> list[str]:
        """Change, cancel and delete orders. Return what was done."""
        with self.server.owner() as connection:
            for _, statement in CHANGES:
                connection.run(statement.format(**_PLACES))
        return [words for words, _ in CHANGES]

    def figures(self) -> ShopFigures:
        """Return what the database itself counts of the orders that were paid."""
        [(count, buyers, money)] = self.server.query(_FIGURES)
        return ShopFigures(count, buyers, Decimal(money))


def orders(example: Path = EXAMPLE) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the example's orders as the table has them: its lines by invoice and customer."""
    totals: dict[tuple[str, str], Decimal] = {}
    placed: dict[tuple[str, str], str] = {}
    with gzip.open(example, "rt", encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        chosen = operator.itemgetter(*map(next(lines).index, _COLUMNS))
        for invoice, customer, price, quantity, date in map(chosen, lines):
            order = invoice.removeprefix("invoice "), customer
            totals[order] = totals.get(order, _NOTHING) + Decimal(price) * Decimal(quantity)
            placed.setdefault(order, date)
    for (invoice, customer), total in totals.items():
        at = parsedate_to_datetime(placed[invoice, customer]).isoformat()
        yield invoice, customer, at, f"{total:.2f}", "paid"


def write_lines(path: Path, *, one_in: int, example: Path = EXAMPLE) -> None:
    """Write the example's lines of one in so many customers."""
    with (
        gzip.open(example, "rt", encoding="utf-8", newline="") as file,
        path.open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(file)
        writer = csv.DictWriter(target, rows.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in rows if int(row["CustomerID"]) % one_in == 0)
