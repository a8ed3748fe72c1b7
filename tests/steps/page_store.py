"""The keys, the counts and the stream of collecting, in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from steps.collect_events import Collector
from tessera.api.write_keys import NewWriteKey, WriteKey
from tessera.errors import Retryable
from tests.sources.collecting.pages import NOW

ORIGIN = "https://shop.example"
MADE = NewWriteKey.of("acme", label="shop", by="user:1", now=NOW, days=730)


class PageStore:
    """A tenant's key, and what its page has sent."""

    def __init__(self) -> None:
        self.keys = {MADE.key.key_id: MADE.key}
        self.counts: dict[tuple[str, dt.datetime], int] = {}
        self.records: list[Mapping[str, str]] = []
        self.is_busy = False
        self.suspended: set[str] = set()

    @property
    def collector(self) -> Collector:
        """What collecting works with: 100 events a minute."""
        return Collector(
            keys=self, counts=self, sink=self, why_not=self.why_not, origins=(ORIGIN,),
            most_a_minute=100,
        )  # fmt: skip

    def why_not(self, tenant: str, now: dt.datetime) -> str:
        return "it is suspended" if tenant in self.suspended else ""

    def find(self, key_id: str) -> WriteKey | None:
        return self.keys.get(key_id)

    def take(self, key_id: str, number: int, *, most: int, now: dt.datetime) -> bool:
        minute = now.replace(second=0, microsecond=0)
        total = self.counts.get((key_id, minute), 0) + number
        if total > most:
            return False
        self.counts[key_id, minute] = total
        return True

    def put(self, records: Sequence[Mapping[str, str]]) -> None:
        if self.is_busy:
            raise Retryable("Kinesis")
        self.records += records
