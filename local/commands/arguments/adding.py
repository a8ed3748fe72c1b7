"""How a command is added to the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from local.commands.parser import Parser


class Add(Protocol):
    """Adds a command to the parser."""

    def __call__(
        self, name: str, does: object, *, help: str, examples: Sequence[tuple[str, str]]
    ) -> Parser:
        """Return the command's own parser."""
