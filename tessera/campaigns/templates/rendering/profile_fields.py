"""The fields of a customer's profile that templates read as ``customer.…``, as texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tessera.contracts.tables import PROFILES

# The key is a pseudonym, and the labels are one JSON text for programs.
_NOT_SHOWN = frozenset({"customer_key", "labels"})
PROFILE_FIELDS = tuple(name for name in PROFILES.names if name not in _NOT_SHOWN)


def profile_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row of the profiles as templates read it. An empty cell has no field."""
    return {name: str(row[name]) for name in PROFILE_FIELDS if row.get(name) is not None}


def mentioned_fields(template: str) -> tuple[str, ...]:
    """Return the fields that a template may show: every one that its text mentions.

    A name in a sentence counts too. That costs a few bytes for each recipient, and a field that was
    overlooked would be a gap in every message.

    Parameters
    ----------
    template
        A published version as its file has it.
    """
    words = set(re.findall(r"[a-z0-9_]+", template))
    return tuple(name for name in PROFILE_FIELDS if name in words)
