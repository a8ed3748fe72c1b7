"""The JSON documents of runs in a bucket, as records."""

from __future__ import annotations

from typing import TypeVar

from adapters.aws.objects import Objects
from tessera.records.codec import decode, encode

_Record = TypeVar("_Record")


def read_record(
    cls: type[_Record], objects: Objects, key: str, *, tolerant: bool = False
) -> _Record:
    """Return a document as a record.

    Parameters
    ----------
    cls
        The record's dataclass.
    objects, key
        Where the document is.
    tolerant
        Ignore unknown members: for documents that another version may have written.

    Raises
    ------
    InvalidInput
        There is no such document, or it does not match. The message names key and member.
    """
    return decode(cls, objects.read_json(key), document=key, tolerant=tolerant)


def write_record(record: object, objects: Objects, key: str) -> None:
    """Write a record as a document."""
    objects.write_json(key, encode(record))
