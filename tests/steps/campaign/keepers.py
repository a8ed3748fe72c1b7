"""Records with versions, in memory."""

from __future__ import annotations

import threading


class FakeRecords:
    def __init__(self, **records):
        self.records = dict(records)
        self._lock = threading.Lock()

    def read(self, sk):
        return self.records.get(sk)

    def change(self, sk, change):
        with self._lock:
            self.records[sk] = change(self.records.get(sk))
            return self.records[sk]
