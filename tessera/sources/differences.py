"""Rows whose amount is not price × quantity: compared over a whole file, and reported."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from decimal import Decimal

from tessera.events.reasons import Unreadable
from tessera.sources.amounts import Mark, parse_number

COMPARED = ("unit_price", "quantity", "amount")
_ROUNDED = Decimal("0.005")
Texts = tuple[str | None, str | None, str | None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Differences:
    """How many rows were compared and differ, and the first example by its texts."""

    compared: int = 0
    differing: int = 0
    example: tuple[str, str, str] | None = None

    def __add__(self, other: Differences) -> Differences:
        """Return both together."""
        examples = [each for each in (self.example, other.example) if each is not None]
        return Differences(
            compared=self.compared + other.compared,
            differing=self.differing + other.differing,
            example=min(examples, default=None),
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What the file's owner should know, a sentence or none."""
        if self.example is None:
            return ()
        price, quantity, amount = self.example
        return (
            f"{self.differing} of {self.compared} rows have an amount that is not price × "
            f"quantity, such as {amount} for {quantity or 1} × {price}: the amount counts",
        )


def is_compared(columns: Mapping[str, object]) -> bool:
    """Return whether a file with these columns of ours has both."""
    return "unit_price" in columns and "amount" in columns


def compare(rows: Iterable[Texts], *, mark: Mark) -> Differences:
    """Return how many rows differ. Those without a readable price and amount are not compared.

    Parameters
    ----------
    rows
        The texts of ``COMPARED``.
    """
    compared, different = 0, []
    for price, quantity, amount in rows:
        row_differs = differs(price, quantity, amount, mark=mark)
        if row_differs is not None:
            compared += 1
        if row_differs:
            different.append((price or "", quantity or "", amount or ""))
    return Differences(
        compared=compared, differing=len(different), example=min(different, default=None)
    )


def differs(
    price: str | None, quantity: str | None, amount: str | None, *, mark: Mark
) -> bool | None:
    """Return whether an amount is not price × quantity, None when one of them can't be read."""
    if not (price or "").strip() or not (amount or "").strip():
        return None
    try:
        pieces = parse_number(str(quantity), mark=mark) if (quantity or "").strip() else Decimal(1)
        product = parse_number(str(price), mark=mark) * pieces
        return abs(product - parse_number(str(amount), mark=mark)) > _ROUNDED
    except Unreadable:
        return None
