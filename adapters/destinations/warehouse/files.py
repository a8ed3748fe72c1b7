"""A run's import files, fetched by the warehouse itself: one COPY by a manifest, then one MERGE.

All is one transaction. A file that is missing, a row that cannot be read, or a count that differs
rolls everything back.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.destinations.warehouse.drivers import Driver
from adapters.destinations.warehouse.errors import Errors, Wrong
from adapters.destinations.warehouse.statements import columns, rows, run
from tessera.destinations.warehouse import files as making
from tessera.destinations.warehouse import sql
from tessera.destinations.warehouse import tables as warehouse
from tessera.destinations.warehouse.tables import Dialect, Statement
from tessera.errors import Refused
from tessera.records.loads.load import ImportFile

_LATE = ("late", "there was no time for it")
_ANSWER_SECONDS = 30  # after the time of a statement, for the database to say that it is over


@dataclasses.dataclass(frozen=True, kw_only=True)
class CopyPlace:
    """Where COPY reads a run's files, and by which role.

    Parameters
    ----------
    objects, folder
        The bucket, and the folder in it for what COPY reads beside the files.
    role
        The ARN of the cluster's role that may read both, or ``default``.
    """

    objects: Objects
    folder: str
    role: str

    def url(self, key: str) -> str:
        """Return an object's address."""
        return f"s3://{self.objects.bucket}/{key}"


class FileLoads:
    """Loads whole import files into one tenant's schema.

    Parameters
    ----------
    place, driver, schema, dialect, errors
        Where the files are, the way to the warehouse, and what is special about it.
    as_of
        Asked for the day that the run describes.
    clock
        Seconds that only go forward.
    """

    def __init__(
        self,
        place: CopyPlace,
        *,
        driver: Driver,
        schema: str,
        dialect: Dialect,
        errors: Errors,
        as_of: Callable[[], dt.date],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place = place
        self._driver = driver
        self._schema = schema
        self._dialect = dialect
        self._errors = errors
        self._as_of = as_of
        self._clock = clock

    def load(self, files: Sequence[ImportFile], *, seconds: float) -> str:
        """Load all customers of some files, or none. Return the code of why none, empty if all.

        Raises
        ------
        Refused
            The role may not read the files, or COPY loaded another number of customers.
        InvalidInput, Retryable
            A table is missing. The warehouse is busy or away.
        """
        token = uuid.uuid4().hex
        beside = [f"{self._place.folder}{token}.{end}" for end in ("manifest", "jsonpaths")]
        try:
            with self._errors.translated(personal=True, files=True), self._connected(seconds) as c:
                self._load(c, files, token=token, beside=beside, until=self._clock() + seconds)
        except Wrong as wrong:
            return wrong.code or "unknown"
        finally:
            self._place.objects.delete(beside)
        return ""

    def _connected(self, seconds: float) -> contextlib.AbstractContextManager[Any]:
        made = self._driver.connect(timeout_seconds=int(seconds) + _ANSWER_SECONDS)
        return contextlib.closing(made)

    def _load(
        self, connection: Any, files: Sequence[ImportFile], *, token: str, beside: Sequence[str],
        until: float,
    ) -> None:  # fmt: skip
        schema, as_of = self._schema, self._as_of()
        staging, moves = f"staging_{token}", f"moves_{token}"
        names = columns(connection, schema).get(warehouse.CUSTOMERS)
        if not names:
            raise self._errors.missing()
        copied = making.copied_columns(names)
        self._write(files, copied, beside)
        manifest_url, paths_url = map(self._place.url, beside)
        self._run(
            connection,
            [
                making.limit_time(until - self._clock()),
                *sql.stage(schema, staging, moves),
                making.add_digest(schema, staging, dialect=self._dialect),
                making.copy(
                    schema,
                    staging,
                    copied,
                    manifest_url=manifest_url,
                    paths_url=paths_url,
                    role=self._place.role,
                ),
            ],
            until=until,
        )
        expected = sum(file.rows for file in files)
        self._check_copied(int(rows(connection, making.count_copied())[0][0]), expected)
        merged = sql.merge(schema, staging, moves, names, as_of=as_of)
        marked = making.mark_left(schema, staging, as_of=as_of)
        self._run(connection, [marked, *merged], until=until)
        if int(rows(connection, sql.count_merged(schema, staging))[0][0]) != expected:
            raise Wrong("count", "the table does not have each of them once")
        self._run(connection, sql.unstage(schema, staging, moves), until=until)
        connection.commit()

    def _write(
        self, files: Sequence[ImportFile], copied: Sequence[str], beside: Sequence[str]
    ) -> None:
        sizes = {self._place.url(file.key): file.bytes for file in files}
        documents = (making.manifest(sizes), making.json_paths(copied))
        for key, document in zip(beside, documents, strict=True):
            self._place.objects.write_json(key, document)

    def _run(self, connection: Any, statements: Sequence[Statement], *, until: float) -> None:
        for one in statements:
            if self._clock() >= until:
                raise Wrong(*_LATE)
            run(connection, [one])

    def _check_copied(self, copied: int, expected: int) -> None:
        if copied != expected:
            raise Refused(
                f"{self._dialect.title} copied {copied} customers of files that have {expected}, "
                "so nothing was loaded: start the run again, which writes its files again"
            )
