"""What was pulled, as change files beside a cursor."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from adapters.aws.objects import Objects
from tessera.sources.connectors.cursor import PullCursor
from tessera.sources.connectors.port import HEADERS, SOURCE_KEY, PulledRecord
from tessera.sources.snapshots import FILES as SNAPSHOTS

OPERATION, COMMITTED_AT, SEQUENCE = "Op", "dms_commit_at", "dms_change_seq"
COLUMNS = (OPERATION, SOURCE_KEY, *HEADERS, COMMITTED_AT, SEQUENCE)
_SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
_COMMIT_FORM = "%Y-%m-%d %H:%M:%S.%f"
_CURSOR = "cursor.json"
_LOAD, _CHANGES = "LOAD", "changes"
_LOAD_KEY = "load"  # the key of the row that ends a load


class ChangeJournal:
    """Keeps a connector's pulls below a prefix: ``raw/<source>/``.

    A full pull's files are a load. All its rows have the instant at which the pull began, so that
    later changes win over them. A row of an incremental pull has the instant of its change. Pages
    take time, so a load may meet an order twice: the sequence says which one is later. What the
    load lacks is gone only once it is complete: its last file then has one row without a sequence.

    Parameters
    ----------
    objects
        The bucket. It has raw rows with names and addresses.
    prefix
        Where the files are.
    """

    def __init__(self, objects: Objects, *, prefix: str) -> None:
        self._objects = objects
        self._prefix = prefix

    def cursor(self) -> PullCursor | None:
        """Return the cursor that was kept last, None before the first pull."""
        key = self._prefix + _CURSOR
        if not self._objects.exists(key):
            return None
        return PullCursor.parse(self._objects.read(key), where=key)

    def pulls(self) -> int:
        """Return the number of the last pull that stored anything, 0 for none."""
        keys = self._objects.keys(self._prefix)
        return max((_pull_of(key.removeprefix(self._prefix)) for key in keys), default=0)

    def keep(self, cursor: PullCursor) -> None:
        """Keep a cursor. Before that of a complete load the load is ended."""
        if cursor.done and cursor.load:
            self._write(_end(cursor), pa.Table.from_pylist([_end_marks(cursor)], schema=_SCHEMA))
        text = cursor.text().encode()
        self._objects.write(self._prefix + _CURSOR, text, content_type="application/json")

    def store(self, cursor: PullCursor, records: Sequence[PulledRecord]) -> None:
        """Store the records of the page at a cursor, in place of what the page had."""
        self._write(_file(cursor), _table(cursor, records))

    def tidy(self, cursor: PullCursor) -> None:
        """Remove what a complete pull makes superfluous.

        These are its files beyond its pages, which an earlier attempt left. For a load they also
        are all files of the pulls before it. A snapshot stays: it may have this pull's own rows.
        """
        own = {_end(cursor), *(_name(cursor, page) for page in range(cursor.pages))}
        files = [key for key in self._objects.keys(self._prefix) if key.endswith(".parquet")]
        names = [(key, key.removeprefix(self._prefix)) for key in files]
        gone = [
            key
            for key, name in names
            if (_pull_of(name) == cursor.pull and name not in own)
            or (cursor.load and _pull_of(name) < cursor.pull and not name.startswith(SNAPSHOTS))
        ]
        self._objects.delete(gone)

    def _write(self, name: str, table: pa.Table) -> None:
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd", store_schema=False)
        self._objects.write(self._prefix + name, sink.getvalue())


def _file(cursor: PullCursor) -> str:
    return _name(cursor, cursor.pages)


def _name(cursor: PullCursor, page: int) -> str:
    kind = _LOAD if cursor.load else _CHANGES
    return f"{kind}-{cursor.pull:08d}-{page:08d}.parquet"


def _end(cursor: PullCursor) -> str:
    return f"{_LOAD}-{cursor.pull:08d}-end.parquet"


def _pull_of(name: str) -> int:
    """Return the number of the pull that a file is of, 0 for another's file."""
    parts = name.removesuffix(".parquet").split("-")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0


def _table(cursor: PullCursor, records: Sequence[PulledRecord]) -> pa.Table:
    columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
    for place, record in enumerate(records):
        marks = _marks(cursor, record, place=place)
        for row in record.rows or ({},):
            for name in COLUMNS:
                columns[name].append(marks.get(name) or row.get(name) or None)
    return pa.table(columns, schema=_SCHEMA)


def _marks(cursor: PullCursor, record: PulledRecord, *, place: int) -> dict[str, str]:
    """Return what a change file says of a record."""
    return {
        OPERATION: _operation(cursor, record),
        SOURCE_KEY: record.key,
        COMMITTED_AT: _commit(cursor.started_at if cursor.load else record.changed_at),
        SEQUENCE: f"{cursor.pull:08d}{cursor.pages:08d}{place:08d}",
    }


def _operation(cursor: PullCursor, record: PulledRecord) -> str:
    if not record.rows:
        return "D"
    return "I" if cursor.load else "U"


def _end_marks(cursor: PullCursor) -> dict[str, str]:
    """Return the row that ends a load: a deletion of no order, at the load's instant."""
    return {
        OPERATION: "D",
        SOURCE_KEY: _LOAD_KEY,
        COMMITTED_AT: _commit(cursor.started_at),
    }


def _commit(text: str) -> str:
    """Return an instant as change files have it."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC).strftime(_COMMIT_FORM)
