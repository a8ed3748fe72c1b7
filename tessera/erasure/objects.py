"""What was done to objects, counted by kind for the receipt."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable

from tessera.erasure.places import Bucket


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErasedObjects:
    """What was done to one kind of objects.

    Parameters
    ----------
    kind
        Such as events, profiles or identities.
    rewritten, rows
        Objects that were written without the people, and the rows that went.
    deleted
        Objects that were deleted as a whole, because their rows cannot be removed.
    versions
        Earlier versions that were deleted for good.
    bytes
        How many were written.
    """

    kind: str
    rewritten: int = 0
    rows: int = 0
    deleted: int = 0
    versions: int = 0
    bytes: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class TouchedVersion:
    """What was done to one version of an object. It names nobody.

    Parameters
    ----------
    bucket, key, version_id
        Which.
    kind
        What it is, for people.
    action
        ``rewritten``, ``deleted`` as a whole, ``version deleted`` or ``marker deleted``.
    rows, bytes
        The rows that went, and the bytes that were written.
    """

    bucket: Bucket
    key: str
    version_id: str
    kind: str
    action: str
    rows: int
    bytes: int


def objects_of(touched: Iterable[TouchedVersion]) -> tuple[ErasedObjects, ...]:
    """Count what was done, by kind."""
    by_kind: dict[str, list[TouchedVersion]] = collections.defaultdict(list)
    for each in touched:
        by_kind[each.kind].append(each)
    return tuple(
        ErasedObjects(
            kind=kind,
            rewritten=sum(each.action == "rewritten" for each in some),
            rows=sum(each.rows for each in some),
            deleted=sum(each.action == "deleted" for each in some),
            versions=sum(each.action == "version deleted" for each in some),
            bytes=sum(each.bytes for each in some),
        )
        for kind, some in sorted(by_kind.items())
    )
