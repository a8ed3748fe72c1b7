"""Store a batch of the event stream. Called by Lambda with up to 10,000 records of one shard.

A batch that fails comes again whole, until it is stored or expires. Storing it again changes
nothing.
"""

from __future__ import annotations

import os
from typing import Any

from adapters.aws.function_logs import logged
from adapters.aws.metrics import count_stream
from adapters.aws.objects import Objects
from steps.ingest.store import store_events
from tessera.environments.ingest import StoreEventsEnvironment
from tessera.sources.stream import records_of


@logged("StoreEvents", facts=("records", "unreadable", "incomplete", "parts", "repeated"))
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Reply with what the batch consisted of, and how many parts it made."""
    env = StoreEventsEnvironment.from_env(os.environ)
    report = store_events(records_of(event), data=Objects.shared(env.data_bucket))
    counts = report.counts
    count_stream(counts.records, counts.unreadable + counts.incomplete, stage=env.stage)
    return {
        "records": counts.records,
        "unreadable": counts.unreadable,
        "incomplete": counts.incomplete,
        "parts": report.parts,
        "repeated": report.repeated,
    }
