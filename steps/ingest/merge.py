"""Merge the parts of a stream's day, so that a run reads few. Doing it again changes nothing.

The merged part comes first, then the note of what it has, then ``_SUCCESS`` with it, and the parts
that it has go last. A process may end between any two: the next one sees what counts.
"""

from __future__ import annotations

import dataclasses
import gzip
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.stores.upload_folder import UploadFolder
from tessera.errors import InvalidInput
from tessera.naming import MERGED_PARTS
from tessera.records.codec import encode
from tessera.records.merged_parts import MergedPart, MergedParts, read_merged_parts
from tessera.sources.stream_parts import (
    groups_to_merge,
    header_line,
    merged_name,
    outdated_parts,
    rows_of,
)

_AT_ONCE = 16


@dataclasses.dataclass(frozen=True, kw_only=True)
class Merging:
    """What a folder's merging came to.

    Parameters
    ----------
    outdated
        Parts that must not count: others have their rows.
    merged
        How many parts were merged into others.
    is_complete
        Whether all was merged that can be. False where the time was over.
    """

    outdated: frozenset[str] = frozenset()
    merged: int = 0
    is_complete: bool = True


def merge_parts(
    folder: UploadFolder, *, data: Objects, has_time: Callable[[], bool], least: int
) -> Merging:
    """Write merged parts of a folder. They count once it is closed without what is outdated.

    A part that is damaged stays as it is: Prepare says what is wrong with it.

    Parameters
    ----------
    has_time
        Whether another part may be begun.
    least
        How many parts are worth to be merged.
    """
    contents = folder.contents()
    if contents.withdrawn:  # what is older than the withdrawal must not come back
        return Merging()
    notes = _notes(data, folder.key + MERGED_PARTS)
    outdated = outdated_parts(contents.bytes, listed=contents.listed, notes=notes.parts)
    current = {name: size for name, size in contents.bytes.items() if name not in outdated}
    made: list[MergedPart] = []
    is_complete = True
    for group in groups_to_merge(current):
        if len(group) < least:
            continue
        if not has_time():
            is_complete = False
            break
        if note := _merge(folder, group, data=data, known=notes.parts):
            made.append(note)
    if made:
        _keep(data, folder.key + MERGED_PARTS, made=made, earlier=notes.parts, there=contents.bytes)
    outdated |= {name for note in made for name in note.of}
    outdated -= {note.name for note in made}  # one that never counted was made again
    return Merging(
        outdated=frozenset(outdated),
        merged=sum(len(note.of) for note in made),
        is_complete=is_complete,
    )


def _merge(
    folder: UploadFolder, names: Sequence[str], *, data: Objects, known: Sequence[MergedPart]
) -> MergedPart | None:
    """Write the rows of parts as one. Return what it has, None where fewer than two can be read."""

    def read(name: str) -> bytes | None:
        try:
            return rows_of(gzip.decompress(data.read(folder.key + name)), name=name)
        except (InvalidInput, OSError, EOFError, zlib.error):
            return None

    taken: list[str] = []
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(_AT_ONCE) as pool:
        path = Path(scratch) / "merged.csv.gz"
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as text:
            text.write(header_line())
            for start in range(0, len(names), _AT_ONCE):  # few at a time: memory is bounded
                some = names[start : start + _AT_ONCE]
                for name, rows in zip(some, pool.map(read, some), strict=True):
                    if rows is not None:
                        text.write(rows)
                        taken.append(name)
        if len(taken) < 2:
            return None
        name = merged_name(taken)
        folder.put(name, path)
    before = [part for note in known if note.name in taken for part in (*note.of, *note.before)]
    return MergedPart(name=name, of=tuple(taken), before=tuple(before))


def _notes(data: Objects, key: str) -> MergedParts:
    if not data.exists(key):
        return MergedParts()
    return read_merged_parts(data.read(key), document=f"s3://{data.bucket}/{key}")


def _keep(
    data: Objects, key: str, *, made: Sequence[MergedPart], earlier: Sequence[MergedPart],
    there: Mapping[str, int],
) -> None:  # fmt: skip
    new = {note.name for note in made}
    parts = [note for note in earlier if note.name in there and note.name not in new]
    data.write_json(key, encode(MergedParts(parts=(*parts, *made))))
