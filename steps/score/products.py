"""What customers are likely to buy next: the column of the profiles, and a part of score.json."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from adapters.processes import beside
from adapters.tables.customer_products import CustomerProducts, read_customer_products
from adapters.tables.profiles import CustomerBlocks
from steps.score.run import ScoreRun
from tessera import naming
from tessera.customers.recommending.groups import NamedPurchases
from tessera.customers.recommending.next_products import Recommended, next_products
from tessera.records.scoring.recommending import NextProducts
from tessera.segments.scoring import ScoredInParts


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductsOfRun:
    """What customers buy next, and why.

    Parameters
    ----------
    read
        Who bought what.
    recommended
        What was made of it. None where nobody bought a product.
    """

    read: CustomerProducts
    recommended: Recommended | None

    @property
    def record(self) -> NextProducts | None:
        """The part of score.json."""
        return self.recommended.record if self.recommended else None

    def columns(self, rows: slice) -> dict[str, pa.Array]:
        """Return the profiles' columns of some customers. None where nothing is published."""
        if self.recommended is None or self.recommended.products is None:
            return {}
        return {"next_products": self.read.column(self.recommended.products[rows])}


def products_of_run(
    run: ScoreRun, customers: CustomerBlocks, scored: ScoredInParts
) -> ProductsOfRun:
    """Test, learn and recommend from the input ``customer_products``."""
    folder = run.container.input(naming.CUSTOMER_PRODUCTS)
    read = read_customer_products(folder, keys=customers.keys())
    if not read.products:
        return ProductsOfRun(read=read, recommended=None)
    recommended = next_products(
        NamedPurchases(
            bought=read.bought,
            products=read.products,
            names=read.names,
            categories=read.categories,
        ),
        holdout_days=run.prepared.holdout_days,
        codes=scored.codes[:],
        labels=[one.label for one in scored.definition.everyone],
        beside=beside.usual(),
    )
    return ProductsOfRun(read=read, recommended=recommended)
