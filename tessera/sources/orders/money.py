"""What an order is worth: net sales, as the shop itself reports them.

Net sales are goods after discounts, less goods that were given back. Taxes, shipping, duties, tips
and sold gift cards are no part of it. Two settings add taxes and shipping.
"""

from __future__ import annotations

import dataclasses
from decimal import ROUND_HALF_UP, Decimal

from tessera.settings import RunSettings

NOTHING = Decimal(0)
_TO_SCALE = Decimal("0.0001")
_CENT = Decimal("0.01")
_HALF_A_CENT = Decimal("0.005")
_ROUNDED = Decimal("0.02")  # how far taxes are from their rate, each line's being rounded


@dataclasses.dataclass(frozen=True, kw_only=True)
class Included:
    """What counts as a customer's money beside goods."""

    tax: bool = False
    shipping: bool = False

    def in_words(self) -> str:
        """Return what an order's money is, for people."""
        with_ = [name for name in ("tax", "shipping") if getattr(self, name)]
        without = [name for name in ("tax", "shipping") if not getattr(self, name)]
        parts = [("with", with_), ("without", without)]
        return "net sales, " + ", ".join(f"{word} {' and '.join(n)}" for word, n in parts if n)


def included_by(settings: RunSettings) -> Included:
    """Return what the settings include."""
    return Included(tax=settings.include_tax, shipping=settings.include_shipping)


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderMoney:
    """The money of an order, as its export has it. None is a blank cell, or no such column.

    Parameters
    ----------
    goods
        After all discounts, without gift cards, with or without taxes.
    total
        What the customer paid.
    gift_cards
        What was paid for gift cards, part of ``total``.
    tax
        All taxes, with those of shipping.
    rate
        The rates of the taxes together, such as 0.19.
    shipping, shipping_tax, duties
        What they say.
    refunded
        Money that was given back, with its taxes and shipping.
    """

    goods: Decimal | None = None
    total: Decimal | None = None
    gift_cards: Decimal = NOTHING
    tax: Decimal | None = None
    rate: Decimal | None = None
    shipping: Decimal | None = None
    shipping_tax: Decimal | None = None
    duties: Decimal | None = None
    refunded: Decimal = NOTHING


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Part:
    """Goods, or shipping: without its tax, and the tax."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax

    def less(self, back: Decimal) -> _Part:
        """Return what is left when some money of it is given back, never below zero."""
        if not back or self.gross <= 0:
            return self
        kept = max(self.gross - back, NOTHING) / self.gross
        return _Part(net=self.net * kept, tax=self.tax * kept)


def net_sales(order: OrderMoney, *, included: Included) -> Decimal | None:
    """Return what an order is worth, to 4 decimal places. None when no cell shows it.

    A refund takes from the goods first, then from shipping, each with its taxes.
    """
    parts = _parts(order)
    if parts is None:
        return None
    goods, shipping = parts
    rest = max(order.refunded - max(goods.gross, NOTHING), NOTHING)
    goods, shipping = goods.less(order.refunded), shipping.less(rest)
    value = goods.net + (goods.tax if included.tax else NOTHING)
    if included.shipping:
        value += shipping.net + (shipping.tax if included.tax else NOTHING)
    return value.quantize(_TO_SCALE, ROUND_HALF_UP)


def less_discount(order: OrderMoney, discount: Decimal) -> OrderMoney:
    """Return an order whose goods are after its discount, which its total may show them to be."""
    if order.goods is None or not discount:
        return order
    others = (order.shipping or NOTHING) + (order.duties or NOTHING) + order.gift_cards
    known = order.goods + others
    if order.total in (known, known + (order.tax or NOTHING)):
        return order
    return dataclasses.replace(order, goods=order.goods - discount)


def by_total(order: OrderMoney) -> OrderMoney:
    """Return an order whose total alone shows its taxes, or else its discount.

    What the total is beyond goods and shipping is tax. What it lacks is a discount. An order that
    has both shows only their difference.
    """
    if order.goods is None or order.total is None:
        return order
    others = (order.shipping or NOTHING) + (order.duties or NOTHING) + order.gift_cards
    beyond = order.total - order.goods - others
    if beyond >= 0:
        return dataclasses.replace(order, tax=beyond)
    return dataclasses.replace(order, goods=order.goods + beyond)


def _parts(order: OrderMoney) -> tuple[_Part, _Part] | None:
    """Return an order's goods and shipping."""
    tax, shipping = order.tax or NOTHING, order.shipping or NOTHING
    if order.goods is not None:
        goods, inside = order.goods, _tax_is_inside(order)
    elif order.total is not None:
        goods = order.total - tax - shipping - (order.duties or NOTHING) - order.gift_cards
        inside = False
    else:
        return None
    tax_of_goods = _tax_of_goods(order, goods=goods, inside=inside)
    tax_of_shipping = tax - tax_of_goods
    if inside:
        goods, shipping = goods - tax_of_goods, shipping - tax_of_shipping
    return _Part(net=goods, tax=tax_of_goods), _Part(net=shipping, tax=tax_of_shipping)


def _tax_is_inside(order: OrderMoney) -> bool:
    """Return whether the prices contain the taxes: whether the total is reached without them."""
    if not order.tax or order.total is None:
        return False
    others = (order.shipping or NOTHING) + (order.duties or NOTHING) + order.gift_cards
    beyond = order.total - (order.goods or NOTHING) - others
    return beyond < order.tax - _HALF_A_CENT


def _tax_of_goods(order: OrderMoney, *, goods: Decimal, inside: bool) -> Decimal:
    """Return the goods' share of an order's taxes.

    Shipping is untaxed, or taxed as the goods are. The rate shows which, where it is known.
    Otherwise prices without taxes mean the former, and prices with taxes the latter.
    """
    tax, shipping = order.tax or NOTHING, order.shipping or NOTHING
    if order.shipping_tax is not None:
        return tax - order.shipping_tax
    if not tax or not shipping or goods + shipping <= 0:
        return tax
    shared = tax * goods / (goods + shipping)
    if order.rate is None:
        return shared.quantize(_CENT, ROUND_HALF_UP) if inside else tax
    expected = goods * order.rate / (1 + order.rate) if inside else goods * order.rate
    nearest = min(tax, shared, key=lambda each: abs(each - expected))
    rounded = expected if abs(nearest - expected) <= _ROUNDED else nearest
    return rounded.quantize(_CENT, ROUND_HALF_UP)
