"""A file checked against the contract without running anything."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from adapters.engines.duckdb import history
from adapters.engines.duckdb.contents import FileContents, contents_of
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.ingest import ingest
from adapters.engines.duckdb.reading.kinds import FaultKind, kinds_of
from adapters.engines.duckdb.session import Connection, confine, connect, scalar
from tessera.destinations import catalog
from tessera.errors import InvalidInput
from tessera.events.countable import LIMIT, check_countable
from tessera.events.counts import People, check_share
from tessera.events.persons.words import people_warnings
from tessera.events.reasons import ANONYMOUS, DUPLICATE_EVENT
from tessera.events.rejects import Reject
from tessera.naming import UPLOAD_SUFFIXES, is_data
from tessera.records.runs.prepare import Source
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings
from tessera.sources.amounts import Mark

_SEEN_AGAIN = "SELECT count(event_id) - count(DISTINCT event_id) FROM accepted_rows"


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileCheck:
    """What ``validate_file`` found.

    Parameters
    ----------
    source
        As what the file was read.
    """

    read: int
    accepted: int
    ignored: dict[str, int]
    rejected: dict[str, int]
    rejects: tuple[Reject, ...]
    kinds: tuple[FaultKind, ...]
    contents: FileContents
    encoding: str
    delimiter: str
    decimal: Mark
    currency: str
    source: Source
    columns: dict[str, str]
    people: People

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready values."""
        return dataclasses.asdict(self)


def validate_file(
    path: Path,
    settings: RunSettings,
    *,
    uploaded_at: dt.datetime | None = None,
    memory_limit_mb: int = 1024,
) -> FileCheck:
    """Check a file, or a folder of parts, against the contract without running anything.

    Parameters
    ----------
    path, settings
        The file, and how it would be read.
    uploaded_at
        When it is checked: later dates are faults. None takes them.
    memory_limit_mb
        For the engine.

    Returns
    -------
    FileCheck
        Rows by verdict, the kinds of faults, the first 20 rejects, how the file was read, and what
        it holds.

    Raises
    ------
    InvalidInput
        The file cannot be read at all, has no rows, or a setting is wrong: what a run refuses.
    """
    sets_for(settings)
    catalog.check(settings.destinations)
    if not path.exists():
        raise InvalidInput(f"there is no file {path}")
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if _is_part(p))
    if not files:
        raise InvalidInput(f"{path} has no parts: expected {', '.join(UPLOAD_SUFFIXES)} files")
    parts = [UploadFile(file.name, file.absolute()) for file in files]
    with (
        tempfile.TemporaryDirectory() as folder,
        connect(Path(folder), memory_limit_mb=memory_limit_mb) as connection,
    ):
        confine(connection, Path(folder), files=[part.path for part in parts])
        upload = ingest(
            connection,
            parts,
            settings=settings,
            currency="",
            folder=Path(folder),
            uploaded_at=uploaded_at,
        )
        _check_money(connection, name=parts[0].name)
        rejects = tuple(reject for reject, _ in zip(upload.rejects(), range(20), strict=False))
        kinds = kinds_of(connection, parts)
        again = int(scalar(connection, _SEEN_AGAIN))
        contents = contents_of(connection, time_zone=upload.time_zone)
    first, tally = parts[0], upload.tally
    if tally.read == 0:
        raise InvalidInput(f"{first.name} has a header but no rows: nothing to do")
    if tally.not_events.get(ANONYMOUS.code) and not tally.stored:
        check_share(tally, name=first.name, max_bad_share=1, rejects="")
    ignored = {**tally.not_events, DUPLICATE_EVENT.code: again}
    notes = people_warnings(
        upload.people, doubtful_ids=settings.doubtful_ids, currency=upload.currency
    )
    source = dataclasses.replace(upload.source, notes=(*notes, *upload.source.notes))
    return FileCheck(
        read=tally.read,
        accepted=tally.stored - again,
        ignored={code: count for code, count in ignored.items() if count},
        rejected=dict(tally.rejected),
        rejects=rejects,
        kinds=kinds,
        contents=contents,
        encoding=_format(first),
        delimiter=first.sniffed.delimiter if first.is_text and first.sniffed else "",
        decimal=upload.mark,
        currency=upload.currency,
        source=source,
        people=upload.people,
        columns={name: first.header[place] for name, place in first.columns.items()},
    )


def _check_money(connection: Connection, *, name: str) -> None:
    """Refuse amounts that a run would refuse, before anything adds them up."""
    if history.span_of(connection, of="accepted_rows").money < LIMIT:
        return  # of all customers, so of none of them more
    largest = history.largest_money(connection, of="accepted_rows", customer="customer_id")
    check_countable(largest, uploads=name)


def _format(part: UploadFile) -> str:
    if part.sniffed is None:
        return "parquet"
    return part.sniffed.encoding if part.is_text else "xlsx"


def _is_part(path: Path) -> bool:
    return path.is_file() and is_data(path.name)
