"""Which pages may send events: an origin is compared whole, and ``*`` is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

ALLOWED_METHODS = ("POST",)
ALLOWED_HEADERS = ("content-type",)
PREFLIGHT_SECONDS = 86_400


def is_listed(origin: str | None, *, origins: Sequence[str]) -> bool:
    """Return whether a page of this origin may send events."""
    return bool(origin) and origin in origins


def cors_headers(origin: str | None, *, origins: Sequence[str]) -> Mapping[str, str]:
    """Return the headers that let a page read its answer. None for an origin that is not listed.

    On AWS the HTTP API writes them. A laptop has no such API in front of the function.
    """
    if not is_listed(origin, origins=origins):
        return {}
    return {
        "access-control-allow-origin": str(origin),
        "access-control-allow-methods": ", ".join(ALLOWED_METHODS),
        "access-control-allow-headers": ", ".join(ALLOWED_HEADERS),
        "access-control-max-age": str(PREFLIGHT_SECONDS),
        "vary": "origin",
    }
