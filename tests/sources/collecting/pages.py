"""Bodies that pages send."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

NOW = dt.datetime(2026, 11, 29, 20, 15, 30, tzinfo=dt.UTC)
KEY = f"tsw_{'0' * 12}_{'A' * 43}"


def event(**fields: Any) -> dict[str, Any]:
    """Return an event that is taken. A field of None is absent."""
    made = {"CustomerID": "c-1", "EventName": "VIEWED", "Date": "2026-11-29T20:15:00.000Z"}
    return {name: value for name, value in {**made, **fields}.items() if value is not None}


def tree(*events: Any, **fields: Any) -> dict[str, Any]:
    """Return a body before it is written."""
    return {"key": KEY, "consent": True, "events": list(events or (event(),)), **fields}


def body(*events: Any, **fields: Any) -> bytes:
    """Return a body with these events."""
    return json.dumps(tree(*events, **fields)).encode()
