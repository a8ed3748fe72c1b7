"""The members of a TOML file, by their type, with errors that name the file and the member."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.errors import InvalidInput

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


@dataclasses.dataclass(frozen=True)
class Members:
    """A table of a TOML file.

    Parameters
    ----------
    values
        The table.
    name
        The file's name.
    at
        Where the table is in the file, with a dot at the end.
    """

    values: Mapping[str, Any]
    name: str
    at: str = ""

    def only(self, *known: str) -> None:
        """Refuse members that are none of these."""
        for member in self.values:
            if member not in known:
                raise InvalidInput(
                    f"{self.name}: {self.at}{member} is unknown: expected {', '.join(known)}"
                )

    def text(self, member: str, default: str | None = None) -> str:
        """Return a text."""
        value = self._value(member, default)
        if not isinstance(value, str):
            raise self._wrong(member, "a text")
        return value

    def texts(self, member: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, which is not empty unless there is a default."""
        value = self._value(member, default)
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self._wrong(member, 'a list of texts, such as ["id"]')
        if not value and default is None:
            raise self._wrong(member, "at least one column")
        return tuple(value)

    def choice(self, member: str, choices: Sequence[str]) -> str:
        """Return one of some texts, the first by default."""
        value = self._value(member, choices[0])
        if value not in choices:
            raise self._wrong(member, f"one of {', '.join(choices)}")
        return str(value)

    def names(self, member: str) -> tuple[str, ...]:
        """Return the names of a table's members, which expressions use."""
        table = self._value(member, {})
        if not isinstance(table, Mapping):
            raise self._wrong(member, "a table")
        for name in table:
            if _NAME.fullmatch(name) is None:
                raise self._wrong(f"{member}.{name}", "a name of a-z, 0-9 and _")
        return tuple(table)

    def table(self, path: str) -> Members:
        """Return a table below, by its path."""
        value: Any = self.values
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping):
            raise self._wrong(path, f"a table: [{self.at}{path}]")
        return Members(value, self.name, f"{self.at}{path}.")

    def _value(self, member: str, default: object) -> Any:  # noqa: ANN401 (a TOML value)
        if member not in self.values:
            if default is None:
                raise InvalidInput(f"{self.name} lacks {self.at}{member}")
            return default
        return self.values[member]

    def _wrong(self, member: str, expected: str) -> InvalidInput:
        return InvalidInput(f"{self.name}: {self.at}{member}: expected {expected}")
