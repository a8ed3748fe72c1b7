"""Values of a shop's JSON, read so that a plug-in's oddities lose no order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Json = Mapping[str, Any]


def text(value: Any) -> str:  # noqa: ANN401 (a JSON value)
    """Return a text or a number as text. Empty for any other value."""
    if value is None or isinstance(value, (bool, Mapping, list)):
        return ""
    return str(value).strip()


def objects(value: Any) -> list[Json]:  # noqa: ANN401 (a JSON value)
    """Return the objects of a list. Empty for any other value."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def number(value: Any) -> Decimal | None:  # noqa: ANN401 (a JSON value)
    """Return a number, also one in a text. None for any other value."""
    try:
        parsed = Decimal(text(value))
    except InvalidOperation:
        return None
    return parsed if parsed.is_finite() else None


def is_bad(value: Any) -> bool:  # noqa: ANN401 (a JSON value)
    """Return whether a value is a text that should be a number."""
    return bool(text(value)) and number(value) is None
