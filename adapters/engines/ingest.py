"""An upload read, checked row by row, and staged: the fast path for nearly all, care for the rest.

``read = accepted + ignored + rejected`` holds for every upload, and is asserted.
"""

from __future__ import annotations

import collections
import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from adapters.engines.fast_path import Reading, stage
from adapters.engines.parts import Part
from adapters.engines.session import Connection, connect, parquet, scalar, text
from adapters.engines.slow_path import read_odd_rows
from adapters.engines.verdicts import judge, usual_currency
from tessera.errors import InvalidInput
from tessera.events.names import NOT_COUNTED
from tessera.events.reasons import BY_CODE, NOT_AN_EVENT
from tessera.settings import RunSettings
from tessera.sources.amounts import Mark, decide_mark, is_telling
from tessera.sources.mappings import mapping_for

_NUMBERS = ("unit_price", "amount", "refunded_amount", "quantity")
_COLUMN_OF = {
    "missing_customer_id": "customer_id",
    "missing_date": "date",
    "bad_date": "date",
    "date_out_of_range": "date",
    "unknown_event": "event_name",
    "bad_quantity": "quantity",
    "other_currency": "currency",
}
_DISTINCT_NUMBERS = 100_000


@dataclasses.dataclass(frozen=True)
class Reject:
    """A row that was refused; ``line`` is its physical line, 1 being the file's first."""

    file: str
    line: int
    column: str
    code: str
    message: str
    row: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ingested:
    """What an upload holds. The relation ``accepted_rows`` of the connection has its events.

    Parameters
    ----------
    read, rejected, not_events
        Rows; ``rejected`` by code.
    currency
        The tenant's currency, empty when nobody says.
    mark
        The decimal mark of the upload.
    parts
        Its files as they were found.
    """

    read: int
    rejected: dict[str, int]
    not_events: int
    currency: str
    mark: Mark
    parts: Sequence[Part]
    _connection: Connection

    @property
    def stored(self) -> int:
        """Rows that are events."""
        return self.read - sum(self.rejected.values()) - self.not_events

    def rejects(self) -> Iterator[Reject]:
        """Yield the refused rows, by file and line."""
        for index, part in enumerate(self.parts):
            query = (
                "SELECT record, code FROM rejected_rows "  # noqa: S608
                f"WHERE filename = {text(_stage_name(index))} ORDER BY record"
            )
            found = self._connection.execute(query).fetchnumpy()
            records = np.asarray(found["record"], np.int64)
            codes = [str(code) for code in found["code"]]
            good = zip(part.places(self._connection, records), codes, strict=True)
            rows = [(line, code, row) for (line, row), code in good]
            rows += [(bad.line, bad.code, bad.row) for bad in part.bad]
            for line, code, row in sorted(rows):
                yield Reject(
                    part.name, line, _header_of(part, code), code, BY_CODE[code].meaning, row
                )


def _header_of(part: Part, code: str) -> str:
    column = _COLUMN_OF.get(code)
    if column is None and code in ("missing_amount", "bad_amount", "amount_out_of_range"):
        column = "amount" if "amount" in part.columns else "unit_price"
    place = part.columns.get(column or "")
    return "" if place is None else part.header[place]


def _stage_name(index: int) -> str:
    return f"stage-{index:05d}.parquet"


def ingest(
    connection: Connection,
    parts: Sequence[Part],
    *,
    settings: RunSettings,
    currency: str,
    folder: Path,
) -> Ingested:
    """Read an upload's parts into the relation ``accepted_rows``.

    Parameters
    ----------
    parts
        Its files, in order.
    currency
        The currency of the tenant's history; empty when there is none.
    folder
        An empty folder for staged rows and copies.

    Raises
    ------
    InvalidInput
        A file is not in the contract, or its amounts could be read two ways.
    """
    for part in parts:
        part.open(connection, settings=settings, folder=folder)
    mapping = mapping_for(settings)
    reading = Reading(
        mark=_mark(connection, parts, settings=settings),
        time_zone=mapping.time_zone or settings.time_zone,
        mapping=mapping,
    )
    staged = [folder / _stage_name(index) for index in range(len(parts))]
    connection.execute(f"SET TimeZone = {text(reading.time_zone)}")
    for part, target in zip(parts, staged, strict=True):
        _stage(connection, part, reading=reading, target=target, folder=folder)
    connection.execute("SET TimeZone = 'UTC'")
    rows = parquet(staged, record_numbers=True)
    connection.execute(f"CREATE VIEW staged AS SELECT * FROM {rows}")  # noqa: S608
    read_odd_rows(connection, "staged", reading=reading)
    own = settings.currency or currency or usual_currency(connection)
    judge(connection, currency=own, settings=settings)
    return _count(connection, parts, currency=own, mark=reading.mark)


