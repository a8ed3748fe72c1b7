"""The tables of a database on their way to uploads: read, kept, curated."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from adapters.aws.objects import Objects
from adapters.databases.slot import ReplicationSlot
from adapters.engines.choice import choose
from adapters.stores.upload_folder import UploadFolder
from local.app.databases import connected
from local.app.system import System
from local.commands.run.database import DatabaseOptions
from local.commands.run.request import RunOptions
from local.terminal import Terminal
from steps.curate.curate import curate
from steps.curate.source import database_source
from steps.read_tables.keep import RawTables
from steps.read_tables.read import TableFiles, TablesRead, read_tables
from tessera import naming
from tessera.errors import InvalidInput
from tessera.records.curated import CurateRecord
from tessera.sources.databases.cursor import ReadPolicy
from tessera.sources.databases.requests import requests_of
from tessera.sources.tables.mapping import TableMapping, read_mappings

_ENGINE = "duckdb"  # of one machine, also where Spark is installed


@contextlib.contextmanager
def opened_database(
    options: DatabaseOptions, request: RunOptions, *, terminal: Terminal
) -> Iterator[DatabaseTables]:
    """Give the tables that a command names.

    The database is asked before anything starts.
    """
    if options.slot and request.state is None:
        raise InvalidInput("--changes needs a state to remember how far it read: not --fresh")
    if options.slot and request.plan:
        raise InvalidInput("--changes can't be planned: a plan remembers nothing. Use `run`")
    if not options.mapping.is_file():
        raise InvalidInput(f"there is no mapping file {options.mapping}")
    text = options.mapping.read_text(encoding="utf-8-sig")
    mappings = read_mappings(text, name=str(options.mapping))
    with (
        connected(options.address, environment=os.environ, terminal=terminal) as connection,
        tempfile.TemporaryDirectory(prefix="tessera-database-") as folder,
    ):
        yield DatabaseTables(
            options, request, mappings, connection, folder=Path(folder), terminal=terminal
        )


class DatabaseTables:
    """A database's tables on their way to uploads."""

    def __init__(
        self, options: DatabaseOptions, request: RunOptions, mappings: Mapping[str, TableMapping],
        connection: Any, *, folder: Path, terminal: Terminal,
    ) -> None:  # fmt: skip
        self._options, self._request = options, request
        self._mappings, self._connection = mappings, connection
        self._folder, self._terminal = folder, terminal
        self._end = 0

    def upload(self, system: System) -> list[str]:
        """Read the tables and curate them. Return the keys that start runs: what changed."""
        identities = Objects(system.identities_bucket, client=system.client("s3"))
        raw = RawTables(identities, self._request.tenant)
        requests = requests_of(self._mappings)
        with self._terminal.step(f"Read {self._options.address}") as step:
            read = read_tables(
                requests,
                connection=self._connection,
                folder=self._folder / "raw",
                cursor=raw.cursor(self._options.address.name),
                last={one.full_name: raw.last_changes(one.full_name) for one in requests},
                policy=ReadPolicy(reload=self._options.reload),
                slot=self._options.slot,
            )
            raw.keep(read)
            step.note(", ".join(_note(name, files) for name, files in read.tables.items()))
        self._end = read.end
        records = [
            self._curated(section, mapping, read, system=system, identities=identities)
            for section, mapping in self._mappings.items()
        ]
        return [
            naming.source_folder(self._request.tenant, record.source) + naming.FOLDER_COMPLETE
            for record in records
            if record.outcome != "unchanged"
        ]

    def forget(self) -> None:
        """Let the server forget what it kept for the slot: it is saved."""
        if self._options.slot and self._end:
            ReplicationSlot(self._connection, name=self._options.slot).forget(self._end)

    def _curated(
        self, section: str, mapping: TableMapping, read: TablesRead, *, system: System,
        identities: Objects,
    ) -> CurateRecord:  # fmt: skip
        key = read.tables[_full_name(section)].key
        source = database_source(
            self._request.tenant, table=section, mapping=dataclasses.replace(mapping, key=key)
        )
        data = Objects(system.data_bucket, client=system.client("s3"))
        with self._terminal.step(f"Curate {section}") as step:
            record = curate(
                source,
                identities=identities,
                uploads=UploadFolder(data, tenant=self._request.tenant, name=source.name),
                engine=choose(_ENGINE),
                folder=self._folder / source.name,
                now=dt.datetime.now(dt.UTC),
            )
            step.note(f"{record.standing:,} rows, {record.written:,} events: {record.outcome}")
        return record


def _note(name: str, files: TableFiles) -> str:
    return f"{name} {f'whole ({files.why})' if files.why else 'changes'}"


def _full_name(section: str) -> str:
    schema, _, name = section.rpartition(".")
    return f"{schema or 'public'}.{name}"
