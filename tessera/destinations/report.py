"""What a load came to, for people and for the run's summary. Counts alone, nobody's data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Totals:
    """What the load's slices add up to."""

    rows: int = 0
    sent: int = 0
    refused: int = 0
    requests: int = 0


@dataclasses.dataclass(frozen=True)
class Placed:
    """A segment at the destination: what was done about it, and how many members it counts."""

    name: str
    label: str
    action: str
    size: int | None


def report(
    record: Mapping[str, Any], *, totals: Totals, segments: Sequence[Placed]
) -> dict[str, Any]:
    """Return a destination's ``report.json``.

    Parameters
    ----------
    record
        ``load.json``, as MapSchema wrote it.
    totals
        Of the requests; for a destination of files nothing.
    segments
        As they are there now.
    """
    counts = ("desired", "unchanged", "left", "shared_addresses", "without_address")
    return {
        "destination": record["destination"],
        **{name: record[name] for name in counts},
        "sent": totals.sent,
        "refused": totals.refused,
        "requests": totals.requests,
        "segments": [dataclasses.asdict(segment) for segment in segments],
        "message": message(record, totals=totals, segments=segments),
    }


def message(record: Mapping[str, Any], *, totals: Totals, segments: Sequence[Placed]) -> str:
    """Return one or two sentences on what was done."""
    changed = [segment for segment in segments if segment.action in ("created", "recreated")]
    if not totals.rows and not changed:
        said = [f"Everything was in place: {_customers(record['desired'])}, nothing was sent."]
    else:
        said = [
            f"Sent {_customers(totals.sent)} in {_count(totals.requests, 'request')}; "
            f"{record['unchanged']:,} were in place already."
        ]
    if changed:
        said.append(f"{_count(len(changed), 'segment')} created or changed.")
    if totals.refused:
        said.append(f"{_customers(totals.refused)} refused: see refused.csv.")
    if record["left"]:
        said.append(
            f"{_customers(record['left'])} of earlier runs did not come up in this one and "
            "stay there as they were."
        )
    return " ".join(said)


def files_report(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``report.json`` of a destination that is files alone: each run writes all of them."""
    segments = [
        Placed(segment["name"], segment["label"], "written", segment["customers"])
        for segment in record["segments"]
    ]
    sent = Totals(rows=record["desired"], sent=record["desired"])
    said = (
        f"Wrote {_customers(record['desired'])} and {_count(len(segments), 'segment')} "
        f"to {_count(len(record['parts']), 'file')}."
    )
    return {**report(record, totals=sent, segments=segments), "message": said}


def _customers(count: int) -> str:
    return _count(count, "customer")


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
