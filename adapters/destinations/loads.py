"""One destination's load of one run: its parts, how far it has come, and what became of it.

Everything that is known lies in the bucket, so a load goes on where it stopped whatever stopped
it: no customer is left out, and only those sent since the last save are sent again.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from adapters.aws.objects import Objects
from adapters.stores.ledger import Ledger
from tessera.contracts.csv_cells import safe_cell
from tessera.destinations.planning.ledger import acknowledged
from tessera.destinations.planning.load import Account, Load
from tessera.destinations.planning.report import Totals
from tessera.destinations.port import Item, Loaded, Segment, Transport
from tessera.errors import Retryable
from tessera.naming import (
    LOAD_RECORD,
    LOAD_REPORT,
    REFUSED,
    SEGMENTS,
    TICKET,
    destination_prefix,
    ledger_prefix,
    run_key,
)

ROWS_PER_SAVE = 2_000  # or one batch, where the destination takes more in one
_RESULTS = "results/"
_REFUSED_HEADER = ("customer_id", "code", "message")


@dataclasses.dataclass(frozen=True)
class Position:
    """The next row to send: of which part, at which line."""

    part: int
    row: int


class RunLoad:
    """A destination's files in a run's folder.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, run_id, destination
        Whose load it is.
    """

    def __init__(
        self, *, data: Objects, identities: Objects, tenant: str, run_id: str, destination: str
    ) -> None:
        self._data = data
        self._objects = identities
        self._prefix = destination_prefix(tenant, run_id, destination)
        self._ticket_key = run_key(tenant, run_id, TICKET)
        self._run_id = run_id
        self._segments_key = ledger_prefix(tenant, destination) + SEGMENTS
        self._ledger = Ledger(identities, tenant=tenant, destination=destination)
        self.record: dict[str, Any] = identities.read_json(self._prefix + LOAD_RECORD)

    def advance(
        self,
        *,
        vendor: Loaded,
        transport: Transport,
        go_on: Callable[[], bool],
        pause: Callable[[float], None],
    ) -> bool:
        """Send for as long as ``go_on`` says; return whether nothing is left to send.

        Raises
        ------
        Retryable
            The destination is busy or away, and nothing was sent in this call.
        """
        lanes = vendor.CAPABILITIES.lanes
        load = Load(vendor=vendor, transport=transport, go_on=go_on, pause=pause, lanes=lanes)
        started_at = self._data.read_json(self._ticket_key)["started_at"]
        position = start = self.position()
        while position.part < len(self.record["parts"]):
            items = self._items(position, most=max(ROWS_PER_SAVE, vendor.CAPABILITIES.batch_items))
            try:
                account = load.send(items)
            except Retryable:
                if position == start:
                    raise
                return False
            self._save(position, account, vendor=vendor, started_at=started_at)
            if account.rows < len(items):
                return False
            position = self._after(position, account.rows)
        return True

    def position(self) -> Position:
        """Return where to go on: after the last rows that were saved."""
        names = list(self._objects.keys(self._prefix + _RESULTS))
        if not names:
            return Position(0, 0)
        part, _start, end = names[-1].rpartition("/")[2].removesuffix(".json").split("-")
        return self._after(Position(int(part), 0), int(end))

    def totals(self) -> Totals:
        """Return what has been sent so far."""
        sums = Totals()
        for result in self._results():
            sums = Totals(
                rows=sums.rows + result["rows"],
                sent=sums.sent + result["sent"],
                refused=sums.refused + len(result["refused"]),
                requests=sums.requests + result["requests"],
            )
        return sums

    def write_refused(self) -> None:
        """Write down each customer whom the destination did not take, with its words."""
        text = io.StringIO(newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(_REFUSED_HEADER)
        for result in self._results():
            for refusal in result["refused"]:
                lines.writerow([safe_cell(refusal[name]) for name in _REFUSED_HEADER])
        self._objects.write(
            self._prefix + REFUSED, text.getvalue().encode(), content_type="text/csv"
        )

    def known_segments(self) -> list[Segment]:
        """Return the segments that runs before this one left at the destination."""
        if not self._objects.exists(self._segments_key):
            return []
        return [Segment.parse(one) for one in self._objects.read_json(self._segments_key)]

    def remember_segments(self, segments: Sequence[Segment]) -> None:
        """Write down the segments that this run leaves at the destination."""
        told = [dataclasses.asdict(segment) for segment in segments]
        self._objects.write_json(self._segments_key, told)

    def write_report(self, report: dict[str, Any]) -> None:
        """Write the destination's report.json."""
        self._objects.write_json(self._prefix + LOAD_REPORT, report)

    def _items(self, position: Position, *, most: int) -> list[Item]:
        part = self.record["parts"][position.part]
        lines = self._objects.read(part["key"]).decode().splitlines()
        return [Item.from_line(line) for line in lines[position.row :][:most]]

    def _after(self, position: Position, rows: int) -> Position:
        parts = self.record["parts"]
        end = position.row + rows
        if position.part < len(parts) and end >= parts[position.part]["rows"]:
            return Position(position.part + 1, 0)
        return Position(position.part, end)

    def _save(
        self, position: Position, account: Account, *, vendor: Loaded, started_at: str
    ) -> None:
        if not account.rows:
            return
        end = position.row + account.rows
        name = f"{position.part:05d}-{position.row:06d}-{end:06d}"
        self._ledger.acknowledge(
            [acknowledged(item, vendor=vendor) for item in account.acknowledged],
            started_at=started_at,
            name=f"{self._run_id}-{name}",
        )
        result = {
            "rows": account.rows,
            "sent": len(account.acknowledged),
            "requests": account.requests,
            "refused": [dataclasses.asdict(refusal) for refusal in account.refused],
        }
        self._objects.write_json(f"{self._prefix}{_RESULTS}{name}.json", result)

    def _results(self) -> Iterator[dict[str, Any]]:
        for key in self._objects.keys(self._prefix + _RESULTS):
            yield self._objects.read_json(key)
