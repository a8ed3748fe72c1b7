"""DuckDB's reader of CSV: the SQL that calls it, and the records that it refuses."""

from __future__ import annotations

from pathlib import Path

from adapters.engines.duckdb.session import Connection, scalar, text
from tessera.events.reasons import WRONG_COLUMNS
from tessera.sources.sniff import Sniffed

CODES = {  # the kinds that are a row's fault
    "MISSING COLUMNS": WRONG_COLUMNS.code,
    "TOO MANY COLUMNS": WRONG_COLUMNS.code,
}
_KEEP_REFUSED = "store_rejects = true, rejects_table = 'refused', rejects_scan = 'refused_scan'"


def read_csv(path: Path, sniffed: Sniffed, *, keep_refused: bool = True) -> str:
    """Return SQL that reads a file, each cell a text, in columns ``c0``, ``c1`` and so on.

    What it refuses is kept for ``refused_records``, or ignored in a further reading.
    """
    refused = _KEEP_REFUSED if keep_refused else "ignore_errors = true"
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(sniffed.header)))
    return (
        f"read_csv({text(str(path))}, auto_detect = false, header = true, skip = {sniffed.skip}, "
        f"delim = {text(sniffed.delimiter)}, quote = '\"', escape = '\"', columns = {{{columns}}}, "
        f"{refused})"
    )


def forget_refused(connection: Connection) -> None:
    """Drop what an earlier reading refused."""
    connection.execute("DROP TABLE IF EXISTS refused")
    connection.execute("DROP TABLE IF EXISTS refused_scan")


def refused_records(connection: Connection) -> list[tuple[int, str, str]]:
    """Return the refused records: first byte, kind of error, text."""
    exists = scalar(connection, "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'refused'")
    if not exists:
        return []
    query = "SELECT line_byte_position, error_type, csv_line FROM refused ORDER BY ALL"
    rows = connection.execute(query).fetchall()
    forget_refused(connection)
    records = []
    for start, kind, row in rows:
        line = str(row or "")
        lead = len(line) - len(line.lstrip("\r\n"))  # blank lines before it count as its own
        records.append((int(start) + lead, str(kind), line.strip("\r\n")))
    return records
