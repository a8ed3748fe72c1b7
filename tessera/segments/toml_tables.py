"""Read a user's TOML tables: every error names the place of the mistake."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tessera.errors import InvalidInput


def table_of(value: object, keys: Collection[str], *, where: str) -> Mapping[str, Any]:
    """Return the value, which must be a table with no other keys than these."""
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where} is {value!r}: expected a table of {', '.join(sorted(keys))}")
    unknown = sorted(set(value) - set(keys))
    if unknown:
        raise InvalidInput(
            f"{where} has an unknown key {unknown[0]!r}: expected {', '.join(sorted(keys))}"
        )
    return value


def tables_of(document: Mapping[str, Any], key: str, *, where: str) -> list[object]:
    """Return the ``[[key]]`` tables of a document, at least one."""
    tables = document.get(key, [])
    if not isinstance(tables, (list, tuple)) or not tables:
        raise InvalidInput(f"{where} has no {key}: expected [[{key}]] tables")
    return list(tables)


def text_of(table: Mapping[str, Any], key: str, *, where: str) -> str:
    """Return a text that must be there and not be blank."""
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InvalidInput(f"{where} has no {key}: expected a text")
    return value.strip()


def listed(names: Collection[str]) -> str:
    """Return names as people list them, each in quotes."""
    return ", ".join(repr(name) for name in names)
