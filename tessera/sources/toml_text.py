"""Settings as TOML text, for files that people go on with: what ``tomllib`` reads back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def to_toml(table: Mapping[str, Any]) -> str:
    """Return a table of texts, numbers, lists and tables as TOML."""
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    tables = {name: value for name, value in table.items() if _is_tables(value)}
    for name, value in table.items():
        if name not in tables:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tables.items():
        inside = (*path, _key(name))
        for one in value if isinstance(value, list) else [value]:
            mark = "[[{}]]" if isinstance(value, list) else "[{}]"
            if isinstance(value, list) or not one or not all(map(_is_tables, one.values())):
                yield ""
                yield mark.format(".".join(inside))
            yield from _lines(one, inside)


def _is_tables(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, Mapping) for one in value)
    return isinstance(value, Mapping)


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, bool | int | float | str):
        return json.dumps(value, ensure_ascii=False).replace(
            "\x7f", "\\u007f"
        )  # JSON lets it stand
    raise TypeError(f"no TOML value: {type(value).__name__}")


def _key(name: str) -> str:
    plain = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if plain else _value(name)
