"""Chunks of recipients that may be written to at the same time, as files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable

from tessera.campaigns.recipients import Recipient
from tessera.errors import InvalidInput
from tessera.records.codec import decode

CHUNK_SIZE = 500
REWRITTEN_FROM = "rewritten-from"  # metadata of a chunk that an erasure has rewritten
_MOST_DIGESTS = 8
_FOLDERS = {False: "chunks", True: "holdout"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class RecipientChunk:
    """Recipients that one worker takes.

    Parameters
    ----------
    name
        Such as ``chunks/000001.json``, or ``holdout/000001.json`` for those who get nothing.
    opens_at, closes_at
        When they may be written to on the first day.
    zones
        Where they may be, the likeliest first: further days have hours there too.
    recipients
        At most ``CHUNK_SIZE``.
    """

    name: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    zones: tuple[str, ...]
    recipients: tuple[Recipient, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether nothing is sent to its recipients."""
        return _is_held_out(self.name)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChunkEntry:
    """A chunk in its run's manifest.

    Parameters
    ----------
    name
        As of the chunk.
    recipients
        How many.
    sha256
        Of its file.
    opens_at, closes_at, zones
        As of the chunk.
    """

    name: str
    recipients: int
    sha256: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    zones: tuple[str, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether nothing is sent to its recipients."""
        return _is_held_out(self.name)


def _is_held_out(name: str) -> bool:
    return name.startswith(_FOLDERS[True])


def chunk_name(number: int, *, is_held_out: bool) -> str:
    """Return a chunk's name. Chunks of a kind are counted from 1."""
    return f"{_FOLDERS[is_held_out]}/{number:06d}.json"


def chunk_file(chunk: RecipientChunk) -> tuple[bytes, ChunkEntry]:
    """Return a chunk's file, and its entry in the manifest. The same chunk gives the same bytes."""
    document = vars(chunk) | {
        "opens_at": chunk.opens_at.isoformat(),
        "closes_at": chunk.closes_at.isoformat(),
        "recipients": [vars(one) for one in chunk.recipients],
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return content, ChunkEntry(
        name=chunk.name,
        recipients=len(chunk.recipients),
        sha256=hashlib.sha256(content).hexdigest(),
        opens_at=chunk.opens_at,
        closes_at=chunk.closes_at,
        zones=chunk.zones,
    )


def rewritten_from(content: bytes, *, earlier: str = "") -> str:
    """Return what an erasure notes with a chunk's new file: the digests of what it was before.

    Its manifest is written after it. Until then, a reader knows the chunk by these.

    Parameters
    ----------
    content
        The file that is rewritten.
    earlier
        What an erasure noted with that one. The oldest go, because metadata is short.
    """
    digests = [*earlier.split(), hashlib.sha256(content).hexdigest()]
    return " ".join(digests[-_MOST_DIGESTS:])


def read_chunk(
    content: bytes, *, entry: ChunkEntry, was: Callable[[], str] = str
) -> RecipientChunk:
    """Return a chunk from its file.

    Parameters
    ----------
    was
        Returns what an erasure noted with the file, empty for a file that none has rewritten.

    Raises
    ------
    InvalidInput
        The file is not the one that the manifest lists.
    """
    digest = hashlib.sha256(content).hexdigest()
    if digest != entry.sha256 and entry.sha256 not in was().split():
        raise InvalidInput(
            f"chunk {entry.name}: its file has the SHA-256 {digest}, expected {entry.sha256} as in "
            "the run's manifest. It was changed after the plan: cancel the run and plan another"
        )
    return decode(RecipientChunk, json.loads(content), document=entry.name, advice="")
