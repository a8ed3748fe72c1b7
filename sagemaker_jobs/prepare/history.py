"""The events that a run counts: its own upload's, and those of every other upload before."""

from __future__ import annotations

from pathlib import Path

from adapters.engines.duckdb.history import StoredUpload
from adapters.stores.events import EventStore, UploadRecord
from tessera.errors import InvalidInput, Retryable

_ATTEMPTS = 3


def fetch(
    store: EventStore, *, own: UploadRecord | None, own_files: list[Path], folder: Path
) -> list[StoredUpload]:
    """Return all uploads' events in local files, the oldest upload first.

    Parameters
    ----------
    own
        This run's upload, in place of whatever the store has under its id; None for a run
        without an upload.
    own_files
        Its events.

    Raises
    ------
    Retryable
        Another run kept replacing its upload while this one was reading.
    """
    for attempt in range(_ATTEMPTS):
        records = [record for record in store.uploads() if own is None or record.id != own.id]
        try:
            files = {record.id: store.download(record, folder / str(attempt)) for record in records}
        except InvalidInput:  # a folder went while we read it: the pointer names a new one
            continue
        if own is not None:
            records.append(own)
            files[own.id] = own_files
        ordered = sorted(records, key=lambda record: (record.since, record.id))
        return [StoredUpload(each.id, files[each.id], each.event_ids) for each in ordered]
    raise Retryable("the history changed while it was read: other uploads are being replaced")
