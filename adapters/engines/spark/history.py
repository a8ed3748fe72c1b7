"""The events that a run counts, from its own upload and from every other, as one Spark view."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.history import count_history
from adapters.engines.overlap import EVENTS as ALL_EVENTS
from adapters.engines.overlap import VOIDED
from adapters.engines.spark.tables import read_tables
from adapters.stores.events import EventStore, UploadRecord
from tessera.contracts.tables import EVENTS, VOIDED_ORDERS
from tessera.customers.orders.overlap import Overlap
from tessera.customers.orders.overlap import newness as newness_of
from tessera.customers.summary import Period
from tessera.events.counts import Kept, Span

_AT_ONCE = 16  # uploads listed in parallel
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class OwnUpload:
    """The upload that was read and is not stored yet: its events, and the orders it voids."""

    id: str
    events: DataFrame
    voided: Sequence[DataFrame]


def open_history(
    session: SparkSession,
    objects: Objects,
    store: EventStore,
    *,
    uploads: Sequence[UploadRecord],
    own: OwnUpload | None = None,
) -> Overlap:
    """Make the view ``history``: the events of all uploads that count, the oldest upload first.

    Parameters
    ----------
    uploads
        The oldest first.
    own
        The upload that was read and is not stored yet.

    Returns
    -------
    Overlap
        How far the uploads overlap.

    Raises
    ------
    InvalidInput
        The files of an upload are gone: another run has replaced it.
    """
    newness = newness_of([record.held for record in uploads])
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # a source brings hundreds of small uploads
        keys = list(pool.map(store.keys, uploads))
    frames = [
        (
            own.events.select(*EVENTS.names)
            if own and own.id == record.id
            else read_tables(session, objects, keys[rank], EVENTS)
        ).selectExpr("*", f"{rank} AS upload_rank", f"{newness[rank]} AS newness")
        for rank, record in enumerate(uploads)
    ]
    _union(frames).createOrReplaceTempView("stored_events")
    relations = SparkRelations(session)
    relations.keep(ALL_EVENTS, "SELECT * FROM stored_events")
    voided = [
        frame.selectExpr("*", f"{newness[rank]} AS newness")
        for rank, record in enumerate(uploads)
        if record.voided
        for frame in (
            own.voided
            if own and own.id == record.id
            else [read_tables(session, objects, store.voided_keys(record), VOIDED_ORDERS)]
        )
    ]
    if voided:
        _union(voided).createOrReplaceTempView(VOIDED)
    return count_history(relations, uploads, own=own.id if own else None)


def _union(frames: Sequence[DataFrame]) -> DataFrame:
    """Return all frames as one, by halves: Spark's planner cannot go down a chain of a thousand."""
    if len(frames) == 1:
        return frames[0]
    middle = len(frames) // 2
    return _union(frames[:middle]).union(_union(frames[middle:]))


class SparkRelations:
    """What the shared steps need of the engine."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    def keep(self, name: str, query: str) -> None:
        """Keep rows on the executors, as a view that no longer knows how it was made.

        Views over views are planned as one query, which took the driver minutes for a few rows.
        Spark frees the rows when nothing refers to them.
        """
        self._session.sql(query).localCheckpoint().createOrReplaceTempView(name)

    def view(self, name: str, query: str) -> None:
        """Make a view."""
        self._session.sql(query).createOrReplaceTempView(name)

    def number(self, query: str) -> int:
        """Return the one number that a query gives."""
        return int(self._value(query))

    def money(self, query: str) -> Decimal:
        """Return the one amount that a query gives."""
        return Decimal(self._value(query))

    def _value(self, query: str) -> Any:  # noqa: ANN401 (a SQL value)
        row = self._session.sql(query).first()
        assert row is not None  # noqa: S101 (an aggregate has one row)
        return row[0]


def span_of(session: SparkSession, *, of: str = "history", where: str = "1 = 1") -> Span:
    """Return how many events a view has, and from when to when."""
    row = session.sql(
        f"""SELECT count(*), unix_micros(min(occurred_at)), unix_micros(max(occurred_at)),
            coalesce(sum(abs(amount)), 0)
        FROM {of} WHERE {where}"""  # noqa: S608 (our own condition)
    ).first()
    assert row is not None  # noqa: S101 (an aggregate has one row)
    first, last = _instant(row[1]), _instant(row[2])
    return Span(events=row[0], first=first, last=last, money=Decimal(row[3]))


def largest_money(session: SparkSession) -> Decimal:
    """Return the largest sum of one customer's amounts, without their signs."""
    row = session.sql(
        """SELECT coalesce(max(money), 0) FROM (
            SELECT sum(abs(amount)) AS money FROM history GROUP BY customer_key
        ) AS by_customer"""
    ).first()
    assert row is not None  # noqa: S101 (an aggregate has one row)
    return Decimal(row[0])


def kept_of(session: SparkSession, *, rank: int, period: Period) -> Kept:
    """Return how many of an upload's events are in the history, and how many of them count not."""
    row = session.sql(
        f"""SELECT count(*), count(*) FILTER (WHERE {period.ended}),
        count(*) FILTER (WHERE {period.not_begun}) FROM history WHERE upload_rank = {rank}"""  # noqa: S608
    ).first()
    assert row is not None  # noqa: S101 (an aggregate has one row)
    return Kept(events=row[0], after=row[1], before=row[2])


def _instant(micros: int | None) -> dt.datetime | None:
    return None if micros is None else _EPOCH + dt.timedelta(microseconds=micros)
