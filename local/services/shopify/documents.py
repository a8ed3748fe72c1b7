"""GraphQL documents: as much of the language as queries of orders need."""

from __future__ import annotations

import dataclasses
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_]\w*|\$\w+|-?\d+|[{}()\[\]:!,=@]|#[^\n]*')
_SPACE = re.compile(r"[\s,]*")


class UnreadableQuery(Exception):  # noqa: N818 (what the document is)
    """The document is no GraphQL."""


@dataclasses.dataclass(frozen=True)
class Selected:
    """A field that is selected, its arguments as they are written, and what is selected of it."""

    name: str
    arguments: dict[str, str]
    fields: tuple[Selected, ...]

    def field(self, name: str) -> Selected | None:
        """Return a field of it."""
        return next((each for each in self.fields if each.name == name), None)


def parse(text: str) -> tuple[str, Selected]:
    """Return a document's kind (query or mutation), and its root."""
    reader = _Reader(text)
    kind = "query"
    if reader.peek() in ("query", "mutation"):
        kind = reader.take()
        if reader.peek() not in ("{", "("):
            reader.take()
        if reader.peek() == "(":
            reader.arguments()
    root = Selected(kind, {}, reader.fields())
    if reader.peek():
        raise UnreadableQuery(f"syntax error, unexpected {reader.peek()!r}")
    return kind, root


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise UnreadableQuery(f"syntax error, unexpected {token or 'end of file'!r}")
        self._at += 1
        return token

    def fields(self) -> tuple[Selected, ...]:
        self.take("{")
        fields: list[Selected] = []
        while self.peek() != "}":
            if self.peek() == "...":
                self.take()
                self.take("on")
                self.take()
                fields += self.fields()
                continue
            name = self.take()
            arguments = self.arguments() if self.peek() == "(" else {}
            fields.append(Selected(name, arguments, self.fields() if self.peek() == "{" else ()))
        self.take("}")
        return tuple(fields)

    def arguments(self) -> dict[str, str]:
        self.take("(")
        given: dict[str, str] = {}
        while self.peek() != ")":
            name = self.take()
            self.take(":")
            given[name] = self.take()
            while self.peek() == "!":
                self.take()
        self.take(")")
        return given


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            space = _SPACE.match(text, at)
            if space is None or space.end() == at:
                raise UnreadableQuery(f"syntax error, unexpected {text[at]!r}")
            at = space.end()
            continue
        at = match.end()
        if match[0][0] not in "#,":
            tokens.append(match[0])
    return tokens
