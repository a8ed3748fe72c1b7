"""The way to a warehouse: batches staged beside the tables, and merged in one transaction."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from adapters.destinations.warehouse.bisection import Bisection
from adapters.destinations.warehouse.drivers import Driver
from adapters.destinations.warehouse.erasing import PEOPLE, erase_rows
from adapters.destinations.warehouse.errors import Errors
from adapters.destinations.warehouse.files import CopyPlace, FileLoads
from adapters.destinations.warehouse.statements import columns, rows, run
from tessera.destinations.erasing import ErasureAnswer, ErasurePerson
from tessera.destinations.port import DELETED, Item, Outcome
from tessera.destinations.requests import sort_out
from tessera.destinations.warehouse import names as making
from tessera.destinations.warehouse import sql
from tessera.destinations.warehouse import tables as warehouse
from tessera.destinations.warehouse.files import MOST_CUSTOMERS
from tessera.destinations.warehouse.tables import Dialect
from tessera.errors import InvalidInput
from tessera.records.loads.load import ImportFile
from tessera.records.loads.segment import Segment


class WarehouseTransport:
    """One tenant's schema.

    Parameters
    ----------
    dialect
        What is special about the warehouse.
    driver
        The way there.
    schema
        Where the tables are.
    secret_name
        For people: where the driver's credentials come from.
    as_of
        Asked for the day that the run describes, where that is to be written.
    copies
        What the warehouse needs to fetch a run's import files itself, None if it does not.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        *,
        dialect: Dialect,
        driver: Driver,
        schema: str,
        secret_name: str,
        as_of: Callable[[], dt.date],
        copies: CopyPlace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._dialect = dialect
        self._driver = driver
        self._schema = schema
        self._errors = Errors(dialect.title, schema=schema, secret_name=secret_name)
        self._as_of = functools.cache(as_of)
        self._one_writes = threading.Lock()
        self._names: list[str] | None = None
        self.send = Bisection(
            self._load,
            dialect=dialect,
            schema=lambda: schema,
            seconds=warehouse.CAPABILITIES.exchange_seconds,
            clock=clock,
        ).send
        self._files = None
        if copies is not None:
            self._files = FileLoads(
                copies,
                driver=driver,
                schema=schema,
                dialect=dialect,
                errors=self._errors,
                as_of=self._as_of,
                clock=clock,
            )

    def check(self, segments: Sequence[Segment]) -> None:
        """Make the schema, its tables, and a column for each set, as far as they are not there."""
        self._names = None
        own = warehouse.own_columns(segments)
        long = [name for name in own if len(name.encode()) > self._dialect.name_bytes]
        if long:
            raise InvalidInput(
                f"{self._dialect.title} has no column named {long[0]!r}: a name has at most "
                f"{self._dialect.name_bytes} bytes; give the segment set a shorter name"
            )
        with self._errors.translated(), self._connected() as connection:
            has_schema = bool(rows(connection, making.schema_exists(self._schema)))
            missing = making.room(
                self._schema,
                columns(connection, self._schema),
                dialect=self._dialect,
                own=own,
                has_schema=has_schema,
            )
            run(connection, missing)
            connection.commit()

    def identity(self) -> str:
        """Return the database's name and the number of the table of customers."""
        query = making.table_id(self._schema, warehouse.CUSTOMERS)
        with self._errors.translated(), self._connected() as connection:
            [(database, number)] = rows(connection, query)
        return f"{database}/{self._schema}.{warehouse.CUSTOMERS} {number}"

    def ensure(self, segment: Segment) -> str:
        """Create or update the segment's row. Return created, kept or recreated."""
        # Transactions that write one table at once fail each other on Redshift.
        with self._one_writes, self._errors.translated(), self._connected() as connection:
            existing = rows(connection, sql.select_segment(self._schema, segment))
            statement = sql.write_segment(
                self._schema,
                segment,
                dialect=self._dialect,
                known=bool(existing),
                as_of=self._as_of(),
            )
            run(connection, [statement])
            connection.commit()
        if not existing:
            return "created"
        return "kept" if tuple(existing[0]) == sql.condition(segment) else "recreated"

    def retire(self, segment: Segment) -> str:
        """Delete the row of a segment that is no longer requested. Its transitions stay."""
        with self._one_writes, self._errors.translated(), self._connected() as connection:
            run(connection, [sql.delete_segment(self._schema, segment)])
            connection.commit()
        return DELETED

    @property
    def people_per_erasure(self) -> int:
        """Return how many people one transaction erases."""
        return PEOPLE

    def erase(self, person: ErasurePerson) -> ErasureAnswer:
        """Delete a person's rows from all tables."""
        return self.erase_batch([person])[0]

    def erase_batch(self, people: Sequence[ErasurePerson]) -> Sequence[ErasureAnswer]:
        """Delete people's rows in one transaction. Before the first load nobody is there."""
        translated = self._errors.translated(personal=True)
        with self._one_writes, translated, self._connected() as connection:
            if warehouse.CUSTOMERS not in columns(connection, self._schema):
                return [ErasureAnswer("absent") for _ in people]
            answers = erase_rows(connection, people, schema=self._schema)
            connection.commit()
        return answers

    def size(self, segment: Segment) -> int | None:
        """Return how many members a segment has there."""
        with self._errors.translated(), self._connected() as connection:
            return int(rows(connection, sql.count_members(self._schema, segment))[0][0])

    @property
    def customers_at_once(self) -> int:
        """Return how many customers the warehouse fetches by one call. 0 if it fetches none."""
        return MOST_CUSTOMERS if self._files else 0

    def load_files(self, files: Sequence[ImportFile], *, seconds: float) -> str:
        """Load whole import files in one transaction. Return the code of why not, empty if so."""
        if self._files is None:
            raise AssertionError("the warehouse fetches no files")
        return self._files.load(files, seconds=seconds)

    def _load(self, items: Sequence[Item]) -> Outcome:
        """Bring a batch into the tables in one transaction. Only who is there was taken."""
        token = uuid.uuid4().hex
        staging, moves = f"staging_{token}", f"moves_{token}"
        as_of = self._as_of()
        with self._errors.translated(personal=True), self._connected() as connection:
            names = self._names = self._names or columns(connection, self._schema).get(
                warehouse.CUSTOMERS
            )
            if not names:
                raise self._errors.missing()
            run(connection, sql.stage(self._schema, staging, moves))
            self._driver.stage(
                connection,
                [warehouse.row(item, names, as_of=as_of) for item in items],
                schema=self._schema,
                table=staging,
                kinds=warehouse.kinds(names),
            )
            run(connection, sql.merge(self._schema, staging, moves, names, as_of=as_of))
            there = {row[0] for row in rows(connection, sql.merged(self._schema, staging))}
            run(connection, sql.unstage(self._schema, staging, moves))
            connection.commit()
        taken = {index for index, item in enumerate(items) if item.customer_id in there}
        return sort_out(items, {}, again=("unknown", "the table does not have it"), taken=taken)

    def _connected(self) -> contextlib.AbstractContextManager[Any]:
        return contextlib.closing(self._driver.connect())
