"""Change files that were read, into the bucket of raw files, and the cursor after them."""

from __future__ import annotations

import dataclasses

from adapters.aws.objects import Objects
from steps.read_tables.read import TableFiles, TablesRead, outdated
from tessera import naming
from tessera.sources.databases import file_names
from tessera.sources.databases.cursor import CURSOR, DatabaseCursor, read_cursor

SOURCE = "database"


@dataclasses.dataclass(frozen=True)
class RawTables:
    """A tenant's raw files of a database.

    Parameters
    ----------
    identities
        Their bucket: they name people.
    tenant
        Whose they are.
    """

    identities: Objects
    tenant: str

    def folder(self, table: str) -> str:
        """Return a table's folder, by schema and name with a dot."""
        schema, _, name = table.partition(".")
        return self._prefix + file_names.folder(schema, name)

    def names(self, table: str) -> list[str]:
        """Return the names of a table's files."""
        folder = self.folder(table)
        return [key.removeprefix(folder) for key in self.identities.keys(folder)]

    def last_changes(self, table: str) -> str:
        """Return the name of a table's last file of changes. Empty for none."""
        return max(filter(file_names.is_changes, self.names(table)), default="")

    def cursor(self, database: str) -> DatabaseCursor:
        """Return how far a database was read. Another database is read from its start."""
        if self.identities.exists(self._prefix + CURSOR):
            cursor = read_cursor(self.identities.read_json(self._prefix + CURSOR))
            if cursor.database == database:
                return cursor
        return DatabaseCursor(database=database)

    def keep(self, read: TablesRead) -> None:
        """Keep what was read. The cursor comes last: until then it is read again."""
        for name, files in read.tables.items():
            self._keep(name, files)
        self.identities.write_json(self._prefix + CURSOR, read.cursor.document())

    def _keep(self, table: str, files: TableFiles) -> None:
        folder = self.folder(table)
        earlier = self.names(table)
        for path in files.paths:
            self.identities.upload(path, folder + path.name)
        if files.replaces:
            new = {path.name for path in files.paths}
            gone = [
                name for name in outdated(earlier, keeps_from=files.keeps_from) if name not in new
            ]
            self.identities.delete([folder + name for name in gone])

    @property
    def _prefix(self) -> str:
        return naming.raw_prefix(self.tenant, SOURCE)
