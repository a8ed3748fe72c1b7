"""Documents of earlier steps for tests: complete, whatever a test leaves open."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from tessera.records.codec import encode
from tessera.records.runs.prepare import History, PrepareRecord, Rows
from tessera.records.runs.ticket import Part, Ticket, Upload
from tessera.records.scoring.score import ClusterRow, ModelReference, ScoreRecord
from tessera.settings import RunSettings

STARTED_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def ticket(*, run_id: str = "r1", settings: dict[str, Any] | None = None, **fields: Any) -> Ticket:
    """Return a ticket of the default tenant's run. Without ``upload`` it is a scheduled one."""
    known = {
        "tenant": "default",
        "trigger": "upload" if fields.get("upload") or fields.get("attributes") else "schedule",
        "settings": RunSettings.parse(settings or {}),
        "started_at": STARTED_AT,
    }
    return dataclasses.replace(Ticket.issue(**(known | fields)), run_id=run_id)


def ticket_json(**fields: Any) -> dict[str, Any]:
    """Return the same as ticket.json has it."""
    return encode(ticket(**fields))


def upload(*keys: str, sizes: dict[str, int] | None = None) -> Upload:
    """Return the upload of a file, or of a folder's files."""
    parts = tuple(
        Part(key=key, version_id="", etag="e", bytes=(sizes or {}).get(key, 1)) for key in keys
    )
    name = keys[0] if len(keys) == 1 else keys[0].rsplit("/", 1)[0] + "/"
    return Upload.of(name, parts=parts)


def withdrawal(name: str) -> Upload:
    """Return the withdrawal of a file, or of a folder that ends with a slash."""
    key = name + "_SUCCESS" if name.endswith("/") else name
    part = Part(key=key, version_id="", etag="e", bytes=0)
    return Upload.of(name, parts=(part,), withdrawn=True)


def prepared_json(*, as_of: dt.date, **fields: Any) -> dict[str, Any]:
    """Return prepare.json of a run without customers, but for the fields that are given."""
    record = PrepareRecord(
        tenant="default",
        run_id="r1",
        as_of=as_of,
        time_zone="UTC",
        last_event_at=STARTED_AT,
        currency="",
        decimal="dot",
        rows=Rows(),
        history=History(uploads=1, events=0, first_event_at=None, last_event_at=None),
        customers=0,
        buyers=0,
        orders=0,
        monetary="0.00",
        reupload="new",
        warnings=(),
        inputs=(),
        outputs=(),
        timings={},
    )
    return encode(dataclasses.replace(record, **fields))


def score_json(
    *, as_of: dt.date, customers: int, clusters: Sequence[ClusterRow] = ()
) -> dict[str, Any]:
    """Return score.json of a run with so many customers."""
    record = ScoreRecord(
        as_of=as_of,
        preset="classic-11",
        measures="orders",
        scale=5,
        thresholds={},
        bins={},
        warnings=(),
        segments=(),
        clusters=tuple(clusters),
        grid=(),
        customers=customers,
        buyers=customers,
        orders=customers,
        monetary="0.00",
        model=ModelReference(sha256="", note="", chosen=""),
        inputs=(),
        outputs=(),
        timings={},
    )
    return encode(record)


def cluster(rank: int, *, name: str) -> ClusterRow:
    """Return a cluster without customers."""
    return ClusterRow(
        rank=rank,
        label=f"Cluster {rank}",
        name=name,
        centre=(),
        typical={},
        customers=0,
        share=0.0,
        monetary="0.00",
        monetary_share=0.0,
        mean_recency_days=None,
        mean_frequency=None,
        mean_order_value=None,
    )
