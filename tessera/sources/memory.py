"""What texts were read into, so that each distinct one is read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_REMEMBERED = 500_000  # distinct texts. With more, a cache costs more than it saves
_Text = TypeVar("_Text")
_Read = TypeVar("_Read")


class Memory(dict[_Text, _Read], Generic[_Text, _Read]):
    """What texts were read into. It forgets all when it has grown too large."""

    def __init__(self, read: Callable[[_Text], _Read], *, most: int = _REMEMBERED) -> None:
        super().__init__()
        self._read = read
        self._most = most

    def __missing__(self, text: _Text) -> _Read:
        if len(self) >= self._most:
            self.clear()
        value = self[text] = self._read(text)
        return value
