"""The names of time zones."""

from __future__ import annotations

import functools
import zoneinfo


def is_zone(name: str) -> bool:
    """Return whether a text is the name of a time zone."""
    return name in _names()


@functools.cache
def _names() -> frozenset[str]:
    return frozenset({*zoneinfo.available_timezones(), "UTC"})
