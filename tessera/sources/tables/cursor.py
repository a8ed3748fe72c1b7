"""A place in the words of an expression."""

from __future__ import annotations

from tessera.errors import InvalidInput
from tessera.sources.tables.tokens import Token, tokens


class WordCursor:
    """The words of a text, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._at = 0

    @property
    def next(self) -> Token:
        """The word that comes next."""
        return self._tokens[self._at]

    def take(self) -> Token:
        """Return the next word, and go on."""
        token = self.next
        self._at += token.kind != "end"
        return token

    def take_word(self, *words: str) -> bool:
        """Go on if the next is one of these words. Return whether it was."""
        return bool(self.next.is_word(*words) and self.take())

    def take_sign(self, *signs: str) -> str:
        """Go on if the next is one of these signs. Return it, or an empty text."""
        return self.take().text if self.next.is_sign(*signs) else ""

    def need(self, sign_or_word: str) -> None:
        """Go on, or refuse the text if the next is not this sign or word."""
        if not (self.take_sign(sign_or_word) or self.take_word(sign_or_word)):
            raise self.expected(sign_or_word)

    def expected(self, what: str) -> InvalidInput:
        """Return the error that says what was expected in place of the next word."""
        rest = self._text[self.next.at :].strip()[:30]
        return InvalidInput(f"expected {what} {f'at {rest!r}' if rest else 'at the end'}")
