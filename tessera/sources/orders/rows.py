"""An order's rows read into one event: its money, and the reasons why an order is none."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from tessera.events.names import PURCHASED
from tessera.events.reasons import BLANK_ROW, GIFT_CARD, ORDER_LINE, TOTALS_ROW
from tessera.sources.amounts import Mark
from tessera.sources.orders.cells import BadCell, Cell, CellReader, first_at, first_given
from tessera.sources.orders.gift_cards import is_gift_card
from tessera.sources.orders.layout import OrderLayout
from tessera.sources.orders.money import (
    NOTHING,
    Included,
    OrderMoney,
    by_total,
    less_discount,
    net_sales,
)
from tessera.sources.orders.products import line_price, products_of
from tessera.sources.orders.zones import with_zone
from tessera.sources.skipped_rows import first_cell, is_totals

_RATE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


@dataclasses.dataclass(frozen=True, kw_only=True)
class OrderReader:
    """Reads orders' rows.

    Parameters
    ----------
    layout
        Where their cells stand.
    mark
        The decimal mark of the file.
    included
        What counts as money beside goods.
    """

    layout: OrderLayout
    mark: Mark
    included: Included

    @functools.cached_property
    def _cells(self) -> CellReader:
        return CellReader(self.layout, self.mark)

    def read(self, rows: Sequence[Sequence[Cell]]) -> Iterator[list[Cell]]:
        """Yield, for each row of an order, the cells of our columns ``layout.given``.

        The first row has the order's money and what any of its rows gives. The others are lines,
        which are no events.

        Parameters
        ----------
        rows
            All rows of one order, each with the cells of ``layout.taken``.
        """
        first = self._first(rows)
        yield first
        event = list(self.layout.given).index("event_name")
        for _ in rows[1:]:
            line = list(first)
            line[event], line[-1] = ORDER_LINE.code, None
            line[len(self.layout.columns) : -1] = [None] * len(self.layout.product_columns)
            yield line

    def _first(self, rows: Sequence[Sequence[Cell]]) -> list[Cell]:
        order: Sequence[Cell] = rows[0]
        if len(rows) > 1:
            order = [first_given(cells) for cells in zip(*rows, strict=True)]
        reason, amount = self._worth(order, rows)
        places = self.layout.columns
        if amount is not None and amount.startswith("-"):
            places = {**places, **self.layout.returns}
        given = {name: first_at(order, places[name]) for name in places}
        if not places["event_name"]:
            given["event_name"] = PURCHASED
        if reason:
            given["event_name"] = reason
        if "date" in given:
            given["date"] = self._instant(order, given["date"])
        columns = [given[name] for name in self.layout.columns]
        return [*columns, *self._products(rows, counts=amount is not None), amount]

    def _worth(self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> tuple[str, Cell]:
        """Return why an order is no event, or else its amount: a cell that is no number stays."""
        reason = self._uncounted(order)
        if reason:
            return reason, None
        self._cells.forget()
        try:
            money = self._money(order, rows)
            currency = self._cells.currency(order)
        except BadCell as bad:
            return "", bad.text
        if money is not None:
            return "", f"{self._cells.written(money)} {currency}".rstrip()
        return (GIFT_CARD.code if all(map(self._is_gift_card, rows)) else ""), None

    def _products(self, rows: Sequence[Sequence[Cell]], *, counts: bool) -> Sequence[Cell]:
        if not self.layout.product_columns:
            return ()
        try:
            goods = [row for row in rows if counts and not self._is_gift_card(row)]
            return products_of(goods, layout=self.layout, cells=self._cells)
        except BadCell:  # a cell that the order's money does not need
            return products_of((), layout=self.layout, cells=self._cells)

    # ---- reasons -----------------------------------------------------------------------------

    def _uncounted(self, order: Sequence[Cell]) -> str:
        lead = first_cell(order)
        if not lead:
            return BLANK_ROW.code
        dates = [order[at] for at in self.layout.columns.get("date", ())]
        if is_totals(lead) and not first_given(dates):
            return TOTALS_ROW.code
        rules = self.layout.uncounted
        return next((rule.reason for rule in rules if self._cells.holds(rule, order)), "")

    # ---- money -------------------------------------------------------------------------------

    def _money(self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Decimal | None:
        """Return an order's net sales. None when no cell shows it, or it has only gift cards."""
        gifts = [row for row in rows if self._is_gift_card(row)]
        if gifts and len(gifts) == len(rows):
            return None
        gift_cards = self._of_lines(gifts) or NOTHING
        goods = self._goods(order, rows, gift_cards=gift_cards)
        shipping = self._cells.number("shipping", order)
        money = OrderMoney(
            goods=goods,
            total=self._cells.number("total", order),
            gift_cards=gift_cards,
            tax=self._cells.number("tax", order),
            rate=self._rate(order),
            shipping=shipping,
            shipping_tax=self._shipping_tax(order, shipping),
            duties=self._cells.number("duties", order),
            refunded=self._refunded(order, rows, goods=goods),
        )
        discount = self._cells.number("discount", order)
        money = less_discount(money, NOTHING if discount is None else abs(discount))
        if self.layout.only_totals:
            money = by_total(money)
        if self._all_refunded(order, money.refunded):
            money = dataclasses.replace(money, refunded=Decimal("Infinity"))
        return net_sales(money, included=self.included)

    def _goods(
        self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, gift_cards: Decimal
    ) -> Decimal | None:
        """Return goods after discounts. None when only the order's total shows it."""
        goods = self._cells.number("goods", order)
        if goods is not None:
            return goods - gift_cards
        totals = self._cells.total("line_total", rows)
        if totals is not None:
            return totals - gift_cards
        apart = (
            self._cells.number("tax", order) is not None
            or self._cells.number("shipping", order) is not None
        )
        if self._cells.number("total", order) is not None and apart:
            return None
        lines = self._of_lines(rows)
        return None if lines is None else lines - gift_cards

    def _of_lines(self, rows: Iterable[Sequence[Cell]]) -> Decimal | None:
        """Return what lines cost by their prices. None without any price."""
        total: Decimal | None = None
        for row in rows:
            line = line_price(row, cells=self._cells)
            if line is not None:
                total = (total or NOTHING) + line
        return total

    def _refunded(
        self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, goods: Decimal | None
    ) -> Decimal:
        back = abs(
            self._cells.number("refunded", order)
            or self._cells.total("line_refunded", rows)
            or NOTHING
        )
        if any(self._cells.holds(rule, order) for rule in self.layout.lost):
            lost, charged = self._cells.number("lost", order), self._cells.number("charged", order)
            # What is disputed is in the charge's currency, which may be converted.
            scale = goods / charged if goods and charged else Decimal(1)
            back += (lost or NOTHING) * scale

        return back + self._adjusted(order)

    def _adjusted(self, order: Sequence[Cell]) -> Decimal:
        """Return what was given back by the total after refunds, which is zero without any."""
        left = self._cells.number("adjusted", order)
        charged = self._cells.number("charged", order) if left else None
        return max(charged - left, NOTHING) if charged and left else NOTHING

    def _shipping_tax(self, order: Sequence[Cell], shipping: Decimal | None) -> Decimal | None:
        gross = self._cells.number("shipping_with_tax", order)
        if gross is not None and shipping is not None:
            return gross - shipping
        return self._cells.number("shipping_tax", order)

    def _all_refunded(self, order: Sequence[Cell], refunded: Decimal) -> bool:
        return not refunded and any(self._cells.holds(rule, order) for rule in self.layout.refunded)

    def _is_gift_card(self, row: Sequence[Cell]) -> bool:
        if "line_name" not in self.layout.roles:
            return False
        shipped, taxed = self._cells.text("line_shipped", row), self._cells.text("line_taxed", row)
        return is_gift_card(self._cells.text("line_name", row) or "", shipped=shipped, taxed=taxed)

    def _rate(self, order: Sequence[Cell]) -> Decimal | None:
        names = [name for at in self.layout.roles.get("tax_names", ()) if (name := order[at])]
        rates = [each.replace(",", ".") for name in names for each in _RATE.findall(name)]
        return sum(map(Decimal, rates), NOTHING) / 100 if rates else None

    # ---- dates -------------------------------------------------------------------------------

    def _instant(self, order: Sequence[Cell], date: Cell) -> Cell:
        time = order[self.layout.time] if self.layout.time >= 0 else None
        zone = order[self.layout.zone] if self.layout.zone >= 0 else None
        if not (date or "").strip() or not (time or "").strip():
            return date
        return with_zone(f"{date} {time}", zone or "")
