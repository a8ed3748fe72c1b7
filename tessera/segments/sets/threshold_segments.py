"""Threshold segments: customers whose number lies within bounds that a tenant's settings name.

Only numbers that every destination always gets unrounded are allowed, so that its count equals
ours. Values that age daily or are forecast again are sent only when the change matters, and
probabilities are never sent. For these, use a segment set over the column: a changed label is
always sent. Needs no NumPy.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tessera.errors import InvalidInput
from tessera.segments.toml_tables import listed, table_of, text_of

COLUMNS = ("frequency", "monetary", "r_score", "f_score", "m_score")
_BOUNDS = ("at_least", "at_most")
_KEYS = {"attribute", "meaning", "action", *_BOUNDS}
_LARGEST = Decimal(10) ** 15  # all smaller ones are exact wherever they are compared


@dataclasses.dataclass(frozen=True, kw_only=True)
class Threshold:
    """One such segment.

    Parameters
    ----------
    label
        What people call it, and what its name at a destination is made of.
    column
        The profile column that is compared, one of ``COLUMNS``.
    at_least, at_most
        Both included. None where there is no such bound.
    meaning, action
        For people: who they are, and what to do about them.
    """

    label: str
    column: str
    at_least: Decimal | None
    at_most: Decimal | None
    meaning: str
    action: str = ""

    def holds(self, value: Any) -> bool:  # noqa: ANN401 (a column's type is the contract's)
        """Return whether a customer with this value is in it. Without a value, no."""
        if value is None:
            return False
        number = Decimal(value)
        return (self.at_least is None or number >= self.at_least) and (
            self.at_most is None or number <= self.at_most
        )


def parse_thresholds(settings: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """Return the segments of the setting ``thresholds``, in its order.

    Raises
    ------
    InvalidInput
        A threshold is wrong. The message names it.
    """
    return tuple(_threshold(str(label), value) for label, value in settings.items())


def number_text(number: Decimal) -> str:
    """Return a number as decimal text, the shortest that says it."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _threshold(label: str, value: object) -> Threshold:
    where = f"threshold {label!r}"
    table = table_of(value, _KEYS, where=where)
    column = text_of(table, "attribute", where=where)
    if column not in COLUMNS:
        raise InvalidInput(
            f"{where} asks for the attribute {column!r}: expected one of {listed(COLUMNS)}; for "
            "any other column a segment set is exact (docs/segments.md)"
        )
    low, high = (_bound(table, key, where=where) for key in _BOUNDS)
    if low is None and high is None:
        raise InvalidInput(f"{where} has no bound: expected at_least, at_most or both")
    if low is not None and high is not None and low > high:
        raise InvalidInput(f"{where} has nobody: at_least is more than at_most")
    texts = {key: text_of(table, key, where=where) for key in ("meaning", "action") if key in table}
    meaning = texts.pop("meaning", f"{column} {bounds_text(low, high)}.")
    return Threshold(
        label=label, column=column, at_least=low, at_most=high, meaning=meaning, **texts
    )


def bounds_text(low: Decimal | None, high: Decimal | None) -> str:
    """Return bounds as text for people."""
    texts = [None if bound is None else number_text(bound) for bound in (low, high)]
    if texts[0] is None:
        return f"at most {texts[1]}"
    return f"at least {texts[0]}" if texts[1] is None else f"from {texts[0]} to {texts[1]}"


def _bound(table: Mapping[str, Any], key: str, *, where: str) -> Decimal | None:
    value = table.get(key)
    if value is None:
        return None
    # A setting that went through JSON is a float: its text has the digits that were written.
    number = Decimal(str(value)) if type(value) in (int, float) else Decimal("NaN")
    if not (number.is_finite() and abs(number) < _LARGEST):
        raise InvalidInput(f"{where}: {key} is {value!r}, expected a number such as 500 or 99.5")
    return number
