"""Which parts of a stream's day were merged into which: ``_merged.json`` in the day's folder."""

from __future__ import annotations

import dataclasses
import json

from tessera.errors import InvalidInput
from tessera.records.codec import decode

VERSION = 1
_ADVICE = "Delete it. Parts that come a second time are then ignored by their events' ids"


@dataclasses.dataclass(frozen=True, kw_only=True)
class MergedPart:
    """A part that has the rows of others.

    Parameters
    ----------
    name
        Its name inside the folder.
    of
        The parts whose rows it took.
    before
        The parts that those had been merged of.
    """

    name: str
    of: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def covers(self) -> frozenset[str]:
        """All parts whose rows it has."""
        return frozenset((*self.of, *self.before))


@dataclasses.dataclass(frozen=True, kw_only=True)
class MergedParts:
    """The merged parts of a folder."""

    version: int = VERSION
    parts: tuple[MergedPart, ...] = ()


def read_merged_parts(body: bytes, *, document: str) -> MergedParts:
    """Return the document.

    Raises
    ------
    InvalidInput
        It is damaged, or of another version.
    """
    try:
        value = json.loads(body)
    except ValueError:
        raise InvalidInput(f"{document} is no JSON. {_ADVICE}") from None
    merged = decode(MergedParts, value, document=document, tolerant=True, advice=_ADVICE)
    if merged.version != VERSION:
        raise InvalidInput(f"{document} has version {merged.version}, not {VERSION}. {_ADVICE}")
    return merged
