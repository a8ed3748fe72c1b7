"""The transport to Snowflake: batches merged by statements, and their rows counted."""

from __future__ import annotations

import datetime as dt
import functools
import threading
from collections.abc import Callable, Sequence
from decimal import Decimal

from adapters.destinations.snowflake.erasing import PEOPLE, erase_rows
from adapters.destinations.snowflake.errors import missing
from adapters.destinations.snowflake.statements import Statements
from adapters.destinations.warehouse.bisection import Bisection
from adapters.destinations.warehouse.errors import Wrong
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.port import DELETED, Item, Outcome
from tessera.destinations.requests import Malformed, sort_out
from tessera.destinations.vendors.snowflake import api, sql
from tessera.destinations.warehouse import tables as warehouse
from tessera.records.loads.segment import Segment

_TWICE = ("twice", "the batch has a customer id twice")
_UNCOUNTED = ("uncounted", "the answer did not count every customer of the batch")
_MALFORMED = ("malformed", "the response was not what the API promises, so it does not count")


class SnowflakeTransport:
    """One tenant's schema.

    Parameters
    ----------
    statements
        Carries out statements in the account.
    as_of
        Asked for the day that the run describes, where that is to be written.
    """

    def __init__(self, statements: Statements, *, as_of: Callable[[], dt.date]) -> None:
        self._statements = statements
        self._as_of = functools.cache(as_of)
        self._one_writes = threading.Lock()
        self._names: list[str] | None = None
        self.send = Bisection(
            self._load,
            dialect=warehouse.SNOWFLAKE,
            schema=lambda: self._schema,
            seconds=api.CAPABILITIES.exchange_seconds,
            clock=statements.client.clock,
        ).send

    def check(self, segments: Sequence[Segment]) -> None:
        """Make the schema, its tables, and a column for each set, as far as they are not there."""
        self._names = None
        has_schema = bool(self._run(sql.schema_exists(self._schema)))
        own = warehouse.own_columns(segments)
        for statement in sql.room(self._schema, self._columns(), own=own, has_schema=has_schema):
            self._run(statement)
        self._known_names()

    def identity(self) -> str:
        """Return the database, and when the table of customers was created there."""
        rows = self._run(sql.table_id(self._schema))
        if not rows:
            raise missing(self._statements.account(), self._statements.secret_name)
        [(database, created)] = rows
        return f"{database}/{self._schema}.{warehouse.CUSTOMERS} {created}"

    def ensure(self, segment: Segment) -> str:
        """Create or update the segment's row. Return created, kept or recreated."""
        with self._one_writes:
            existing = self._run(sql.select_segment(self._schema, segment))
            self._run(sql.write_segment(self._schema, segment, as_of=self._as_of()))
        if not existing:
            return "created"
        attribute, value, *bounds = existing[0]
        stored = (attribute, value, *(None if one is None else Decimal(one) for one in bounds))
        return "kept" if stored == sql.condition(segment) else "recreated"

    def retire(self, segment: Segment) -> str:
        """Delete the row of a segment that is no longer requested. Its transitions stay."""
        with self._one_writes:
            self._run(sql.delete_segment(self._schema, segment))
        return DELETED

    @property
    def people_per_erasure(self) -> int:
        """Return how many people one batch of statements erases."""
        return PEOPLE

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete a person's rows from all tables."""
        return self.erase_batch([person])[0]

    def erase_batch(self, people: Sequence[ErasurePerson]) -> Sequence[ErasureAnswer]:
        """Delete people's rows from all tables. Before the first load nobody is there."""
        with self._one_writes:
            if warehouse.CUSTOMERS not in self._columns():
                return [ErasureAnswer("absent") for _ in people]
            return erase_rows(self._statements, people, schema=self._schema)

    def size(self, segment: Segment) -> int | None:
        """Return how many members a segment has there."""
        [[count]] = self._run(sql.count_members(self._schema, segment))
        return int(str(count))

    def _load(self, items: Sequence[Item]) -> Outcome:
        """Bring a batch into the tables: its moves, then its rows. All count, or none does."""
        if len({item.customer_id for item in items}) < len(items):
            raise Wrong(*_TWICE)  # the MERGE would insert both
        as_of, names = self._as_of(), self._known_names()
        rows = sql.rows_text(items, names, as_of=as_of)
        moves = sql.merge_moves(self._schema, names, rows=rows, as_of=as_of)
        merge = sql.merge_customers(self._schema, names, rows=rows)
        try:
            self._statements.run(moves, personal=True)
            changed = self._statements.run(merge, personal=True).changed
        except Malformed:
            return sort_out(items, {}, again=_MALFORMED)
        return sort_out(items, {}, again=None if changed == len(items) else _UNCOUNTED)

    def _known_names(self) -> list[str]:
        names = self._names = self._names or self._columns().get(warehouse.CUSTOMERS)
        if not names:
            raise missing(self._statements.account(), self._statements.secret_name)
        return names

    def _columns(self) -> dict[str, list[str]]:
        by_table: dict[str, list[str]] = {}
        for table, column in self._run(sql.columns(self._schema)):
            by_table.setdefault(str(table).lower(), []).append(str(column).lower())
        return by_table

    def _run(self, statement: sql.Bound) -> Sequence[Sequence[str | None]]:
        return self._statements.run(statement).rows

    @property
    def _schema(self) -> str:
        return self._statements.account().schema
