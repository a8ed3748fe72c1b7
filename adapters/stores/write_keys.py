"""Write-only keys of pages, and how many events each has sent in the present minute."""

from __future__ import annotations

from adapters.stores.kept_keys import KeptKeys
from adapters.stores.minute_counts import MinuteCounts
from tessera.api.write_keys import WriteKey

KEYS, COUNTS = "KEY#", "COUNT#"  # how the partitions begin that collecting reads and counts in


class WriteKeys(KeptKeys[WriteKey]):
    """The write-only keys of all tenants, without their secrets."""

    kind = WriteKey


class EventCounts(MinuteCounts):
    """How many events each key has sent in a minute of the clock."""

    def _partition_of(self, sender: str) -> str:
        return f"{COUNTS}{sender}"
