"""Expressions of a mapping file: parsed, checked, and written as SQL for both engines.

The language is the part of SQL that DuckDB and Spark read alike, over columns of text: literals,
``||``, ``+ - *``, comparisons, AND, OR, NOT, IN, LIKE, BETWEEN, IS NULL, CASE and some functions.
There are no subqueries, and nothing that reads a file.
"""

from __future__ import annotations

import dataclasses

from tessera.errors import InvalidInput
from tessera.sources.tables.columns import ColumnName
from tessera.sources.tables.functions import call
from tessera.sources.tables.parser import ExpressionParser
from tessera.sources.tables.values import SqlValue, Type

_LONGEST = 2_000


@dataclasses.dataclass(frozen=True)
class Expression:
    """An expression that was checked.

    Parameters
    ----------
    sql, type
        What it is.
    columns
        The columns that it reads.
    numbers
        The SQL of each text that ``number()`` reads.
    """

    sql: str
    type: Type | None
    columns: tuple[ColumnName, ...]
    numbers: tuple[str, ...] = ()

    @property
    def as_text(self) -> str:
        """Return the SQL of its value as text."""
        return (
            call("text", [SqlValue(self.sql, self.type)]).sql if self.type == "number" else self.sql
        )


def parse_expression(text: str, *, lookups: tuple[str, ...] = ()) -> Expression:
    """Return an expression as SQL.

    Parameters
    ----------
    lookups
        The names of the tables that a column may be looked up in, as in ``account.Name``.

    Raises
    ------
    InvalidInput
        It is not in the language. The message says what was expected, and where.
    """
    if len(text) > _LONGEST:
        raise InvalidInput(f"it has {len(text)} characters: at most {_LONGEST} are allowed")
    parser = ExpressionParser(text, lookups)
    value = parser.whole()
    return Expression(
        value.sql,
        value.type,
        tuple(dict.fromkeys(parser.columns)),
        tuple(dict.fromkeys(parser.numbers)),
    )
