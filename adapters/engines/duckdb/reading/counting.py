"""What an upload holds: its rows counted once all are judged.

``read = accepted + ignored + rejected`` holds for every upload, and is asserted.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterator, Sequence

from adapters.engines.duckdb.reading.differences import differences_of
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.persons import doubts_of
from adapters.engines.duckdb.reading.rejects import rejects_of
from adapters.engines.duckdb.reading.stand_ins import stood_in_rows
from adapters.engines.duckdb.reading.verdicts import Currencies, anonymous_of
from adapters.engines.duckdb.session import Connection, scalar
from adapters.engines.ingested import IngestedRows
from tessera.events.counts import People, Tally
from tessera.events.money_notes import money_notes
from tessera.events.names import UNCOUNTED, code_of_uncounted
from tessera.events.reasons import ANONYMOUS, ERASED
from tessera.events.rejects import Reject
from tessera.settings import RunSettings
from tessera.sources.recognition.decision import source_of
from tessera.sources.rows import Reading


@dataclasses.dataclass(frozen=True)
class StagedUpload:
    """An upload's staged rows, and how they are read."""

    connection: Connection
    parts: Sequence[UploadFile]
    settings: RunSettings
    reading: Reading
    currency: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ingested(IngestedRows):
    """What an upload holds. The relation ``accepted_rows`` of the connection has its events.

    ``people_rows`` has the customers' names and addresses.

    Parameters
    ----------
    parts
        Its files as they were found.
    time_zone
        Of dates without an offset.
    """

    parts: Sequence[UploadFile]
    time_zone: str
    _connection: Connection

    def rejects(self) -> Iterator[Reject]:
        """Yield the refused rows, by file and line."""
        return rejects_of(self._connection, self.parts)


def count_rows(work: StagedUpload, currencies: Currencies, *, erased: int) -> Ingested:
    """Count the judged rows, of which some are of people who were erased."""
    connection, parts, reading = work.connection, work.parts, work.reading
    bad = collections.Counter(record.code for part in parts for record in part.bad)
    query = "SELECT code, count(*) FROM rejected_rows GROUP BY code"
    bad.update({str(code): int(count) for code, count in connection.execute(query).fetchall()})
    staged = int(scalar(connection, "SELECT count(*) FROM staged_rows"))
    people = People(
        anonymous=anonymous_of(connection, currencies),
        stood_in=stood_in_rows(connection),
        doubts=doubts_of(connection),
    )
    not_events = _not_events(connection)
    if people.anonymous.rows:
        not_events[ANONYMOUS.code] = people.anonymous.rows
    if erased:
        not_events[ERASED.code] = erased
    differences = differences_of(connection, parts, mark=reading.mark)
    money = money_notes(currency=currencies.own, one_assumed=_one_assumed(connection, parts))
    notes = (*differences.notes, *money)
    return Ingested(
        tally=Tally(
            read=staged + sum(len(part.bad) for part in parts),
            rejected=dict(sorted(bad.items())),
            not_events=not_events,
        ),
        currency=currencies.own,
        mark=reading.mark,
        source=source_of(reading.mapping, settings=work.settings, dates=reading.dates, notes=notes),
        parts=parts,
        people=people,
        time_zone=reading.time_zone,
        _connection=connection,
    )


def _one_assumed(connection: Connection, parts: Sequence[UploadFile]) -> int:
    numbers = [str(index) for index, part in enumerate(parts) if "quantity" in part.columns]
    among = ", ".join(numbers) or "NULL"
    query = "SELECT count(*) FROM judged_odd WHERE one_assumed AND code IS NULL AND part IN"
    return int(scalar(connection, f"{query} ({among})"))


def _not_events(connection: Connection) -> dict[str, int]:
    """Return how many rows are no events, by the code of the reason."""
    query = f"""SELECT event, count(*) FROM (
        SELECT event FROM staged WHERE NOT odd AND event IN {UNCOUNTED}
        UNION ALL SELECT event FROM judged_odd WHERE code IS NULL AND event IN {UNCOUNTED}
    ) AS no_events GROUP BY event"""  # noqa: S608 (our own names)
    rows = connection.execute(query).fetchall()
    return {code_of_uncounted(str(event)): int(count) for event, count in sorted(rows)}
