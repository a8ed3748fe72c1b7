"""The events of uploads in the catalog: a partition for each upload that counts."""

from __future__ import annotations

from adapters.stores.catalog import Catalog, Values
from adapters.stores.events import EventStore
from tessera.contracts.tables import EVENTS


def catalogue_events(events: EventStore, catalog: Catalog, *, bucket: str, tenant: str) -> int:
    """Make the partitions of a tenant's events those of the uploads that count.

    Call it when an upload's new content counts, and before its old content is removed.

    Returns
    -------
    int
        How many partitions were added, moved or removed.
    """
    wanted: dict[Values, str] = {
        (tenant, record.since, record.id): f"s3://{bucket}/{events.folder(record)}"
        for record in events.uploads()
    }
    there = catalog.partitions(EVENTS, tenant=tenant)
    changed = {one: folder for one, folder in wanted.items() if there.get(one) != folder}
    gone = there.keys() - wanted.keys()
    catalog.add_partitions(EVENTS, changed)
    catalog.remove_partitions(EVENTS, sorted(gone))
    return len(changed) + len(gone)
