"""A real PostgreSQL for the battery: what goes wrong with it really does, wherever it can."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from pg8000.exceptions import InterfaceError

from adapters.destinations.warehouse.drivers import SCHEMA, PostgresDriver
from adapters.destinations.warehouse.transport import WarehouseTransport
from local.services.postgresql import DATABASE, OWNER, USER, PostgresServer
from tessera.destinations.port import Customer
from tessera.destinations.warehouse.tables import Dialect
from tessera.records.loads.segment import Segment

AS_OF = dt.date(2026, 5, 1)
REFUSED = "P0400"  # a code of PostgreSQL's form
_NUMBERS = itertools.count(1)


class SpoiltDriver(PostgresDriver):
    """The driver of PostgreSQL, whose commits and loads may be spoilt.

    It is where a Redshift is another one: the same SQL then runs here in its dialect.
    """

    def __init__(self, secret: Mapping[str, str]) -> None:
        super().__init__(secret)
        self.lost = self.malformed = 0

    def connect(self, **options: Any) -> Any:
        """Return a connection. The answer to its commit may be lost."""
        made = super().connect(**options)
        if self.lost:
            self.lost -= 1
            commit = made.commit

            def carried_out_unheard() -> None:
                commit()
                raise InterfaceError("network error")

            made.commit = carried_out_unheard
        return made

    def stage(
        self, connection: Any, rows: Sequence[Sequence[Any]], *, schema: str, table: str,
        kinds: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Append rows, or say so and do nothing."""
        if self.malformed:
            self.malformed -= 1
            return
        super().stage(connection, rows, schema=schema, table=table, kinds=kinds)


class WarehousePlace:
    """A separate schema in the session's server."""

    def __init__(self, server: PostgresServer, dialect: Dialect) -> None:
        self.server = server
        self._dialect = dialect
        self.schema = f"shop {next(_NUMBERS)}"
        self._password = server.secret()["password"]
        self.driver = self.make_driver(self._secret())
        self._logged = server.logged_bytes
        self.transport = self.connect(self.driver)
        self.transport.check([])
        self._spoilt = False

    def make_driver(self, secret: Mapping[str, str]) -> SpoiltDriver:
        return SpoiltDriver(secret)

    def _secret(self, **changes: str) -> dict[str, str]:
        return self.server.secret() | {SCHEMA: self.schema} | changes

    def connect(self, driver: PostgresDriver, *, as_of: dt.date = AS_OF) -> WarehouseTransport:
        return WarehouseTransport(
            dialect=self._dialect,
            driver=driver,
            schema=self.schema,
            secret_name="tessera/dev/destinations/postgresql",
            as_of=lambda: as_of,
        )

    def on(self, day: dt.date) -> WarehouseTransport:
        """Return the way there on a day."""
        return self.connect(self.driver, as_of=day)

    def query(self, text: str) -> list[list[Any]]:
        return self.server.query(text)

    def customers(self) -> dict[str, Mapping[str, Any]]:
        return self.server.customers(schema=self.schema)

    def rows(self, table: str, columns: str, order: str = "1, 2") -> list[list[Any]]:
        return self.server.query(f'SELECT {columns} FROM "{self.schema}".{table} ORDER BY {order}')

    def size(self, segment: Segment) -> int | None:
        return self.transport.size(segment)

    def sent(self) -> str:
        return self.server.log(start=self._logged)

    def fail(self, customer: Customer, *, code: str, message: str) -> str:
        """Let the table refuse a customer. Return the code, which is none of HTTP's."""
        self._do(
            f'CREATE FUNCTION "{self.schema}".refuse() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = '{REFUSED}'; END $$",
            f'CREATE TRIGGER refusing BEFORE INSERT OR UPDATE ON "{self.schema}".customers '
            f"FOR EACH ROW WHEN (NEW.customer_id = '{customer.customer_id}') "
            f'EXECUTE FUNCTION "{self.schema}".refuse()',
        )
        return REFUSED

    def busy(self, _times: int) -> None:
        self._do(f"ALTER ROLE {USER} CONNECTION LIMIT 0")

    def broken(self, _times: int) -> None:
        self._do(f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS false")

    def lost(self, times: int) -> None:
        self.driver.lost = times

    def malformed(self, times: int) -> None:
        self.driver.malformed = times

    def denied(self) -> None:
        self._do(f"ALTER ROLE {USER} PASSWORD 'another'")

    def heal(self) -> None:
        self.driver.lost = self.driver.malformed = 0
        if not self._spoilt:
            return
        self._do(
            f"ALTER DATABASE {DATABASE} ALLOW_CONNECTIONS true",
            f"ALTER ROLE {USER} CONNECTION LIMIT -1",
            f"ALTER ROLE {USER} PASSWORD '{self._password}'",
        )
        self._do(f'DROP FUNCTION IF EXISTS "{self.schema}".refuse CASCADE', database=DATABASE)

    def nowhere(self) -> WarehouseTransport:
        return self.connect(self.make_driver(self._secret(port="1")))

    def _do(self, *statements: str, database: str = "") -> None:
        self._spoilt = True
        about_tables = any(self.schema in statement for statement in statements)
        with self.server.owner(database or (DATABASE if about_tables else OWNER)) as connection:
            for statement in statements:
                connection.run(statement)
