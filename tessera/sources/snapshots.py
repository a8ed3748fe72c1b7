"""Snapshots of change files: what the next fold needs of them, and when one is worth its writing.

A snapshot is change files too. It has the rows of each key's latest change, and no earlier ones. Of
a deleted key it has the key and the place of its deletion, and nothing else. Keys that the latest
full load lacks are gone. So snapshot and later files fold to what all files fold to, in any order,
and whether the files that it covers are still there or not.

Whole rows of a key stay together, and its place stays with it. So a change that comes late is
still earlier than what replaced it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Self

from tessera.sources.changes import (
    COMMITTED_AT,
    DELETE,
    INSERT,
    NEWEST,
    OPERATION,
    PLACE,
    SEQUENCE,
    checked_key,
    quoted,
)

FILES = "snapshot-"  # how the names of a snapshot's files begin
_NOTE = b"tessera"  # where a file's own words about it are
_OLD_HOURS, _RENEW_HOURS = 24, 7 * 24
_MANY_FILES = 500

_LOAD = "(SELECT MAX(newest_load) FROM {newest})"

# A load's rows may all have changed since. Its instant must stay, for what it lacks is gone. So a
# key that the load had keeps a row of it without cells, which the key's later change outdoes.
_LOADED_BEFORE = "newest_load = {load} AND newest_place > newest_load || '  0'"

_SNAPSHOT = """
SELECT DISTINCT
    CASE WHEN "{operation}" = '{delete}' THEN '{delete}' ELSE '{insert}' END AS "{operation}",
    {cells}, changes."{committed_at}" AS "{committed_at}",
    NULLIF(changes."{sequence}", '') AS "{sequence}"
FROM {changes} AS changes JOIN {newest} AS newest
    ON {same_key} AND {place} = newest_place
WHERE newest_place >= COALESCE({load}, '')
UNION ALL (
    SELECT '{insert}', {no_cells}, newest_load, CAST(NULL AS STRING)
    FROM {newest} WHERE {loaded_before} ORDER BY {keys} LIMIT 1
)"""

_COUNTS = """
SELECT COUNT(CASE WHEN newest_place LIKE '% 1' AND newest_place >= COALESCE({load}, '') THEN 1 END)
        AS deleted,
    COUNT(CASE WHEN {loaded_before} THEN 1 END) AS loaded_before
FROM {newest}"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SnapshotNote:
    """What a snapshot's files say about themselves.

    Parameters
    ----------
    key
        The columns of the key by which it was made. By others it lacks what they need.
    types
        The types that each column had in the files that it covers. Its own are texts.
    """

    key: tuple[str, ...]
    types: Mapping[str, Sequence[str]]

    def metadata(self) -> dict[bytes, bytes]:
        """Return the metadata of its files."""
        return {_NOTE: json.dumps(dataclasses.asdict(self), sort_keys=True).encode()}

    @classmethod
    def of(cls, metadata: Mapping[bytes, bytes] | None) -> Self | None:
        """Return the note of a file, None for a file of another kind."""
        text = (metadata or {}).get(_NOTE)
        if text is None:
            return None
        value = json.loads(text)
        return cls(key=tuple(value["key"]), types=value["types"])


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChangesFolded:
    """What a fold read, and what is left of it.

    Parameters
    ----------
    changes
        The rows that it read.
    needed
        Those that the next fold needs: rows that are there, and deleted keys.
    new_files
        The files that are no snapshot.
    oldest_new_hours, oldest_hours
        The age of the oldest of those, and of all files.
    """

    changes: int
    needed: int
    new_files: int
    oldest_new_hours: float
    oldest_hours: float

    @property
    def is_due(self) -> bool:
        """Whether a snapshot is worth its writing.

        It is where the rest is a quarter of all rows, or a day old: it names people for nothing.
        It is for many small files. And it is before the files expire.
        """
        rest = self.changes - self.needed
        return bool(
            (self.new_files and rest * 4 >= self.changes > 0)
            or (rest > 0 and self.oldest_new_hours >= _OLD_HOURS)
            or self.new_files >= _MANY_FILES
            or self.oldest_hours >= _RENEW_HOURS
        )


def snapshot_sql(
    table: str, *, key: Sequence[str], columns: Sequence[str], newest: str = NEWEST
) -> str:
    """Return the query for a snapshot's rows, in the columns of change files.

    Parameters
    ----------
    table, newest
        The relations of all changes, and of ``newest_changes_sql``.
    key, columns
        The table's key, and all its columns.
    """
    load = _LOAD.format(newest=newest)
    return _SNAPSHOT.format(
        operation=OPERATION,
        insert=INSERT,
        delete=DELETE,
        committed_at=COMMITTED_AT,
        sequence=SEQUENCE,
        cells=", ".join(_cell(name, key=key) for name in columns),
        no_cells=", ".join(
            quoted(name) if name in key else "CAST(NULL AS STRING)" for name in columns
        ),
        keys=", ".join(map(quoted, checked_key(key))),
        same_key=" AND ".join(f"changes.{quoted(name)} = newest.{quoted(name)}" for name in key),
        changes=table,
        newest=newest,
        place=PLACE,
        load=load,
        loaded_before=_LOADED_BEFORE.format(load=load),
    )


def snapshot_counts_sql(newest: str = NEWEST) -> str:
    """Return the query for a snapshot's deleted keys, and the keys that may keep its load."""
    load = _LOAD.format(newest=newest)
    return _COUNTS.format(load=load, newest=newest, loaded_before=_LOADED_BEFORE.format(load=load))


def _cell(name: str, *, key: Sequence[str]) -> str:
    column = f"changes.{quoted(name)}"
    if name in key:
        return f"{column} AS {quoted(name)}"
    of_deleted = f"CASE WHEN \"{OPERATION}\" = '{DELETE}' THEN NULL ELSE {column} END"
    return f"{of_deleted} AS {quoted(name)}"
