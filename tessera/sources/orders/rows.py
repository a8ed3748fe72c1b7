"""An order's rows read into one event: its money, and the reasons why an order is none."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tessera.events.names import PURCHASED, normalised
from tessera.events.reasons import BLANK_ROW, GIFT_CARD, ORDER_LINE, TOTALS_ROW, Unreadable
from tessera.sources.amounts import Mark, parse_number
from tessera.sources.mappings import CellCondition
from tessera.sources.orders.gift_cards import is_gift_card
from tessera.sources.orders.layout import OrderLayout, PlacedRule
from tessera.sources.orders.money import NOTHING, Included, OrderMoney, net_sales
from tessera.sources.orders.zones import with_zone
from tessera.sources.skipped_rows import first_cell, is_totals

Cell = str | None
_REFUND_ITEM = re.compile(r"amount:\s*(-?[\d.,]+)")
_RATE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_TO_SCALE = Decimal("0.0001")


class _BadCell(ValueError):  # noqa: N818 (a verdict on a cell, not an error of ours)
    """A money cell is no number; ``text`` is the cell."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


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
            yield line

    def _first(self, rows: Sequence[Sequence[Cell]]) -> list[Cell]:
        order = [_first_given(cells) for cells in zip(*rows, strict=True)]
        reason = self._uncounted(order)
        amount: Cell = None
        if not reason:
            try:
                money = self._money(order, rows)
                if money is None and all(map(self._is_gift_card, rows)):
                    reason = GIFT_CARD.code
                amount = None if money is None else self._text(money)
            except _BadCell as bad:
                amount = bad.text
        places = self.layout.columns
        if amount is not None and amount.startswith("-"):
            places = {**places, **self.layout.returns}
        given = {name: _first_given([order[at] for at in places[name]]) for name in places}
        if not places["event_name"]:
            given["event_name"] = PURCHASED
        if reason:
            given["event_name"] = reason
        if "date" in given:
            given["date"] = self._instant(order, given["date"])
        return [*(given[name] for name in self.layout.columns), amount]

    # ---- reasons -----------------------------------------------------------------------------

    def _uncounted(self, order: Sequence[Cell]) -> str:
        lead = first_cell(order)
        if not lead:
            return BLANK_ROW.code
        dates = [order[at] for at in self.layout.columns.get("date", ())]
        if is_totals(lead) and not _first_given(dates):
            return TOTALS_ROW.code
        rules = self.layout.uncounted
        return next((rule.reason for rule in rules if self._holds(rule, order)), "")

    def _holds(self, rule: PlacedRule, order: Sequence[Cell]) -> bool:
        return all(self._is_so(condition, order[at]) for at, condition in rule.when)

    def _is_so(self, condition: CellCondition, cell: Cell) -> bool:
        text = normalised(cell or "")
        texts = {
            "filled": bool((cell or "").strip()),
            "is": text in condition.words,
            "has": any(word in text for word in condition.words),
            "lacks": not any(word in text for word in condition.words),
        }
        if condition.kind in texts:
            return texts[condition.kind]
        try:
            number = self._number(cell) or NOTHING
        except _BadCell:
            return False
        signs = {"zero": number == 0, "not zero": number != 0, "negative": number < 0}
        return signs[condition.kind]

    # ---- money -------------------------------------------------------------------------------

    def _money(self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Decimal | None:
        """Return an order's net sales; None when no cell says it, or it has gift cards alone."""
        gifts = [row for row in rows if self._is_gift_card(row)]
        if gifts and len(gifts) == len(rows):
            return None
        gift_cards = self._of_lines(gifts) or NOTHING
        goods = self._goods(order, rows, gift_cards=gift_cards)
        money = OrderMoney(
            goods=goods,
            total=self._role("total", order),
            gift_cards=gift_cards,
            tax=self._role("tax", order),
            rate=self._rate(order),
            shipping=self._role("shipping", order),
            shipping_tax=self._role("shipping_tax", order),
            duties=self._role("duties", order),
            refunded=self._refunded(order, rows, goods=goods),
        )
        if self._all_refunded(order, money.refunded):
            money = dataclasses.replace(money, refunded=Decimal("Infinity"))
        return net_sales(money, included=self.included)

    def _goods(
        self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, gift_cards: Decimal
    ) -> Decimal | None:
        """Return goods after discounts; None when only the order's total shows it."""
        goods = self._role("goods", order)
        if goods is not None:
            return goods - gift_cards - abs(self._role("discount", order) or NOTHING)
        totals = self._sum("line_total", rows)
        if totals is not None:
            return totals - gift_cards
        apart = self._role("tax", order) is not None or self._role("shipping", order) is not None
        if self._role("total", order) is not None and apart:
            return None
        lines = self._of_lines(rows)
        return None if lines is None else lines - gift_cards

    def _of_lines(self, rows: Iterable[Sequence[Cell]]) -> Decimal | None:
        """Return what lines cost by their prices; None without any price."""
        total: Decimal | None = None
        for row in rows:
            price = self._role("line_price", row)
            if price is None:
                continue
            pieces = self._role("line_quantity", row)
            line = price * (1 if pieces is None else pieces)
            line -= abs(self._role("line_discount", row) or NOTHING)
            total = (total or NOTHING) + line
        return total

    def _refunded(
        self, order: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, goods: Decimal | None
    ) -> Decimal:
        back = abs(self._role("refunded", order) or self._sum("line_refunded", rows) or NOTHING)
        if any(self._holds(rule, order) for rule in self.layout.lost):
            lost, charged = self._role("lost", order), self._role("charged", order)
            # What is disputed is in the charge's currency, which may be converted.
            scale = goods / charged if goods and charged else Decimal(1)
            back += (lost or NOTHING) * scale
        return back

    def _all_refunded(self, order: Sequence[Cell], refunded: Decimal) -> bool:
        return not refunded and any(self._holds(rule, order) for rule in self.layout.refunded)

    def _is_gift_card(self, row: Sequence[Cell]) -> bool:
        name, shipped, taxed = (
            self._cell(role, row) for role in ("line_name", "line_shipped", "line_taxed")
        )
        return is_gift_card(name or "", shipped=shipped, taxed=taxed)

    def _rate(self, order: Sequence[Cell]) -> Decimal | None:
        names = (order[at] or "" for at in self.layout.roles.get("tax_names", ()))
        rates = [each.replace(",", ".") for name in names for each in _RATE.findall(name)]
        return sum(map(Decimal, rates), NOTHING) / 100 if rates else None

    def _sum(self, role: str, rows: Sequence[Sequence[Cell]]) -> Decimal | None:
        given = [number for row in rows if (number := self._role(role, row)) is not None]
        return sum(given, NOTHING) if given else None

    def _cell(self, role: str, row: Sequence[Cell]) -> Cell:
        return _first_given([row[at] for at in self.layout.roles.get(role, ())])

    def _role(self, role: str, row: Sequence[Cell]) -> Decimal | None:
        return self._number(self._cell(role, row))

    def _number(self, cell: Cell) -> Decimal | None:
        text = (cell or "").strip()
        if not text:
            return None
        items = _REFUND_ITEM.findall(text)
        try:
            if items:
                return sum((abs(parse_number(each, mark=self.mark)) for each in items), NOTHING)
            return parse_number(text, mark=self.mark)
        except Unreadable:
            raise _BadCell(text) from None

    def _text(self, amount: Decimal) -> str:
        plain = f"{amount.quantize(_TO_SCALE, ROUND_HALF_UP):f}"
        return plain.replace(".", ",") if self.mark == "comma" else plain

    # ---- dates -------------------------------------------------------------------------------

    def _instant(self, order: Sequence[Cell], date: Cell) -> Cell:
        time = order[self.layout.time] if self.layout.time >= 0 else None
        zone = order[self.layout.zone] if self.layout.zone >= 0 else None
        if not (date or "").strip() or not (time or "").strip():
            return date
        return with_zone(f"{date} {time}", zone or "")


def _first_given(cells: Sequence[Cell]) -> Cell:
    return next((cell for cell in cells if cell and cell.strip()), None)
