"""The words of an expression to SQL, from the left: one method a level of the language."""

from __future__ import annotations

from collections.abc import Callable

from tessera.errors import InvalidInput
from tessera.sources.tables.columns import ColumnName
from tessera.sources.tables.cursor import WordCursor
from tessera.sources.tables.functions import call
from tessera.sources.tables.tokens import Token
from tessera.sources.tables.values import (
    SqlValue,
    calculated,
    common_type,
    need_type,
    refuse_null,
)

_WORDS = (
    "AND", "BETWEEN", "CASE", "ELSE", "END", "IN", "IS", "LIKE", "NOT", "NULL", "OR", "THEN",
    "WHEN",
)  # fmt: skip
_COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
_DEEPEST = 40


class ExpressionParser:
    """Reads one expression.

    Parameters
    ----------
    text
        The expression.
    lookups
        The names of the tables that a column may be looked up in.
    """

    def __init__(self, text: str, lookups: tuple[str, ...]) -> None:
        self._words = WordCursor(text)
        self._depth = 0
        self._lookups = lookups
        self.columns: list[ColumnName] = []
        self.numbers: list[str] = []  # the SQL of what number() reads

    def whole(self) -> SqlValue:
        """Return the value of the whole text."""
        value = self._any()
        if self._words.next.kind != "end":
            raise self._words.expected("an operator or the end")
        return value

    def _any(self) -> SqlValue:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise InvalidInput(f"it nests deeper than {_DEEPEST} levels")
        value = self._joined("OR", lambda: self._joined("AND", self._negated))
        self._depth -= 1
        return value

    def _joined(self, word: str, inner: Callable[[], SqlValue]) -> SqlValue:
        value = inner()
        while self._words.take_word(word):
            other = inner()
            need_type("truth", value, other, what=word)
            value = SqlValue(f"({value.sql} {word} {other.sql})", "truth")
        return value

    def _negated(self) -> SqlValue:
        if self._words.take_word("NOT"):
            value = self._negated()
            need_type("truth", value, what="NOT")
            return SqlValue(f"(NOT {value.sql})", "truth")
        return self._compared()

    def _compared(self) -> SqlValue:
        left = self._concatenated()
        if sign := self._words.take_sign(*_COMPARISONS):
            right = self._concatenated()
            refuse_null(left, right, what=sign)
            common_type([left, right], what=sign)
            return SqlValue(f"({left.sql} {'<>' if sign == '!=' else sign} {right.sql})", "truth")
        if self._words.take_word("IS"):
            negated = "NOT " if self._words.take_word("NOT") else ""
            self._words.need("NULL")
            return SqlValue(f"({left.sql} IS {negated}NULL)", "truth")
        negated = "NOT " if self._words.take_word("NOT") else ""
        for word, read in (
            ("IN", self._list), ("LIKE", self._pattern), ("BETWEEN", self._bounds),
        ):  # fmt: skip
            if self._words.take_word(word):
                return SqlValue(f"({left.sql} {negated}{word} {read(left)})", "truth")
        if negated:
            raise self._words.expected("IN, LIKE or BETWEEN")
        return left

    def _list(self, left: SqlValue) -> str:
        self._words.need("(")
        values = [self._concatenated()]
        while self._words.take_sign(","):
            values.append(self._concatenated())
        self._words.need(")")
        refuse_null(*values, what="IN")
        common_type([left, *values], what="IN")
        return f"({', '.join(each.sql for each in values)})"

    def _pattern(self, left: SqlValue) -> str:
        need_type("text", left, what="LIKE")
        if self._words.next.kind != "text":
            raise self._words.expected("a pattern in single quotes")
        return self._primary().sql

    def _bounds(self, left: SqlValue) -> str:
        low = self._concatenated()
        self._words.need("AND")
        high = self._concatenated()
        common_type([left, low, high], what="BETWEEN")
        return f"{low.sql} AND {high.sql}"

    def _concatenated(self) -> SqlValue:
        value = self._added()
        while self._words.take_sign("||"):
            other = self._added()
            need_type("text", value, other, what="||")
            value = SqlValue(f"({value.sql} || {other.sql})", "text")
        return value

    def _added(self) -> SqlValue:
        value = self._multiplied()
        while sign := self._words.take_sign("+", "-"):
            value = calculated(value, sign, self._multiplied())
        return value

    def _multiplied(self) -> SqlValue:
        value = self._signed()
        while self._words.take_sign("*"):
            value = calculated(value, "*", self._signed())
        return value

    def _signed(self) -> SqlValue:
        if self._words.take_sign("-"):
            value = self._primary()
            need_type("number", value, what="-")
            return SqlValue(f"(- {value.sql})", "number")
        return self._primary()

    def _primary(self) -> SqlValue:
        token = self._words.next
        if token.kind in ("name", "quoted") and not token.is_word(*_WORDS):
            return self._named(self._words.take())
        if not (
            token.kind in ("text", "number") or token.is_sign("(") or token.is_word("NULL", "CASE")
        ):
            raise self._words.expected("a column, a text in single quotes, a number or a function")
        self._words.take()
        return self._literal(token) if token.kind in ("text", "number") else self._grouped(token)

    def _literal(self, token: Token) -> SqlValue:
        if token.kind == "text":
            if "\\" in token.text or not token.text.isprintable():
                raise InvalidInput(f"the text {token.text} has a backslash or a control character")
            return SqlValue(token.text, "text")
        return SqlValue(token.text, "number")

    def _grouped(self, token: Token) -> SqlValue:
        if token.is_sign("("):
            value = self._any()
            self._words.need(")")
            return value
        return SqlValue("NULL", None) if token.is_word("NULL") else self._cases()

    def _named(self, token: Token) -> SqlValue:
        if token.kind == "name" and self._words.take_sign("("):
            arguments = [] if self._words.next.is_sign(")") else [self._any()]
            while self._words.take_sign(","):
                arguments.append(self._any())
            self._words.need(")")
            value = call(token.text, arguments)
            if token.text.lower() == "number":
                self.numbers.append(arguments[0].sql)
            return value
        lookup = ""
        if self._words.take_sign("."):
            lookup, token = _plain(token), self._words.take()
            if lookup not in self._lookups:
                known = ", ".join(self._lookups) or "none"
                raise InvalidInput(f"{lookup}. is no lookup of the file, which has {known}")
            if token.kind not in ("name", "quoted"):
                raise InvalidInput(f"expected a column of the lookup {lookup} after its dot")
        column = ColumnName(lookup, _plain(token))
        self.columns.append(column)
        return SqlValue(column.sql, "text")

    def _cases(self) -> SqlValue:
        parts, results = [], []
        while self._words.take_word("WHEN"):
            condition = self._any()
            need_type("truth", condition, what="WHEN")
            self._words.need("THEN")
            results.append(self._any())
            parts.append(f"WHEN {condition.sql} THEN {results[-1].sql}")
        if not parts:
            raise self._words.expected("WHEN")
        if self._words.take_word("ELSE"):
            results.append(self._any())
            parts.append(f"ELSE {results[-1].sql}")
        self._words.need("END")
        return SqlValue(f"CASE {' '.join(parts)} END", common_type(results, what="CASE"))


def _plain(token: Token) -> str:
    return token.text[1:-1].replace('""', '"') if token.kind == "quoted" else token.text
