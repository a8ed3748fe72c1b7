"""What a load came to, for people and for the run's summary. Counts alone, nobody's data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.destinations.planning.estimate import Estimate
from tessera.destinations.planning.plan import COUNTS
from tessera.destinations.port import BY_HAND, DELETED, RETIRED, WRITTEN

UNREADABLE = ("unreadable_email", "unreadable_phone")  # customers, by what is omitted


@dataclasses.dataclass(frozen=True)
class Totals:
    """What the load's slices add up to."""

    rows: int = 0
    sent: int = 0
    refused: int = 0
    requests: int = 0


@dataclasses.dataclass(frozen=True)
class Placed:
    """A segment at the destination: what was done about it, and how many members it counts.

    ``rule`` says what its members have in common, where people make it; ``reference`` is by what
    other services know it, such as an ARN.
    """

    name: str
    label: str
    action: str
    size: int | None
    rule: str = ""
    reference: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return it as the report has it; where there is no rule or reference, none is told."""
        told = dataclasses.asdict(self)
        return {key: told[key] for key in told if told[key] or key not in ("rule", "reference")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failed:
    """Why a destination could not be told all: the state that failed, and its error.

    Parameters
    ----------
    state
        Where it happened.
    error
        ``InvalidInput``, ``Refused``, ``Retryable``, ``Timeout`` or ``Unexpected``.
    message
        For people, without anybody's data.
    """

    state: str
    error: str
    message: str


def report(
    record: Mapping[str, Any],
    *,
    totals: Totals,
    segments: Sequence[Placed],
    planned: Estimate | None = None,
    failed: Failed | None = None,
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
    planned
        What the plan will take.
    failed
        Why it ended early; None when it did not.
    """
    counts = (*COUNTS, "shared_addresses", "without_address")
    unreadable = {name: record.get(name, 0) for name in UNREADABLE}  # new in this version
    return {
        "destination": record["destination"],
        **{name: record[name] for name in counts},
        **unreadable,
        "sent": totals.sent,
        "refused": totals.refused,
        "requests": totals.requests,
        "held": record["held"],
        "failed": dataclasses.asdict(failed) if failed else None,
        "planned": dataclasses.asdict(planned) if planned else None,
        "segments": [segment.to_json() for segment in segments],
        "message": _failure(failed, totals=totals)
        if failed
        else message(record, totals=totals, segments=segments, planned=planned),
    }


def _failure(failed: Failed, *, totals: Totals) -> str:
    todo = "Correct what this names: the next run sends what is due."
    if failed.error in ("Retryable", "Timeout"):
        todo = "The next run sends what is due."
    return (
        f"Failed at {failed.state} after {_customers(totals.sent)} had been sent: "
        f"{failed.message.rstrip('.')}. {todo}"
    )


def message(
    record: Mapping[str, Any],
    *,
    totals: Totals,
    segments: Sequence[Placed],
    planned: Estimate | None = None,
) -> str:
    """Return a few sentences on what was done."""
    if record["held"]:
        return f"{record['held']} {plan_words(record, planned)}"
    changed = [segment for segment in segments if segment.action in ("created", "recreated")]
    if any(one.action == WRITTEN for one in segments) and not record["changes"]:
        said = []  # files alone, of which the sentence on segments tells
    elif not totals.rows and not changed:
        said = [f"Everything was in place: {_customers(record['unchanged'])}, nothing was sent."]
    else:
        said = [
            f"Sent {_customers(totals.sent)} in {_count(totals.requests, 'request')}; "
            f"{record['unchanged']:,} were in place already."
        ]
    said += _on_segments(segments, changed=len(changed))
    if totals.refused:
        said.append(f"{_customers(totals.refused)} refused: see refused.csv.")
    said += unreadable_words(record)
    if record["untold"]:
        said.append(f"Not told: {_customers(record['untold'])} without {record['needs']}.")
    if record["exits"]:
        said.append(
            f"{_customers(record['exits'])} of earlier runs did not come up in this one: their "
            "labels were taken away."
        )
    if record["left"]:
        said.append(
            f"{_customers(record['left'])} of earlier runs did not come up in this one and "
            "keep their labels, as of then."
        )
    return " ".join(said)


def _on_segments(segments: Sequence[Placed], *, changed: int) -> list[str]:
    said = [f"{_count(changed, 'segment')} created or changed."] if changed else []
    written = [segment for segment in segments if segment.action == WRITTEN]
    if written:
        said.append(f"{_count(len(written), 'segment')} written to files, one each.")
    said += _of_the_past(segments)
    by_hand = [segment for segment in segments if segment.action == BY_HAND]
    if by_hand:
        which = "Segments" if len(by_hand) == len(segments) else "Some segments"
        said.append(f"{which} are made by hand there, by the rules in the report.")
    return said


def _of_the_past(segments: Sequence[Placed]) -> list[str]:
    """Return what is said of segments that nobody asks for any more."""
    left = [segment.name for segment in segments if segment.action == RETIRED]
    deleted = sum(segment.action == DELETED for segment in segments)
    said = [f"{_count(deleted, 'segment')} of earlier runs deleted."] if deleted else []
    if left:
        said.append(
            f"{_count(len(left), 'segment')} of earlier runs asked for no more, and still there: "
            f"{', '.join(left)}. Delete them when nothing uses them, or set "
            'retired_segments = "delete".'
        )
    return said


def plan_words(record: Mapping[str, Any], planned: Estimate | None) -> str:
    """Return a sentence or two on what is to be sent."""
    counts = [
        _count(record[name], thing)
        for name, thing in (("adds", "new customer"), ("updates", "change"), ("exits", "exit"))
    ]
    said = f"To send: {', '.join(counts)}; {record['unchanged']:,} in place already"
    if planned is None:
        return f"{said}."
    pace = f", about {planned.minutes:,.1f} minutes" if planned.minutes is not None else ""
    return f"{said}. That is {_count(planned.requests, 'request')}{pace}."


def unreadable_words(record: Mapping[str, Any]) -> list[str]:
    """Return a sentence on the addresses that were omitted, if there are any."""
    phones, emails = record.get("unreadable_phone", 0), record.get("unreadable_email", 0)
    omitted = []
    if phones:
        omitted.append(f"the phone number of {_customers(phones)}, which can't be read")
    if emails:
        omitted.append(f"the e-mail address of {_customers(emails)}, which can't be used")
    return [f"Not sent: {', and '.join(omitted)}."] if omitted else []


def files_report(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``report.json`` of a destination that is files alone: each run writes all of them."""
    segments = [
        Placed(segment["name"], segment["label"], WRITTEN, segment["customers"])
        for segment in record["segments"]
    ]
    sent = Totals(rows=record["desired"], sent=record["desired"])
    said = (
        f"Wrote {_customers(record['desired'])} and {_count(len(segments), 'segment')} "
        f"to {_count(len(record['parts']), 'file')}."
    )
    said = " ".join([said, *unreadable_words(record)])
    return {**report(record, totals=sent, segments=segments), "message": said}


def _customers(count: int) -> str:
    return _count(count, "customer")


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
