"""Read HTTP responses: their JSON value, and how long to wait."""

from __future__ import annotations

import email.utils
import json
import time
from typing import Any


def wait_of(text: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, None without a number.

    It is a number of seconds, or the date (RFC 9110, 10.2.3) of the next attempt.
    """
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def json_of(body: bytes) -> Any:  # noqa: ANN401 (a JSON value)
    """Return a body's JSON value, None if it is not valid JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None
