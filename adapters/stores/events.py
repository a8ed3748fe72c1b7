"""The history of events by upload: replaced as a whole, or not at all.

``events/upload=<id>/_upload.json`` names the content that counts: the folder of its events, and one
of the orders that it voids, where there are any. ``events/_pending.json`` names the content that a
run is storing beside it. ``adapters.stores.upload_history`` decides between the two.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from adapters.aws.objects import ListedObject, Objects
from tessera.customers.orders.overlap import HeldOrders
from tessera.errors import InvalidInput
from tessera.naming import PENDING_UPLOAD, UPLOAD_POINTER, events_prefix

_EVENTS = ".parquet"
_AT_ONCE = 32  # records read in parallel: a history may have a thousand uploads


@dataclasses.dataclass(frozen=True, kw_only=True)
class UploadRecord:
    """What is known about an upload's stored events.

    Parameters
    ----------
    id, name
        The upload's id and its key or folder.
    content
        Hash of all that its events depend on: bytes, how they were read, the pseudonym secret.
    since
        ISO instant of the run that first stored the upload: of equal rows and of rows with one
        event_id the earlier upload's counts.
    events, event_ids
        Rows, and how many of them have an event_id.
    first_event_at, last_event_at
        ISO instants. None without events.
    currency
        The tenant's currency when it was stored.
    order_ids
        How many rows have an order_id. None where a version that did not count them stored it.
    stored_at
        ISO instant of the run that stored this content: of an order the newest lines count.
    keyed_ids
        Whether order and event ids are stored as keys. Earlier versions stored them readable.
    voided
        How many orders it shows cancelled, refunded, unpaid or as tests.
    run_id
        The run that stored this content. Empty where a version that did not record it stored it.
    products
        How many rows name a product: 0 where a version that did not read products stored it.
    categories
        How many of them name its category: 0 where a version that did not read them stored it.
    withdrawn
        Whether its events are gone because their owner withdrew the upload. Then it has none.
    """

    id: str
    name: str
    content: str
    since: str
    events: int
    event_ids: int
    first_event_at: str | None
    last_event_at: str | None
    currency: str
    order_ids: int | None = None
    stored_at: str = ""
    keyed_ids: bool = False
    voided: int = 0
    run_id: str = ""
    products: int = 0
    categories: int = 0
    withdrawn: bool = False

    @property
    def held(self) -> HeldOrders:
        """What decides how its events count beside those of other uploads."""
        first, last = (
            dt.datetime.fromisoformat(each) if each else None
            for each in (self.first_event_at, self.last_event_at)
        )
        return HeldOrders(
            order_ids=self.order_ids,
            first=first,
            last=last,
            stored_at=self.stored_at or self.since,
            voided=self.voided,
        )

    @classmethod
    def parse(cls, values: dict[str, Any]) -> UploadRecord:
        """Read what ``_upload.json`` holds."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(**{name: values[name] for name in names if name in values})


