"""The functions that an expression may call, and values as SQL that DuckDB and Spark both read.

Nothing here reads a file, a setting or the clock. What the two engines do differently is omitted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from tessera.errors import InvalidInput
from tessera.sources.tables.values import SqlValue, Type, common_type


@dataclasses.dataclass(frozen=True)
class SqlFunction:
    """A function: the types of its arguments, what it returns, and its SQL.

    Parameters
    ----------
    takes
        The types in order.
    gives
        The type of the result.
    sql
        With ``{}`` for the argument. Empty for the function's own name.
    optional
        How many of the last arguments may be missing.
    whole_from
        The least of its numbers, which are places or lengths. Below, the engines differ.
    """

    takes: tuple[Type, ...]
    gives: Type
    sql: str = ""
    optional: int = 0
    whole_from: int | None = None


FUNCTIONS = {
    "lower": SqlFunction(("text",), "text"),
    "upper": SqlFunction(("text",), "text"),
    "trim": SqlFunction(("text",), "text"),
    "length": SqlFunction(("text",), "number"),
    "substr": SqlFunction(("text", "number", "number"), "text", optional=1, whole_from=1),
    "replace": SqlFunction(("text", "text", "text"), "text"),
    "split_part": SqlFunction(("text", "text", "number"), "text", whole_from=1),
    "lpad": SqlFunction(("text", "number", "text"), "text", whole_from=1),
    "abs": SqlFunction(("number",), "number"),
    # Text that is no number becomes NULL in both engines, and Prepare then rejects the row.
    "number": SqlFunction(("text",), "number", "TRY_CAST(NULLIF(TRIM({}), '') AS DECIMAL(18, 4))"),
    "text": SqlFunction(("number",), "text", "CAST(TRY_CAST({} AS DECIMAL(18, 4)) AS STRING)"),
}
_OF_ONE_TYPE = ("coalesce", "nullif")
NAMES = (*sorted({*FUNCTIONS, *_OF_ONE_TYPE}),)


def call(name: str, arguments: Sequence[SqlValue]) -> SqlValue:
    """Return a call of a function.

    Raises
    ------
    InvalidInput
        There is no such function, or it takes other arguments.
    """
    known = name.lower()
    if known in _OF_ONE_TYPE:
        if len(arguments) < 2 or (known == "nullif" and len(arguments) > 2):
            raise InvalidInput(f"{known}() takes two values{_more(known)}, got {len(arguments)}")
        inside = ", ".join(each.sql for each in arguments)
        return SqlValue(f"{known.upper()}({inside})", common_type(arguments, what=f"{known}()"))
    function = FUNCTIONS.get(known)
    if function is None:
        raise InvalidInput(f"the function {name}() is not allowed: expected {', '.join(NAMES)}")
    _check(known, function, arguments)
    sqls = [each.sql for each in arguments]
    if function.whole_from is not None:
        sqls = [
            f"GREATEST({function.whole_from}, CAST({each.sql} AS INT))"
            if takes == "number"
            else each.sql
            for each, takes in zip(arguments, function.takes, strict=False)
        ]
    sql = function.sql or f"{known.upper()}({{}})"
    joined = ", ".join(sqls)
    return SqlValue(sql.format(joined), function.gives)


def _more(name: str) -> str:
    return "" if name == "nullif" else " or more"


def _check(name: str, function: SqlFunction, arguments: Sequence[SqlValue]) -> None:
    most = len(function.takes)
    if not most - function.optional <= len(arguments) <= most:
        least = f"{most - function.optional} or " if function.optional else ""
        raise InvalidInput(f"{name}() takes {least}{most} values, got {len(arguments)}")
    for place, (value, takes) in enumerate(zip(arguments, function.takes, strict=False), 1):
        if value.type not in (None, takes):
            raise InvalidInput(f"value {place} of {name}() must be a {takes}, not a {value.type}")
