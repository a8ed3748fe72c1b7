"""Redshift's COPY of a manifest, carried out on a real PostgreSQL as it is documented.

The statement is read by sqlglot's dialect of Redshift. What COPY would refuse is refused here, with
the code that Redshift has for all of it. The rest of the SQL runs as it is.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import sqlglot
from pg8000.exceptions import DatabaseError
from sqlglot import exp

from adapters.aws.objects import Objects
from adapters.destinations.warehouse.drivers import PostgresDriver
from adapters.destinations.warehouse.files import CopyPlace
from adapters.destinations.warehouse.transport import WarehouseTransport
from local.services.postgresql import PostgresServer
from tessera.destinations.port import Item, Outcome
from tessera.destinations.warehouse.tables import REDSHIFT
from tessera.records.loads.load import ImportFile
from tests.bucket_in_memory import BucketInMemory
from tests.destinations.warehouse_place import AS_OF, SpoiltDriver, WarehousePlace

ROLE = "arn:aws:iam::111122223333:role/copies"
FOLDER = "run/"
COPIED = "tessera.copied"
COUNT = f"""CREATE OR REPLACE FUNCTION public.pg_last_copy_count() RETURNS bigint LANGUAGE sql AS
$$ SELECT CAST(COALESCE(NULLIF(current_setting('{COPIED}', true), ''), '0') AS bigint) $$"""
_NUMBERS = itertools.count()
_URL = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.+)")
_STEP = re.compile(r"\['([^']+)'\]")


def refused(words: str, *, code: str = "XX000") -> DatabaseError:
    return DatabaseError({"S": "ERROR", "C": code, "M": words})


class CopyingDriver(SpoiltDriver):
    """The driver of PostgreSQL, which does what Redshift does at COPY.

    ``breaks`` is what the next COPY answers in place of loading. ``adds`` is how many rows it
    says to have loaded beside those that it has.
    """

    def __init__(self, secret: Mapping[str, str], bucket: BucketInMemory) -> None:
        super().__init__(secret)
        self.bucket = bucket
        self.breaks: list[Exception] = []
        self.adds = 0
        self.statements: list[str] = []

    def connect(self, **options: Any) -> Any:
        made = super().connect(**options)
        cursor = made.cursor
        made.cursor = lambda: CopyingCursor(cursor(), self)
        return made


class CopyingCursor:
    def __init__(self, made: Any, driver: CopyingDriver) -> None:
        self._made, self._driver = made, driver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)

    def __enter__(self) -> CopyingCursor:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()

    def execute(self, text: str, values: Sequence[Any] = ()) -> Any:
        self._driver.statements.append(text)
        if not text.startswith("COPY"):
            return self._made.execute(text, values)
        if self._driver.breaks:
            raise self._driver.breaks.pop()
        rows = self._copy(text)
        return self._made.execute(f"SET {COPIED} TO '{rows + self._driver.adds}'")

    def _copy(self, text: str) -> int:
        statement = sqlglot.parse_one(text, read="redshift")
        assert isinstance(statement, exp.Copy), text
        role = statement.args["credentials"].args["iam_role"]
        assert role.name in ("default", ROLE)
        options = {one.this.name: one.expression for one in statement.args["params"]}
        assert set(options) == {"FORMAT AS JSON", "COMPUPDATE", "MANIFEST"}
        schema = statement.this
        columns = [one.name for one in schema.expressions]
        paths = json.loads(self._read(options["FORMAT AS JSON"].name))["jsonpaths"]
        assert len(paths) == len(columns)
        steps = [_STEP.findall(path) for path in paths]
        assert paths == ["$" + "".join(f"['{one}']" for one in each) for each in steps]
        manifest = json.loads(self._read(statement.args["files"][0].name))
        table = schema.this.sql(dialect="postgres")
        rows = 0
        for entry in manifest["entries"]:
            assert entry["mandatory"] is True
            body = self._read(entry["url"])
            assert entry["meta"] == {"content_length": len(body)}
            lines = [json.loads(line) for line in body.decode().removesuffix("\n").split("\n")]
            cells = [
                dict(zip(columns, [_at(line, one) for one in steps], strict=True)) for line in lines
            ]
            self._insert(table, columns, cells)
            rows += len(cells)
        return rows

    def _insert(self, table: str, columns: Sequence[str], cells: list[dict[str, Any]]) -> None:
        names = ", ".join(f'"{one}"' for one in columns)
        words = f"Load into table '{table}' failed.  Check 'stl_load_errors' system table"
        if any(
            len(str(one).encode()) > REDSHIFT.cell_bytes for row in cells for one in row.values()
        ):
            raise refused(words)  # a VARCHAR is measured in bytes there, and in characters here
        try:
            self._made.execute(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM "
                f"jsonb_populate_recordset(NULL::{table}, CAST(%s AS jsonb))",
                (json.dumps(cells),),
            )
        except DatabaseError:
            raise refused(words) from None

    def _read(self, url: str) -> bytes:
        match = _URL.fullmatch(url)
        assert match is not None
        bucket = self._driver.bucket
        if match["bucket"] != bucket.bucket or match["key"] not in bucket.bodies:
            raise refused("S3ServiceException:The specified key does not exist.,Status 404")
        return bucket.bodies[match["key"]]


def _at(line: Any, steps: Sequence[str]) -> Any:
    for one in steps:
        line = line.get(one) if isinstance(line, dict) else None
    return line


class RedshiftPlace(WarehousePlace):
    """A separate schema whose import files are fetched from a bucket in memory."""

    driver: CopyingDriver

    def __init__(self, server: PostgresServer) -> None:
        self.bucket = BucketInMemory("identities")
        with server.owner() as connection:
            connection.run(COUNT)
        super().__init__(server, REDSHIFT)

    def make_driver(self, secret: Mapping[str, str]) -> CopyingDriver:
        return CopyingDriver(secret, self.bucket)

    def connect(self, driver: PostgresDriver, *, as_of: dt.date = AS_OF) -> WarehouseTransport:
        return WarehouseTransport(
            dialect=REDSHIFT,
            driver=driver,
            schema=self.schema,
            secret_name="tessera/dev/destinations/redshift",
            as_of=lambda: as_of,
            copies=CopyPlace(objects=self.bucket, folder=f"{FOLDER}staging/", role=ROLE),
        )


class ByFiles:
    """The way to a warehouse that fetches each batch as two files, for the battery.

    One customer goes the usual way, and so do those that it does not take as files. A run does
    likewise with one file.
    """

    def __init__(self, way: WarehouseTransport, bucket: Objects) -> None:
        self._way, self._bucket = way, bucket

    def __getattr__(self, name: str) -> Any:
        return getattr(self._way, name)

    def send(self, items: Sequence[Item]) -> Outcome:
        middle = len(items) // 2
        if not middle:
            return self._way.send(items)
        halves = (items[:middle], items[middle:])
        files = [put_file(self._bucket, next(_NUMBERS), half) for half in halves]
        if self._way.load_files(files, seconds=60):
            return self._way.send(items)
        return Outcome(acknowledged=tuple(items))


class FilesPlace(RedshiftPlace):
    """The same, for the battery."""

    def connect(self, driver: PostgresDriver, *, as_of: dt.date = AS_OF) -> Any:
        return ByFiles(super().connect(driver, as_of=as_of), self.bucket)

    def malformed(self, times: int) -> None:
        """Let COPY bring nothing, and count what it was to bring."""
        super().malformed(times)
        self.driver.breaks += [refused("an answer that says nothing")] * times


def put_file(bucket: Objects, number: int, items: Sequence[Item]) -> ImportFile:
    """Write an import file as MapSchema does."""
    text = "".join(item.to_line() for item in items).encode()
    key = f"{FOLDER}part-{number:05d}.jsonl"
    bucket.write(key, text)
    return ImportFile(key, len(items), len(text), "")
