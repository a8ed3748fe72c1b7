"""Definitions for tests, as JSON documents."""

from __future__ import annotations

import copy
from typing import Any

TEMPLATE = {"id": "win-back", "version": 3}
WIN_BACK: dict[str, Any] = {
    "id": "win-back",
    "name": "Win back",
    "audience": {"segments": ["At Risk"]},
    "variants": [{"name": "a", "template": TEMPLATE}],
    "schedule": {"kind": "once", "first_day": "2026-12-01"},
}


def document(**changes: Any) -> dict[str, Any]:
    """Return a good definition's document with other members."""
    return copy.deepcopy(WIN_BACK) | changes


def variant(name: str, share: float = 1.0, *segments: str) -> dict[str, Any]:
    return {"name": name, "share": share, "template": TEMPLATE, "segments": list(segments)}


def schedule(**changes: Any) -> dict[str, Any]:
    return {"kind": "once", "first_day": "2026-12-01", **changes}
