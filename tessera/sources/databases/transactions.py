"""Replication messages → the rows of change files, in the order of their commits."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping

from tessera.errors import InvalidInput
from tessera.sources.changes import COMMIT_FORM, DELETE, INSERT, UPDATE
from tessera.sources.databases.pgoutput import (
    Begin,
    Commit,
    Message,
    Relation,
    Row,
    RowChange,
    Truncate,
    Unsent,
)
from tessera.sources.databases.text_forms import text_of

Key = tuple[str, ...]
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SEQUENCE_FORM = "%Y%m%d%H%M%S"


def commit_text(moment: dt.datetime) -> str:
    """Return a commit's timestamp as a change file has it."""
    return moment.astimezone(dt.UTC).strftime(COMMIT_FORM)


def sequence_text(moment: dt.datetime, number: int) -> str:
    """Return a change's sequence: 16 digits of the commit's time, 19 of a counter."""
    utc = moment.astimezone(dt.UTC)
    return f"{utc.strftime(_SEQUENCE_FORM)}{utc.microsecond // 10_000:02d}{number:019d}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableChange:
    """A row of a change file.

    Parameters
    ----------
    relation
        The table and its columns at that moment.
    op
        ``I``, ``U`` or ``D``.
    values
        The row, after an insert or update, before a delete. A delete may have the key alone.
    """

    relation: Relation
    op: str
    values: tuple[str | None, ...]
    commit_at: str
    sequence: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableEmptied:
    """TRUNCATE: no earlier row or change of the table counts any more."""

    schema: str
    table: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class TransactionEnd:
    """All of a transaction was given. ``end`` is the position in the log right after it."""

    end: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StreamPlace:
    """How far a stream was read: the last commit's time, and how many changes there were."""

    commit_micros: int = 0
    changes: int = 0

    @property
    def moment(self) -> dt.datetime:
        """The last commit's time."""
        return _EPOCH + dt.timedelta(microseconds=self.commit_micros)


class Transactions:
    """Read one stream of messages from its place on.

    A server's clock can go back. A commit then counts at the time of the one before it, since the
    order of commits is the order of the stream.

    Parameters
    ----------
    keys
        The key columns of each table that is read, by schema and table. Others are passed over.
    base_types
        The OID of the type that each domain is made of.
    """

    def __init__(
        self,
        keys: Mapping[tuple[str, str], Key],
        *,
        place: StreamPlace | None = None,
        base_types: Mapping[int, int] | None = None,
    ) -> None:
        place = place or StreamPlace()
        self._commit_micros, self._count = place.commit_micros, place.changes
        self._moment, self._commit_at = place.moment, commit_text(place.moment)
        self._keys = keys
        self._base_types = base_types or {}
        self._relations: dict[int, Relation] = {}

    @property
    def place(self) -> StreamPlace:
        """How far the stream was read."""
        return StreamPlace(commit_micros=self._commit_micros, changes=self._count)

    @property
    def moment(self) -> dt.datetime:
        """The time of the last commit."""
        return self._moment

    def read(
        self, message: Message | None
    ) -> Iterator[TableChange | TableEmptied | TransactionEnd]:
        """Yield what a message comes to.

        Raises
        ------
        InvalidInput
            The message can't be read: its table lacks what it names.
        """
        match message:
            case Begin():
                self._commit_micros = max(message.commit_micros, self._commit_micros)
                self._moment = self.place.moment
                self._commit_at = commit_text(self._moment)
            case Commit():
                yield TransactionEnd(end=message.end)
            case Relation():
                self._relations[message.id] = self._checked(message)
            case RowChange():
                yield from self._changes(message)
            case Truncate():
                yield from self._emptied(message)
            case None:
                pass

    def _emptied(self, message: Truncate) -> Iterator[TableEmptied]:
        for relation in map(self._wanted, message.relations):
            if relation is not None:
                yield TableEmptied(schema=relation.schema, table=relation.table)

    def _checked(self, relation: Relation) -> Relation:
        missing = set(self._key_of(relation)) - set(relation.names)
        if missing:
            raise InvalidInput(
                f"table {relation.schema}.{relation.table} has no column {min(missing)!r} any "
                f"more, which is part of its key: it has {', '.join(relation.names)}. Name its key "
                "in the mapping, and read it with --reload"
            )
        return relation

    def _key_of(self, relation: Relation) -> Key:
        return self._keys.get((relation.schema, relation.table), ())

    def _wanted(self, number: int) -> Relation | None:
        relation = self._relations.get(number)
        if relation is None:
            raise InvalidInput(
                f"the stream names table {number} before it describes it: drop the slot and read "
                "the tables with --reload"
            )
        return relation if self._key_of(relation) else None

    def _changes(self, change: RowChange) -> Iterator[TableChange]:
        relation = self._wanted(change.relation)
        if relation is None:
            return
        row = change.old if change.new is None else _filled(change, relation)
        if change.op == UPDATE and change.old is not None and row is not None:
            places = [relation.names.index(name) for name in self._key_of(relation)]
            if any(change.old[place] != row[place] for place in places):
                yield self._change(relation, DELETE, change.old)
                yield self._change(relation, INSERT, row)
                return
        yield self._change(relation, change.op, row or ())

    def _change(self, relation: Relation, op: str, row: Row) -> TableChange:
        self._count += 1
        if len(row) != len(relation.columns):
            raise InvalidInput(
                f"a change of table {relation.schema}.{relation.table} has {len(row)} values, and "
                f"the table {len(relation.columns)} columns: read the table with --reload"
            )
        return TableChange(
            relation=relation,
            op=op,
            values=tuple(
                self._text(value, type_)
                for value, (_, type_) in zip(row, relation.columns, strict=True)
            ),
            commit_at=self._commit_at,
            sequence=sequence_text(self._moment, self._count),
        )

    def _text(self, value: str | Unsent | None, type_: int) -> str | None:
        if not isinstance(value, str):
            return None
        return text_of(value, type_=self._base_types.get(type_, type_))


def _filled(change: RowChange, relation: Relation) -> Row:
    """Return the row after a change, with values that did not change taken from the row before."""
    new = change.new or ()
    if Unsent.UNCHANGED not in new:
        return new
    if change.old is None or not change.whole:
        column = relation.names[new.index(Unsent.UNCHANGED)]
        name = f"{relation.schema}.{relation.table}"
        raise InvalidInput(
            f"table {name}: an update did not send the long value of column {column!r}. Run "
            f"ALTER TABLE {name} REPLICA IDENTITY FULL, and read the table with --reload"
        )
    return tuple(
        old if value is Unsent.UNCHANGED else value
        for old, value in zip(change.old, new, strict=True)
    )
