"""Rows of consent for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tessera.campaigns.consent.row import ConsentRow

RECIPIENT = "0" * 31 + "1"
NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


def day(days_ago: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days_ago)


def grant(days_ago: float, **changes: Any) -> ConsentRow:
    row = {"recipient": RECIPIENT, "state": "granted", "basis": "express", "source": "import"}
    return ConsentRow(**(row | {"at": day(days_ago)} | changes))


def opt_in(days_ago: float, **changes: Any) -> ConsentRow:
    """Return the person's own opt-in, with proof."""
    return grant(days_ago, **({"source": "form", "proof": "form entry 17"} | changes))


def stop(days_ago: float, state: str = "withdrawn", **changes: Any) -> ConsentRow:
    row = {"recipient": RECIPIENT, "state": state, "source": "unsubscribe_link"}
    return ConsentRow(**(row | {"at": day(days_ago)} | changes))
