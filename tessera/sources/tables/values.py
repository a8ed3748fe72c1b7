"""Values as SQL that DuckDB and Spark both read, with their types."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

from tessera.errors import InvalidInput

Type = Literal["text", "number", "truth"]
_ADVICE = {
    "number": ": write number(…) around a text",
    "text": ": write text(…) around a number",
}


@dataclasses.dataclass(frozen=True)
class SqlValue:
    """A part of an expression: its SQL and its type, None for NULL, which fits all."""

    sql: str
    type: Type | None


def common_type(values: Sequence[SqlValue], *, what: str) -> Type | None:
    """Return the one type that values have.

    Raises
    ------
    InvalidInput
        They have several.
    """
    types = sorted({each.type for each in values if each.type})
    if len(types) > 1:
        raise InvalidInput(
            f"{what} mixes {' and '.join(types)}: make a number of a text with number(…), and a "
            "text of a number with text(…)"
        )
    return types[0] if types else None


def need_type(expected: Type, *values: SqlValue, what: str) -> None:
    """Refuse values of another type."""
    for value in values:
        if value.type not in (None, expected):
            advice = _ADVICE.get(expected, "")
            raise InvalidInput(f"{what} needs a {expected}, not a {value.type}{advice}")


def refuse_null(*values: SqlValue, what: str) -> None:
    """Refuse NULL where a comparison with it would never be true."""
    if any(value.type is None for value in values):
        raise InvalidInput(f"{what} with NULL is never true: write IS NULL or IS NOT NULL")


def calculated(left: SqlValue, sign: str, right: SqlValue) -> SqlValue:
    """Return what two numbers come to."""
    need_type("number", left, right, what=sign)
    return SqlValue(f"({left.sql} {sign} {right.sql})", "number")
