"""The events that a run counts, from its own upload and from every other, as one Spark view."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from adapters.aws.objects import Objects
from adapters.engines.spark.tables import read_tables
from adapters.stores.events import EventStore, UploadRecord
from tessera.contracts.tables import EVENTS
from tessera.customers.summary import Period, one_per_event_id
from tessera.events.counts import Kept, Span

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def open_history(
    session: SparkSession,
    objects: Objects,
    store: EventStore,
    *,
    uploads: Sequence[UploadRecord],
    own: tuple[str, DataFrame] | None = None,
) -> DataFrame:
    """Make the view ``history``: all events, the oldest upload first, each event_id once.

    Parameters
    ----------
    uploads
        The oldest first.
    own
        The upload that was read and is not stored yet: its id and its events.

    Returns
    -------
    DataFrame
        Kept on the executors' disks: unpersist it.

    Raises
    ------
    InvalidInput
        The files of an upload are gone: another run has replaced it.
    """
    frames = [
        (
            own[1].select(*EVENTS.names)
            if own and own[0] == record.id
            else read_tables(session, objects, store.keys(record), EVENTS)
        ).selectExpr("*", f"{rank} AS upload_rank")
        for rank, record in enumerate(uploads)
    ]
    return _kept(session, uploads, frames)


def _kept(
    session: SparkSession, records: Sequence[UploadRecord], frames: Sequence[DataFrame]
) -> DataFrame:
    events = frames[0]
    for frame in frames[1:]:
        events = events.union(frame)
    if any(record.event_ids for record in records):
        events.createOrReplaceTempView("all_events")
        events = session.sql(one_per_event_id("all_events"))
    kept = events.persist(StorageLevel.MEMORY_AND_DISK)
    kept.createOrReplaceTempView("history")
    return kept


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
