"""PostgreSQL: its secret says all there is to know, and Loaders grants that."""

from __future__ import annotations

from collections.abc import Mapping


def options(*_others: object) -> Mapping[str, str]:
    """Return nothing: the transport reads its secret."""
    return {}


def grant(*_others: object, **_named: object) -> None:
    """Allow nothing beside the secret."""