class EventStore:
    """The stored events of a tenant."""

    def __init__(self, objects: Objects, *, tenant: str) -> None:
        self._objects = objects
        self._tenant = tenant
        self._known: dict[ListedObject, UploadRecord] = {}

    def uploads(self) -> list[UploadRecord]:
        """Return every stored upload, the oldest first. Those that are withdrawn are none.

        A run asks several times. Only what was written since is read again.
        """
        listed = self._objects.entries(events_prefix(self._tenant))
        pointers = [each for each in listed if each.key.endswith("/" + UPLOAD_POINTER)]
        known = self._known
        new = [each for each in pointers if each not in known]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            read = pool.map(self._objects.read_json, (each.key for each in new))
            records = dict(zip(new, map(UploadRecord.parse, read), strict=True))
        self._known = {each: records.get(each) or known[each] for each in pointers}
        return that_count(self._known.values())

    def find(self, upload_id: str) -> UploadRecord | None:
        """Return one upload's record, None when it is not stored or withdrawn."""
        record = self.settled(upload_id)
        return None if record is None or record.withdrawn else record

    def settled(self, upload_id: str) -> UploadRecord | None:
        """Return what a finished run left of an upload: its record, or that of its withdrawal."""
        return self._read(self._pointer(upload_id))

    def keys(self, record: UploadRecord) -> list[str]:
        """Return the keys of an upload's events."""
        return list(self._objects.keys(self.folder(record)))

    def download(self, record: UploadRecord, folder: Path) -> list[Path]:
        """Fetch an upload's events. Return their files."""
        return self._fetch(self.keys(record), folder / record.id)

    def voided_keys(self, record: UploadRecord) -> list[str]:
        """Return the keys of the orders that an upload voids.

        Raises
        ------
        InvalidInput
            They are gone: the upload was replaced meanwhile.
        """
        keys = list(self._objects.keys(self.voided_folder(record))) if record.voided else []
        if record.voided and not keys:
            raise InvalidInput(f"the voided orders of {record.name} are gone: it was replaced")
        return keys

    def download_voided(self, record: UploadRecord, folder: Path) -> list[Path]:
        """Fetch the orders that an upload voids. Return their files."""
        return self._fetch(self.voided_keys(record), folder / record.id / "voided")

    def _fetch(self, keys: list[str], folder: Path) -> list[Path]:
        return [
            self._objects.download(key, folder / f"{index:05d}.parquet")
            for index, key in enumerate(keys)
        ]

    def write(self, record: UploadRecord, files: list[Path], *, voided: Path | None = None) -> None:
        """Write an upload's events beside what it has. They count once ``commit`` is called."""
        self.clear(record)
        for index, file in enumerate(files):
            self._objects.upload(file, f"{self.folder(record)}part-{index:05d}.parquet")
        if voided is not None:
            self._objects.upload(voided, f"{self.voided_folder(record)}part-00000.parquet")

    def clear(self, record: UploadRecord) -> None:
        """Remove the files in a record's folders, which do not count."""
        for folder in self._folders_of(record):
            self._objects.delete_prefix(folder)

    def commit(self, record: UploadRecord) -> None:
        """Let the files in the record's folders count, and no longer what the upload had before."""
        self._objects.write_json(self._pointer(record.id), dataclasses.asdict(record))

    def delete_others(self, record: UploadRecord) -> None:
        """Remove what an upload had before. Call it when the record counts."""
        for folder in _folders(self._objects, events_prefix(self._tenant, record.id)):
            if folder not in self._folders_of(record):
                self._objects.delete_prefix(folder)

    def pending(self) -> UploadRecord | None:
        """Return the upload that a run is storing, or was when it ended. None without one."""
        return self._read(self._pending())

    def announce(self, record: UploadRecord) -> None:
        """Record what a run is about to store, before it writes anything of it."""
        self._objects.write_json(self._pending(), dataclasses.asdict(record))

    def end_pending(self) -> None:
        """Remove the record of what a run was storing."""
        self._objects.delete_prefix(self._pending())

    def _read(self, key: str) -> UploadRecord | None:
        if not self._objects.exists(key):
            return None
        return UploadRecord.parse(self._objects.read_json(key))

    def _pointer(self, upload_id: str) -> str:
        return events_prefix(self._tenant, upload_id) + UPLOAD_POINTER

    def _pending(self) -> str:
        return events_prefix(self._tenant) + PENDING_UPLOAD

    def folder(self, record: UploadRecord) -> str:
        """Return where an upload's events lie, their files and nothing else."""
        return events_folder(self._tenant, record)

    def voided_folder(self, record: UploadRecord) -> str:
        """Return where the orders are that an upload voids. Few uploads have any."""
        return events_prefix(self._tenant, record.id) + f"voided={record.content}/"

    def _folders_of(self, record: UploadRecord) -> tuple[str, str]:
        return self.folder(record), self.voided_folder(record)


def that_count(records: Iterable[UploadRecord]) -> list[UploadRecord]:
    """Return the uploads whose events count, the oldest first."""
    stored = (record for record in records if not record.withdrawn)
    return sorted(stored, key=lambda record: (record.since, record.id))


def events_folder(tenant: str, record: UploadRecord) -> str:
    """Return where a tenant's upload has its events, their files and nothing else."""
    return events_prefix(tenant, record.id) + f"content={record.content}/"


def has_events(objects: Objects, *, tenant: str) -> bool:
    """Return whether a tenant has events, by a listing alone: withdrawn uploads have none."""
    return any(key.endswith(_EVENTS) for key in objects.keys(events_prefix(tenant)))


def _folders(objects: Objects, prefix: str) -> Iterator[str]:
    names = {
        key.removeprefix(prefix).split("/", 1)[0]
        for key in objects.keys(prefix)
        if "/" in key.removeprefix(prefix)
    }
    yield from (f"{prefix}{name}/" for name in sorted(names))
