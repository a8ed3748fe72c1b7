"""An order's amount divided among its products, so that the shares are exactly the amount."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

_TO_SCALE = Decimal("0.0001")
_NOTHING = Decimal(0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PricedProduct:
    """A line of an order or of a refund: its product, and its price without a sign."""

    code: str = ""
    name: str = ""
    price: Decimal


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProductShare:
    """What a product has of an amount. Without a product it is what no line explains."""

    code: str = ""
    name: str = ""
    amount: Decimal


def written(amount: Decimal) -> str:
    """Return an amount as a file has it: four decimals, which nobody reads as thousands."""
    return f"{_scaled(amount):f}"


def shared(amount: Decimal, products: Sequence[PricedProduct]) -> list[ProductShare]:
    """Divide an amount among products.

    Parameters
    ----------
    amount
        Of the order or the refund. A negative one has no products.
    products
        Lines that count, in the order of their lines.

    Returns
    -------
    list
        At least one share, in whole ten-thousandths, and their sum is the amount. A share is
        negative only where the amount is. Each product has its price where the amount suffices,
        and the rest has no product. Otherwise each has its part of the amount: a discount of the
        whole order is divided likewise.
    """
    amount = _scaled(amount)
    priced = [p for p in products if _scaled(p.price) > 0] if amount >= 0 else []
    total = sum((_scaled(product.price) for product in priced), _NOTHING)
    if total <= amount or amount < 0:
        shares = [ProductShare(code=p.code, name=p.name, amount=_scaled(p.price)) for p in priced]
        rest = amount - total
        return shares if shares and not rest else [*shares, ProductShare(amount=rest)]
    return _parts(amount, priced, total=total)


def by_product(
    event: Mapping[str, str], amount: Decimal, products: Sequence[PricedProduct]
) -> list[dict[str, str]]:
    """Return an event's rows, one for each share of its amount, numbered in their event ids."""
    return [
        {
            **event,
            "EventID": f"{event['EventID']}/{place}",
            "Amount": written(share.amount),
            "ProductCode": share.code,
            "ProductName": share.name,
        }
        for place, share in enumerate(shared(amount, products))
    ]


def _parts(
    amount: Decimal, products: Sequence[PricedProduct], *, total: Decimal
) -> list[ProductShare]:
    """Divide an amount in proportion to prices: what rounding leaves goes on to the next one."""
    shares, left, weight = [], amount, total
    for product in products:
        price = _scaled(product.price)
        part = left if price >= weight else min(left, _scaled(left * price / weight))
        shares.append(ProductShare(code=product.code, name=product.name, amount=part))
        left, weight = left - part, weight - price
    return shares


def _scaled(amount: Decimal) -> Decimal:
    return amount.quantize(_TO_SCALE, ROUND_HALF_UP)