def _mark(connection: Connection, parts: Sequence[Part], *, settings: RunSettings) -> Mark:
    """Decide the decimal mark by the first rows, or, when they don't tell, by all of them."""
    name = parts[0].name if len(parts) == 1 else f"{parts[0].name} and its other parts"
    seen = {cell for part in parts for column in _NUMBERS for cell in part.sample.get(column, [])}
    if settings.decimal != "auto" or any(is_telling(cell) for cell in seen):
        return decide_mark(sorted(seen), setting=settings.decimal, name=name)
    everything: set[str] = set(seen)
    for part in parts:
        everything |= _marked_numbers(connection, part)
    return decide_mark(sorted(everything), setting="auto", name=name)


def _marked_numbers(connection: Connection, part: Part) -> set[str]:
    source = part.source()
    cells = [source.columns[name] for name in _NUMBERS if name in source.columns]
    found: set[str] = set()
    for cell in cells:
        query = (
            f"SELECT DISTINCT {cell} FROM {source.relation} WHERE contains({cell}, '.') "  # noqa: S608
            f"OR contains({cell}, ',') LIMIT {_DISTINCT_NUMBERS}"
        )
        try:
            found |= {str(row[0]) for row in connection.execute(query).fetchall()}
        except duckdb.Error:  # a broken file: reading it will rewrite it first
            return found
        finally:
            connection.execute("DROP TABLE IF EXISTS refused")
            connection.execute("DROP TABLE IF EXISTS refused_scan")
    return found


def _stage(
    connection: Connection, part: Part, *, reading: Reading, target: Path, folder: Path
) -> None:
    try:
        connection.execute(stage(part.source(), reading=reading, target=target))
    except duckdb.InvalidInputException:
        if part.sniffed is None or part.rewritten:
            raise
        part.rewrite(folder)
        connection.execute("DROP TABLE IF EXISTS refused")
        connection.execute("DROP TABLE IF EXISTS refused_scan")
        _stage(connection, part, reading=reading, target=target, folder=folder)
        return
    if part.settle(connection, folder=folder):
        _stage(connection, part, reading=reading, target=target, folder=folder)


def _count(connection: Connection, parts: Sequence[Part], *, currency: str, mark: Mark) -> Ingested:
    bad = collections.Counter(record.code for part in parts for record in part.bad)
    query = "SELECT code, count(*) FROM rejected_rows GROUP BY code"
    bad.update({str(code): int(count) for code, count in connection.execute(query).fetchall()})
    staged = int(scalar(connection, "SELECT count(*) FROM staged"))
    not_events = f"SELECT count(*) FROM judged WHERE code IS NULL AND event = '{NOT_COUNTED}'"  # noqa: S608
    return Ingested(
        read=staged + sum(len(part.bad) for part in parts),
        rejected=dict(sorted(bad.items())),
        not_events=int(scalar(connection, not_events)),
        currency=currency,
        mark=mark,
        parts=parts,
        _connection=connection,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileCheck:
    """What ``validate_file`` found."""

    read: int
    accepted: int
    ignored: dict[str, int]
    rejected: dict[str, int]
    rejects: tuple[Reject, ...]
    encoding: str
    delimiter: str
    decimal: Mark
    currency: str
    columns: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return dataclasses.asdict(self)


def validate_file(path: Path, settings: RunSettings, *, memory_limit_mb: int = 1024) -> FileCheck:
    """Check a file, or a folder of parts, against the contract without running anything.

    Returns
    -------
    FileCheck
        Rows by verdict, the first 20 rejects, and how the file was read.

    Raises
    ------
    InvalidInput
        The file cannot be read at all.
    """
    if not path.exists():
        raise InvalidInput(f"there is no file {path}")
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if _is_part(p))
    if not files:
        raise InvalidInput(f"{path} has no parts: expected .csv, .csv.gz or .parquet files")
    parts = [Part(file.name, file) for file in files]
    with (
        tempfile.TemporaryDirectory() as folder,
        connect(Path(folder), memory_limit_mb=memory_limit_mb) as connection,
    ):
        found = ingest(connection, parts, settings=settings, currency="", folder=Path(folder))
        rejects = tuple(reject for reject, _ in zip(found.rejects(), range(20), strict=False))
    first = parts[0]
    return FileCheck(
        read=found.read,
        accepted=found.stored,
        ignored={NOT_AN_EVENT.code: found.not_events} if found.not_events else {},
        rejected=found.rejected,
        rejects=rejects,
        encoding=first.sniffed.encoding if first.sniffed else "parquet",
        delimiter=first.sniffed.delimiter if first.sniffed else "",
        decimal=found.mark,
        currency=found.currency,
        columns={name: first.header[place] for name, place in first.columns.items()},
    )


def _is_part(path: Path) -> bool:
    return path.is_file() and path.name[0] not in "_."
