"""The arrivals of a tenant's sources, from run to run."""

from __future__ import annotations

from collections.abc import Mapping

from tessera.naming import STREAM, upload_source
from tessera.records.runs.arrivals import Arrival
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket

MOST = 30  # arrivals of a source that are kept

ArrivalsBySource = Mapping[str, tuple[Arrival, ...]]


def arrivals_until(
    earlier: ArrivalsBySource, *, ticket: Ticket, prepare: PrepareRecord
) -> dict[str, tuple[Arrival, ...]]:
    """Return the arrivals with that of a run, if it has an upload of events.

    A stream's day comes again each hour. It is one arrival, the newest. A run that is finished
    again is one arrival too.
    """
    known = {source: tuple(each) for source, each in earlier.items()}
    if ticket.upload is None:
        return known
    present = Arrival(
        run_id=ticket.run_id,
        upload=ticket.upload.name,
        at=ticket.started_at,
        rows=prepare.rows.read,
        refused=sum(prepare.rows.rejected.values()),
        last_event_at=prepare.upload_last_event_at,
    )
    source = upload_source(present.upload)
    others = [each for each in known.get(source, ()) if not _is_same(each, present, source)]
    ordered = sorted([*others, present], key=lambda each: (each.at, each.run_id))
    return dict(sorted({**known, source: tuple(ordered[-MOST:])}.items()))


def _is_same(one: Arrival, other: Arrival, source: str) -> bool:
    return one.run_id == other.run_id or (source == STREAM and one.upload == other.upload)
