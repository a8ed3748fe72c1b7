"""Which of some addresses a folder's files have, whatever packs them."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from adapters.erasure.texts import DAMAGED, texts_of
from adapters.erasure.versions import VersionedObjects
from tessera.erasure.people import addresses_in


def addresses_below(
    objects: VersionedObjects, prefix: str, wanted: Collection[str], *, folder: Path
) -> frozenset[str]:
    """Return those of some addresses, in small letters, that any version below a prefix has.

    Parameters
    ----------
    folder
        With room for the largest file. Damaged files have no address.
    """
    known: set[str] = set()
    for version in objects.all_versions(prefix):
        if not version.bytes or known >= {*wanted}:
            continue
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            path = objects.fetch(version, Path(scratch) / "file")
            try:
                for text in texts_of(path):
                    known |= {*addresses_in(text)} & {*wanted}
            except DAMAGED:
                continue
    return frozenset(known)
