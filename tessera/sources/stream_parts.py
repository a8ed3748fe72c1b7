"""The parts of a stream's day, merged to few: which ones, and what of a folder no longer counts.

Each call of StoreEvents writes a part, thousands a day. Reading a part costs more than its rows.
So Close copies the text of many into one, row by row as it is. Bad rows keep their text that way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from tessera.errors import InvalidInput
from tessera.naming import MERGED
from tessera.records.merged_parts import MergedPart
from tessera.sources.stream import HEADER, rows_of_part

MOST_BYTES = 64_000_000  # of the parts that become one
_FULL_BYTES = 16_000_000  # a merged part of this size stays as it is
_MOST_ROWS = 1_000_000
_HEADER_LINE = ",".join(HEADER).encode() + b"\r\n"
_STORED = re.compile(r"shardId-\d+-\d+-\d+\.csv\.gz")
_MERGED = re.compile(MERGED + r"[0-9a-f]{16}-\d+\.csv\.gz")


def merged_name(of: Sequence[str]) -> str:
    """Return the name of a part that has the rows of others. Equal parts give an equal name."""
    digest = hashlib.sha256("\n".join(of).encode()).hexdigest()[:16]
    return f"{MERGED}{digest}-{sum(map(rows_of_part, of))}.csv.gz"


def groups_to_merge(sizes: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Yield groups of parts, each of which may become one.

    Parameters
    ----------
    sizes
        The bytes of each part of the folder, by its name. Parts that are no stream's are ignored.
    """
    group: list[str] = []
    size = rows = 0
    for name in sorted(sizes):
        if not _is_small(name, sizes[name]):
            continue
        if size + sizes[name] > MOST_BYTES or rows + rows_of_part(name) > _MOST_ROWS:
            if len(group) > 1:
                yield tuple(group)
            group, size, rows = [], 0, 0
        group.append(name)
        size, rows = size + sizes[name], rows + rows_of_part(name)
    if len(group) > 1:
        yield tuple(group)


def rows_of(text: bytes, *, name: str) -> bytes:
    """Return a part's rows as they are, without the header.

    Raises
    ------
    InvalidInput
        Its header is another version's, or it has another number of rows than its name says.
    """
    if not text.startswith(_HEADER_LINE) or not text.endswith(b"\n"):
        raise InvalidInput(f"{name} does not begin with the header of a stream's part")
    rows = text[len(_HEADER_LINE) :]
    count = _count(rows)
    if count != rows_of_part(name):
        raise InvalidInput(f"{name} has {count} rows, another number than its name says")
    return rows


def header_line() -> bytes:
    """Return the first line of each part."""
    return _HEADER_LINE


def outdated_parts(
    there: Collection[str], *, listed: Collection[str] | None, notes: Sequence[MergedPart]
) -> set[str]:
    """Return the parts of a folder that must not count.

    They are parts whose rows a merged part has, which came again or outlived a merging that ended
    early. And they are merged parts that never counted, while all they were made of is there.

    Parameters
    ----------
    there
        The names of the folder's parts.
    listed
        The parts that its ``_SUCCESS`` lists. None where it has no list, so that all of them count.
    notes
        What was merged into what.
    """
    names, counts = frozenset(there), frozenset(listed or ())
    known = {note.name: note for note in notes if note.name in names}
    unfinished = {
        name for name, note in known.items() if name not in counts and names.issuperset(note.of)
    }
    outdated = unfinished.union(
        *(note.covers & names for name, note in known.items() if name not in unfinished)
    )
    if listed is not None:
        outdated |= {n for n in names - counts - known.keys() if _MERGED.fullmatch(n)}
    return outdated


def _is_small(name: str, size: int) -> bool:
    if _STORED.fullmatch(name):
        return True
    is_merged = _MERGED.fullmatch(name) is not None
    return is_merged and size < _FULL_BYTES and rows_of_part(name) < _MOST_ROWS // 2


def _count(rows: bytes) -> int:
    """Return how many rows a text has. Line ends inside quotes end none."""
    if b'"' not in rows:
        return rows.count(b"\n")
    return sum(each.count(b"\n") for each in rows.split(b'"')[::2])
