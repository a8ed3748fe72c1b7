"""What has come of each source of a tenant, as of its last run that finished."""

from __future__ import annotations

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from tessera import naming
from tessera.insights.sources.arrivals import ArrivalsBySource
from tessera.records.runs.arrivals import EarlierArrivals
from tessera.records.runs.latest import Latest


def arrivals_of(tenant: str, data: Objects) -> ArrivalsBySource:
    """Return the arrivals by source. None are known before a first run, or after it expired."""
    key = naming.latest_key(tenant)
    if not data.exists(key):
        return {}
    latest = read_record(Latest, data, key, tolerant=True)
    summary = naming.run_key(tenant, latest.run_id, naming.SUMMARY)
    if not data.exists(summary):
        return {}
    return read_record(EarlierArrivals, data, summary, tolerant=True).arrivals
