"""The cells of an order's rows: what each of them says, each distinct text read once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from tessera.events.currency_names import merge, split_currency
from tessera.events.names import normalised
from tessera.events.reasons import Unreadable
from tessera.sources.amounts import Mark, parse_number
from tessera.sources.mappings import CellCondition
from tessera.sources.memory import Memory
from tessera.sources.orders.layout import ROLES, OrderLayout, PlacedRule
from tessera.sources.orders.money import NOTHING

Cell = str | None
Cells = Sequence[Cell]
_REFUND_ITEM = re.compile(r"amount:\s*(-?[\d.,]+)")
_REMEMBERED = 200_000  # distinct texts
_TO_SCALE = Decimal("0.0001")


class BadCell(ValueError):  # noqa: N818 (a verdict on a cell, not an error of ours)
    """A money cell is no number. ``text`` is the cell."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class CellReader:
    """Reads the cells of an export's rows.

    Parameters
    ----------
    layout, mark
        Where they stand, and the decimal mark of the file.
    """

    def __init__(self, layout: OrderLayout, mark: Mark) -> None:
        self._layout = layout
        self._mark = mark
        self._numbers: dict[str, Decimal | None] = {}
        self._words = Memory(normalised, most=_REMEMBERED)
        self._named: dict[str, str] = {}  # cells with a currency beside their amount

    def forget(self) -> None:
        """Forget the texts of earlier orders when there are too many."""
        if len(self._numbers) > _REMEMBERED:
            self._numbers.clear()
            self._named.clear()

    def text(self, role: str, row: Cells) -> Cell:
        """Return the cell of a role, None when it is blank."""
        return first_at(row, self._layout.roles.get(role, ()))

    def number(self, role: str, row: Cells) -> Decimal | None:
        """Return the money of a role, None when its cell is blank.

        Raises
        ------
        BadCell
            It is no number.
        """
        return self._number(self.text(role, row))

    def total(self, role: str, rows: Sequence[Cells]) -> Decimal | None:
        """Return the sum of a role over rows, None when all cells are blank."""
        given = [number for row in rows if (number := self.number(role, row)) is not None]
        return sum(given, NOTHING) if given else None

    def currency(self, row: Cells) -> str:
        """Return the currency beside a row's amounts, empty without any.

        Raises
        ------
        BadCell
            They have two. The text has both, so that no reader takes it for an amount.
        """
        merged = ""
        for role in ROLES if self._named else ():
            cell = self.text(role, row) or ""
            both = merge(merged, self._named.get(cell, ""))
            if both is None:
                raise BadCell(f"{cell.strip()} {merged}")
            merged = both
        return merged

    def written(self, amount: Decimal) -> str:
        """Return an amount as the file writes amounts."""
        plain = f"{amount.quantize(_TO_SCALE, ROUND_HALF_UP):f}"
        return plain.replace(".", ",") if self._mark == "comma" else plain

    def holds(self, rule: PlacedRule, order: Cells) -> bool:
        """Return whether all conditions of a rule are so."""
        return all(self._is_so(condition, order[at]) for at, condition in rule.when)

    def _is_so(self, condition: CellCondition, cell: Cell) -> bool:
        kind, words = condition.kind, condition.words
        if kind.endswith("filled"):
            return bool((cell or "").strip()) == (kind == "filled")
        if words:
            text = self._words[cell or ""]
            if kind == "is":
                return text in words
            return any(word in text for word in words) == (kind == "has")
        try:
            number = self._number(cell) or NOTHING
        except BadCell:
            return False
        if kind.endswith("negative"):
            return (number < 0) == (kind == "negative")
        return (number == 0) == (kind == "zero")

    def _number(self, cell: Cell) -> Decimal | None:
        if not cell:
            return None
        if cell in self._numbers:
            return self._numbers[cell]
        number = self._parsed(cell.strip())
        if not (cell[0].isdigit() and cell[-1].isdigit()) and "amount:" not in cell:
            self._name(cell)
        self._numbers[cell] = number
        return number

    def _name(self, cell: str) -> None:
        try:
            _, currency = split_currency(cell.strip().lstrip("-(").rstrip(")"))
        except ValueError:
            raise BadCell(cell.strip()) from None
        if currency:
            self._named[cell] = currency

    def _parsed(self, text: str) -> Decimal | None:
        if not text:
            return None
        items = _REFUND_ITEM.findall(text) if "amount:" in text else ()
        try:
            if items:
                return sum((abs(parse_number(each, mark=self._mark)) for each in items), NOTHING)
            return parse_number(text, mark=self._mark)
        except Unreadable:
            raise BadCell(text) from None


def first_at(row: Cells, places: Sequence[int]) -> Cell:
    """Return the first cell at some places that is not blank."""
    for at in places:
        cell = row[at]
        if cell and not cell.isspace():
            return cell
    return None


def first_given(cells: Cells) -> Cell:
    """Return the first cell that is not blank."""
    for cell in cells:
        if cell and not cell.isspace():
            return cell
    return None
