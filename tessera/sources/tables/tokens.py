"""An expression's text to its words."""

from __future__ import annotations

import dataclasses
import re
from typing import Literal

from tessera.errors import InvalidInput

Kind = Literal["name", "quoted", "text", "number", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>\|\||<=|>=|<>|!=|[-+*=<>(),.])
    )""",
    re.VERBOSE,
)


@dataclasses.dataclass(frozen=True)
class Token:
    """A word of an expression, and where it begins."""

    kind: Kind
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Return whether it is one of these words of the language, in any case."""
        return self.kind == "name" and self.text.upper() in words

    def is_sign(self, *signs: str) -> bool:
        """Return whether it is one of these signs."""
        return self.kind == "sign" and self.text in signs


def tokens(text: str) -> list[Token]:
    """Return an expression's words, and one for its end.

    Raises
    ------
    InvalidInput
        There is a sign that the language lacks.
    """
    words, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise InvalidInput(f"{text[at:].strip()[:20]!r} begins with a sign that is not allowed")
        kind: Kind = match.lastgroup  # type: ignore[assignment]
        words.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*words, Token("end", "", len(text))]
