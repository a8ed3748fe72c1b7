"""A record that a job writes once it knows something."""

from __future__ import annotations

from typing import TypeVar

from adapters.aws.objects import Objects
from adapters.stores.records import read_record
from tessera.api.refusals import not_yet

_Record = TypeVar("_Record")


def known_record(kind: type[_Record], data: Objects, key: str, *, without: str) -> _Record:
    """Return a record, or say why there is none yet.

    Raises
    ------
    RequestRefusal
        There is none. ``without`` says when there will be.
    """
    if not data.exists(key):
        raise not_yet(without)
    return read_record(kind, data, key, tolerant=True)
