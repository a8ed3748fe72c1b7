"""Every request to a webhook: a POST of JSON with an id that a repetition keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from tessera.destinations.requests import Request

DELIVERY = "Tessera-Delivery"


def digest(text: str) -> str:
    """Return the id of a request with this content."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def post(body: Mapping[str, Any], delivery: str) -> Request:
    """Return the request with a body, under its id."""
    form = "application/json"
    return Request("POST", "", body, {"Accept": form, "Content-Type": form, DELIVERY: delivery})
