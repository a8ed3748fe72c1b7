"""The products of an order's rows, each with its share of what the order comes to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from tessera.events.products import listed, product_text, shares
from tessera.sources.orders.cells import Cell, CellReader, first_at
from tessera.sources.orders.layout import OrderLayout
from tessera.sources.orders.money import NOTHING

_NONE: tuple[Cell, ...] = (None, None, None, None)


def products_of(
    rows: Sequence[Sequence[Cell]], *, layout: OrderLayout, cells: CellReader
) -> Sequence[Cell]:
    """Return the cells of ``PRODUCT`` of an order. Categories neither make nor divide products.

    An order's discounts, taxes, refunds and shipping belong to its products in the proportion of
    their lines' money. Lines of several products without any price show no proportion: then the
    order has no product.

    Parameters
    ----------
    rows
        Those of one order, without its gift cards.
    layout, cells
        Where their cells stand, and how they are read.

    Raises
    ------
    BadCell
        A line's money is no number.
    """
    code, name, category = layout.products
    products = [
        (product_text(first_at(row, code)), product_text(first_at(row, name))) for row in rows
    ]
    if not any(any(product) for product in products):
        return _NONE
    categories = [product_text(first_at(row, category)) for row in rows]
    if len(set(products)) == 1:
        return (*products[0], next(filter(None, categories), None), None)
    weights = [line_worth(row, cells=cells) for row in rows]
    if not any(weight is not None for weight in weights):
        return _NONE
    each = shares(weight or NOTHING for weight in weights)
    lines = zip(each, products, categories, strict=True)
    return (None, None, None, listed((share, *one, category) for share, one, category in lines))


def line_worth(row: Sequence[Cell], *, cells: CellReader) -> Decimal | None:
    """Return what a line costs after its own discounts and refunds. None without any price."""
    total = cells.number("line_total", row)
    if total is not None:
        return total - abs(cells.number("line_refunded", row) or NOTHING)
    return line_price(row, cells=cells)


def line_price(row: Sequence[Cell], *, cells: CellReader) -> Decimal | None:
    """Return price × quantity of a line less its discount. None without a price."""
    price = cells.number("line_price", row)
    if price is None:
        return None
    pieces = cells.number("line_quantity", row)
    line = price * (1 if pieces is None else pieces)
    return line - abs(cells.number("line_discount", row) or NOTHING)
