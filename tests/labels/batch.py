"""The product's own batch over a history of uploads: its rules of orders, its SQL, its scores."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from adapters.engines.duckdb.history import DuckDBRelations
from adapters.engines.duckdb.label_states import read_states
from adapters.engines.duckdb.session import Connection, connect
from adapters.engines.history import count_history
from adapters.engines.overlap import EVENTS, VOIDED
from adapters.stores.events import UploadRecord
from tessera.contracts.tables import PROFILES
from tessera.customers.money import Ints
from tessera.customers.orders.order_lines import voided_orders
from tessera.customers.orders.overlap import newness
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import model_of
from tessera.customers.scores import rfm_scores
from tessera.customers.summary import Period
from tessera.destinations.content import attributes
from tessera.destinations.port import Customer
from tessera.events.names import VOIDS
from tessera.labels.events import LiveEvent, mark_of, micros
from tessera.labels.state import LiveState
from tessera.records.label_rules import LabelRules
from tessera.segments.assignment import segment_codes
from tessera.segments.definition import load_preset
from tessera.segments.scoring import CustomerColumns, measures_of
from tests.folding import fold_all

MINOR = 10_000
_EPOCH = dt.date(1970, 1, 1)
_COLUMNS = {
    "customer_key": pa.string(),
    "event": pa.string(),
    "occurred_at": pa.timestamp("us", "UTC"),
    "amount": pa.decimal128(18, 4),
    "order_id": pa.string(),
    "event_id": pa.string(),
    "product_code": pa.string(),
    "product_name": pa.string(),
    "product_category": pa.string(),
    "products": pa.string(),
    "upload_rank": pa.int32(),
    "newness": pa.int32(),
}


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of an upload; its ids stand for keys of 24 digits."""

    customer: str
    event: str
    at: dt.datetime
    amount: int
    order: str | None
    event_id: str | None

    def live(self, day: dt.date) -> LiveEvent:
        return LiveEvent(
            self.event,
            0 if self.event in VOIDS else micros(self.at),
            self.amount,
            None if self.order is None else mark_of(key(self.order)),
            None if self.event_id is None or self.event in VOIDS else mark_of(key(self.event_id)),
            (day - _EPOCH).days,
        )


def key(text: str) -> str:
    return text.encode().hex().ljust(24, "0")


@dataclasses.dataclass(frozen=True)
class Upload:
    """An upload, and when its present content came."""

    name: str
    rows: tuple[Row, ...]
    stored: int

    @property
    def events(self) -> list[Row]:
        return [row for row in self.rows if row.event not in VOIDS]

    @property
    def voiding(self) -> list[Row]:
        return [row for row in self.rows if row.event in VOIDS]


@contextlib.contextmanager
def engine(folder: Path) -> Iterator[Connection]:
    with connect(folder, memory_limit_mb=256) as connection:
        connection.execute("SET threads = 1")
        yield connection


def open_history(connection: Connection, uploads: Sequence[Upload]) -> list[int]:
    """Make ``history`` and ``names`` of uploads, as Prepare does. Return how new each is."""
    for kind in ("VIEW", "TABLE"):
        listed = f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE NOT internal"
        for [name] in connection.execute(listed).fetchall():
            connection.execute(f"DROP {kind} IF EXISTS {name}")
    records = [_record(upload, rank) for rank, upload in enumerate(uploads)]
    new = newness([record.held for record in records])
    connection.register("rows", _table([each.events for each in uploads], new))
    connection.execute(f"CREATE TABLE {EVENTS} AS SELECT * FROM rows")
    if any(upload.voiding for upload in uploads):
        _void(connection, uploads, new)
        voided = dict(
            connection.execute(f"SELECT newness, count(*) FROM {VOIDED} GROUP BY 1").fetchall()
        )
        records = [
            dataclasses.replace(record, voided=voided.get(new[rank], 0))
            for rank, record in enumerate(records)
        ]
    count_history(DuckDBRelations(connection), records, own=None)
    connection.execute(
        "CREATE VIEW names AS SELECT DISTINCT customer_key AS name, customer_key FROM history"
    )
    return list(new)


def states(
    connection: Connection, uploads: Sequence[Upload], *, period: Period
) -> dict[str, LiveState]:
    """Return what a run leaves behind for live labels."""
    new = open_history(connection, uploads)
    names = [upload.name for upload in uploads]
    return dict(read_states(connection, period=period, names=names, newness=new))


@dataclasses.dataclass(frozen=True)
class Published:
    """What the batch publishes of a customer."""

    segment: str
    frequency: int
    monetary: int
    recency_days: int | None
    p_alive: float | None
    content: Mapping[str, str]


def publish(
    connection: Connection, uploads: Sequence[Upload], *, rules: LabelRules, period: Period
) -> dict[str, Published]:
    """Return what a batch run with these rules publishes, by customer."""
    open_history(connection, uploads)
    rows = fold_all(connection, "history", period=period).customers.to_pylist()
    return dict(zip([row["customer_key"] for row in rows], _scored(rows, rules), strict=True))


