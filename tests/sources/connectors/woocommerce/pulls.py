"""One pull of a store, with a journal in memory and a clock that stands still."""

from __future__ import annotations

from steps.pull.pull import Clock, pull
from tests.sources.connectors.journals import MemoryJournal

NOW = "2026-11-02T10:00:00+00:00"


def pulled(shop, journal=None, *, now=NOW, transport=None, **more):
    journal = MemoryJournal() if journal is None else journal
    clock = Clock(now=lambda: now, seconds=lambda: 0.0, pause=lambda _seconds: None)
    record = pull(shop.connector, transport=transport or shop, journal=journal, clock=clock, **more)
    return journal, record
