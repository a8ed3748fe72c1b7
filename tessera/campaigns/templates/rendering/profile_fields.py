"""The fields of a customer's profile that templates read as ``customer.…``, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.contracts.tables import PROFILES

# The key is a pseudonym, and the labels are one JSON text for programs.
_NOT_SHOWN = frozenset({"customer_key", "labels"})
PROFILE_FIELDS = tuple(name for name in PROFILES.names if name not in _NOT_SHOWN)


def profile_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row of the profiles as templates read it. An empty cell has no field."""
    return {name: str(row[name]) for name in PROFILE_FIELDS if row.get(name) is not None}