def _scored(rows: Sequence[Mapping[str, Any]], rules: LabelRules) -> list[Published]:
    definition = load_preset(rules.preset)
    money = np.array([int(row["monetary"] * MINOR) for row in rows], np.int64)
    last_us = np.array([micros(row["last_event_at"]) for row in rows], np.int64)
    columns = CustomerColumns(
        recency_days=_whole(rows, "recency_days"),
        orders=_whole(rows, "frequency"),
        monetary=money,
        last_event_us=last_us,
        events=_whole(rows, "events"),
    )
    measures = measures_of(columns, definition=definition, latest_event_us=int(last_us.max()))
    scores = rfm_scores(measures, scale=definition.scale, thresholds=rules.floors)
    codes = segment_codes(scores.cells(), definition=definition)
    alive = _alive(rows, rules)
    return [
        Published(
            segment=definition.everyone[code].label,
            frequency=int(measures.frequency[place]),
            monetary=int(money[place]),
            recency_days=int(measures.recency[place]) if measures.scored[place] else None,
            p_alive=float(alive[place]) if columns.orders[place] else None,
            content=_content(rows[place], rules, cell=cell, code=code),
        )
        for place, (code, cell) in enumerate(zip(codes, scores.cells().tolist(), strict=True))
    ]


def _content(
    row: Mapping[str, Any], rules: LabelRules, *, cell: int, code: int
) -> Mapping[str, str]:
    """Return what a destination gets of the values that live labels follow."""
    scores = list(str(cell)) if cell else [None] * 3
    profile = dict.fromkeys(PROFILES.names) | {
        "segment": load_preset(rules.preset).everyone[code].label,
        "rfm_score": str(cell) if cell else None,
        **dict(zip(("r_score", "f_score", "m_score"), scores, strict=True)),
        "frequency": row["frequency"],
        "monetary": row["monetary"].quantize(Decimal("0.01"), ROUND_HALF_UP),
        "first_purchase_at": row["first_purchase_at"],
        "last_purchase_at": row["last_purchase_at"],
        "recency_days": row["recency_days"],
        "as_of": rules.as_of,
    }
    return attributes(Customer(key="", customer_id="", profile=profile))


def _alive(rows: Sequence[Mapping[str, Any]], rules: LabelRules) -> np.ndarray:
    assert rules.model is not None
    tenure, recency = _whole(rows, "tenure_days"), _whole(rows, "recency_days")
    history = PurchaseHistory(
        repeats=np.maximum(_whole(rows, "purchase_days") - 1, 0).astype(float),
        last_day=(tenure - recency).astype(float),
        age_days=tenure.astype(float),
    )
    return model_of(rules.model.name, rules.model.parameters).p_alive(history)


def _whole(rows: Sequence[Mapping[str, Any]], name: str) -> Ints:
    return np.array([int(row[name] or 0) for row in rows], np.int64)


def _record(upload: Upload, rank: int) -> UploadRecord:
    instants = [row.at.isoformat() for row in upload.events]
    return UploadRecord(
        id=str(rank),
        name=upload.name,
        content=str(upload.stored),
        since=f"{rank:09d}",
        events=len(upload.events),
        event_ids=sum(row.event_id is not None for row in upload.events),
        first_event_at=min(instants, default=None),
        last_event_at=max(instants, default=None),
        currency="",
        order_ids=sum(row.order is not None for row in upload.events),
        stored_at=f"{upload.stored:09d}",
        voided=len(upload.voiding),
    )


def _table(rows_by_upload: Sequence[Sequence[Row]], new: Sequence[int]) -> pa.Table:
    rows = [
        (
            row.customer, row.event, row.at, Decimal(row.amount) / MINOR,
            row.order and key(row.order), row.event_id and key(row.event_id),
            None, None, None, None, rank, new[rank],
        )
        for rank, rows in enumerate(rows_by_upload) for row in rows
    ]  # fmt: skip
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    return pa.table(
        {
            name: pa.array(values, kind)
            for (name, kind), values in zip(_COLUMNS.items(), columns, strict=True)
        }
    )


def _void(connection: Connection, uploads: Sequence[Upload], new: Sequence[int]) -> None:
    connection.register("void_rows", _table([each.voiding for each in uploads], new))
    queries = [
        "SELECT customer_key, order_id, occurred_at, "
        f"{new[rank]} AS newness FROM ("
        + voided_orders(
            f"(SELECT * FROM void_rows WHERE upload_rank = {rank})",
            events=f"(SELECT * FROM {EVENTS} WHERE upload_rank = {rank})",
        )
        + ")"
        for rank in range(len(uploads))
    ]
    connection.execute(f"CREATE TABLE {VOIDED} AS {' UNION ALL '.join(queries)}")
