"""The files of one destination's load of one run: its parts, its progress and its results."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Sequence

from adapters.aws.objects import Objects
from adapters.stores.ledger import Ledger
from adapters.stores.records import read_record, write_record
from tessera.contracts.csv_cells import safe_cell
from tessera.destinations.planning.ledger import Entry, all_acknowledged
from tessera.destinations.planning.load import Account
from tessera.destinations.planning.report import Totals
from tessera.destinations.port import Item, Loaded
from tessera.naming import (
    AT_ONCE,
    LOAD_RECORD,
    LOAD_REPORT,
    REFUSED,
    SEGMENTS,
    TICKET,
    destination_prefix,
    ledger_prefix,
    run_key,
)
from tessera.records.codec import decode, encode
from tessera.records.fields import MILLISECONDS
from tessera.records.loads.load import FilesAtOnce, LoadRecord, SliceResult
from tessera.records.loads.load_report import LoadReport
from tessera.records.loads.segment import Segment
from tessera.records.runs.ticket import Ticket

_RESULTS = "results/"
_REFUSED_HEADER = ("customer_id", "code", "message")


@dataclasses.dataclass(frozen=True)
class Position:
    """The next row to send: of which part, at which line."""

    part: int
    row: int


def known_segments(identities: Objects, *, tenant: str, destination: str) -> list[Segment]:
    """Return the segments that earlier runs left at a destination."""
    key = ledger_prefix(tenant, destination) + SEGMENTS
    if not identities.exists(key):
        return []
    values = identities.read_json(key)
    return [decode(Segment, one, document=SEGMENTS, tolerant=True) for one in values]


class RunLoad:
    """A destination's files in a run's folder.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, run_id, destination
        The load.
    """

    def __init__(
        self, *, data: Objects, identities: Objects, tenant: str, run_id: str, destination: str
    ) -> None:
        self._data = data
        self._objects = identities
        self._prefix = destination_prefix(tenant, run_id, destination)
        self._ticket_key = run_key(tenant, run_id, TICKET)
        self._run_id = run_id
        self._tenant, self._destination = tenant, destination
        self._ledger = Ledger(identities, tenant=tenant, destination=destination)
        self.record = read_record(LoadRecord, identities, self._prefix + LOAD_RECORD)

    def started_at(self) -> str:
        """Return when the run began, ISO 8601."""
        ticket = read_record(Ticket, self._data, self._ticket_key)
        return ticket.started_at.isoformat(timespec=MILLISECONDS)

    def is_end(self, position: Position) -> bool:
        """Return whether a position is after the last row."""
        return position.part >= len(self.record.parts)

    def position(self) -> Position:
        """Return the position after the last rows that were saved."""
        names = list(self._objects.keys(self._prefix + _RESULTS))
        if not names:
            return Position(0, 0)
        part, _start, end = names[-1].rpartition("/")[2].removesuffix(".json").split("-")
        return self.after(Position(int(part), 0), int(end))

    def totals(self) -> Totals:
        """Return the counts so far."""
        sums = Totals()
        for result in self._results():
            sums = Totals(
                rows=sums.rows + result.rows,
                sent=sums.sent + result.sent,
                refused=sums.refused + len(result.refused),
                requests=sums.requests + result.requests,
            )
        return sums

    def write_refused(self) -> None:
        """Write refused.csv: each customer that the destination refused, and its message."""
        text = io.StringIO(newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(_REFUSED_HEADER)
        for result in self._results():
            for refusal in result.refused:
                lines.writerow([safe_cell(getattr(refusal, name)) for name in _REFUSED_HEADER])
        self._objects.write(
            self._prefix + REFUSED, text.getvalue().encode(), content_type="text/csv"
        )

    def bind_ledger(self, identity: str) -> None:
        """Bind the ledger to the destination's identity.

        If it had another one, no customer counts as acknowledged any more, and load.json records
        that for the report. An interrupted call can be repeated.
        """
        known = self._ledger.target()
        if known == identity:
            return
        if known:
            self.record = dataclasses.replace(self.record, recreated=True)
            write_record(self.record, self._objects, self._prefix + LOAD_RECORD)
            self._ledger.forget(started_at=self.started_at(), run_id=self._run_id)
        self._ledger.bind(identity)

    def known_segments(self) -> list[Segment]:
        """Return the segments that earlier runs left at the destination."""
        return known_segments(self._objects, tenant=self._tenant, destination=self._destination)

    def remember_segments(self, segments: Sequence[Segment]) -> None:
        """Write segments.json: the segments that this run leaves at the destination."""
        key = ledger_prefix(self._tenant, self._destination) + SEGMENTS
        self._objects.write_json(key, [encode(segment) for segment in segments])

    def write_report(self, report: LoadReport) -> None:
        """Write the destination's report.json."""
        write_record(report, self._objects, self._prefix + LOAD_REPORT)

    def items(self, position: Position, *, most: int) -> list[Item]:
        """Return at most so many of the items from a position on, all of one part."""
        part = self.record.parts[position.part]
        # An id may have characters that Python takes for the end of a line.
        lines = self._objects.read(part.key).decode().removesuffix("\n").split("\n")
        return [Item.from_line(line) for line in lines[position.row :][:most]]

    def after(self, position: Position, rows: int) -> Position:
        """Return the position so many rows later."""
        parts = self.record.parts
        end = position.row + rows
        if position.part < len(parts) and end >= parts[position.part].rows:
            return Position(position.part + 1, 0)
        return Position(position.part, end)

    def save(
        self, position: Position, account: Account, *, vendor: Loaded, started_at: str
    ) -> None:
        """Record what a slice came to: in the ledger, then as a result of this load."""
        if not account.rows:
            return
        result = SliceResult(
            rows=account.rows,
            sent=len(account.acknowledged),
            requests=account.requests,
            refused=tuple(account.refused),
        )
        entries = all_acknowledged(account.acknowledged, vendor=vendor)
        name = f"{position.part:05d}-{position.row:06d}-{position.row + account.rows:06d}"
        self._save(name, entries, result, started_at=started_at)

    def save_files(
        self, first: int, end: int, *, vendor: Loaded, started_at: str, requests: int
    ) -> Position:
        """Record that the destination has all customers of some files. Return what comes next.

        The result is named after the last file: a load goes on after the last name.
        """
        parts = self.record.parts[first:end]
        items = (
            item
            for number, part in enumerate(parts, first)
            for item in self.items(Position(number, 0), most=part.rows)
        )
        entries = all_acknowledged(items, vendor=vendor)
        rows = sum(part.rows for part in parts)
        result = SliceResult(rows=rows, sent=rows, requests=requests, refused=())
        name = f"{end - 1:05d}-000000-{parts[-1].rows:06d}"
        self._save(name, entries, result, started_at=started_at)
        return Position(end, 0)

    def at_once(self) -> FilesAtOnce | None:
        """Return the last attempt to let the destination fetch files itself."""
        key = self._prefix + AT_ONCE
        if not self._objects.exists(key):
            return None
        return read_record(FilesAtOnce, self._objects, key)

    def note_at_once(self, attempt: FilesAtOnce) -> None:
        """Write at_once.json."""
        write_record(attempt, self._objects, self._prefix + AT_ONCE)

    def _save(
        self, name: str, entries: Iterable[Entry], result: SliceResult, *, started_at: str
    ) -> None:
        ledger_name = f"{self._run_id}-{name}"
        self._ledger.acknowledge(entries, started_at=started_at, name=ledger_name)
        write_record(result, self._objects, f"{self._prefix}{_RESULTS}{name}.json")

    def _results(self) -> Iterator[SliceResult]:
        for key in self._objects.keys(self._prefix + _RESULTS):
            yield read_record(SliceResult, self._objects, key)
