"""The attributes of a tenant's customers, by upload: pseudonymous, in Parquet.

``attributes/upload=<id>/_upload.json`` names the file that counts, as in the history of events.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Self

from adapters.aws.objects import Objects
from tessera.naming import UPLOAD_POINTER, attributes_prefix


@dataclasses.dataclass(frozen=True, kw_only=True)
class AttributeRecord:
    """What is known about an upload of attributes.

    Parameters
    ----------
    id, name
        The upload's id and its key.
    content
        Hash of all that its rows depend on: bytes, how they were read, the pseudonym secret.
    since
        ISO instant of the run that stored this content: of two uploads the later one wins.
    as_of
        The day that rows without their own day describe: that of the first run that counted
        them. None before it.
    customers
        How many rows it has.
    headers
        The file's, but for the customer's id.
    label_header
        The header of the label. Empty without one.
    notes
        A sentence on each column that was omitted or has slips.
    """

    id: str
    name: str
    content: str
    since: str
    as_of: str | None
    customers: int
    headers: tuple[str, ...]
    label_header: str
    notes: tuple[str, ...]

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Read what ``_upload.json`` holds."""
        known = {field.name: values[field.name] for field in dataclasses.fields(cls)}
        texts = {name: tuple(known[name]) for name in ("headers", "notes")}
        return cls(**{**known, **texts})


class AttributeStore:
    """The stored attributes of a tenant."""

    def __init__(self, objects: Objects, *, tenant: str) -> None:
        self._objects = objects
        self._tenant = tenant

    def records(self) -> list[AttributeRecord]:
        """Return every stored upload, the oldest first."""
        records = [
            AttributeRecord.parse(self._objects.read_json(key))
            for key in self._objects.keys(attributes_prefix(self._tenant))
            if key.endswith("/" + UPLOAD_POINTER)
        ]
        return sorted(records, key=lambda record: (record.since, record.id))

    def download(self, record: AttributeRecord, folder: Path) -> Path:
        """Fetch an upload's rows. Return their file."""
        return self._objects.download(self._key(record), folder / f"{record.id}.parquet")

    def write(self, record: AttributeRecord, file: Path) -> None:
        """Store an upload's rows in place of what it had."""
        self._objects.upload(file, self._key(record))
        self.update(record)
        kept = {self._key(record), self._pointer(record)}
        for key in list(self._objects.keys(attributes_prefix(self._tenant, record.id))):
            if key not in kept:
                self._objects.delete_prefix(key)

    def update(self, record: AttributeRecord) -> None:
        """Store a record whose rows are there."""
        self._objects.write_json(self._pointer(record), dataclasses.asdict(record))

    def _pointer(self, record: AttributeRecord) -> str:
        return attributes_prefix(self._tenant, record.id) + UPLOAD_POINTER

    def _key(self, record: AttributeRecord) -> str:
        folder = attributes_prefix(self._tenant, record.id)
        return f"{folder}content={record.content}/part-00000.parquet"
