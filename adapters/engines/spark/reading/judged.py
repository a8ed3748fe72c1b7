"""An upload's rows as they were judged, kept on the executors' disks."""

from __future__ import annotations

import collections
import dataclasses

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql.functions import count_if, expr

from adapters.engines.spark.reading.judge import JudgeRows
from adapters.engines.spark.reading.persons import (
    anonymous_of,
    crowded_ids,
    doubts_of,
    linked,
    lost_zeros,
    people_of,
)
from adapters.engines.spark.reading.rows import SPILLED
from adapters.engines.spark.reading.upload import CutUpload
from tessera.customers.orders.order_lines import IS_VOID
from tessera.events.counts import People
from tessera.events.names import SUBSCRIPTIONS, UNCOUNTED
from tessera.events.persons.reading import IdRules
from tessera.events.reasons import ANONYMOUS
from tessera.records.runs.prepare import Anonymous

_NO_EVENT = f"code IS NULL AND event IN {UNCOUNTED}"
EVENT = "event"  # any of the events, where rows are counted


@dataclasses.dataclass(frozen=True)
class Judged:
    """What rows say, kept on disk, and how many say so, by code and event.

    ``people`` has who their customers are, and ``upload`` is cut only where records end.
    """

    upload: CutUpload
    rows: DataFrame
    counts: collections.Counter[tuple[str, str]]
    zeros: int
    stood_in: int
    doubted: int
    subscriptions: bool
    one_assumed: int
    people: DataFrame


def judge_upload(upload: CutUpload, judge: JudgeRows) -> Judged:
    """Judge an upload, again where the file as a whole shows more of its ids."""
    judged = _judged(upload, judge)
    upload = judged.upload
    zeros = lost_zeros(judged.rows) if judged.zeros else {}
    if zeros:
        judge = _with_rules(judge, dataclasses.replace(judge.reading.ids, zeros=zeros))
        forget(judged)
        judged = _judged(upload, judge)
    crowds = crowded_ids(judged.people)
    if crowds:
        judge = _with_rules(judge, dataclasses.replace(judge.reading.ids, crowds=crowds))
        forget(judged)
        judged = _judged(upload, judge)
    return judged


def _with_rules(judge: JudgeRows, ids: IdRules) -> JudgeRows:
    return dataclasses.replace(judge, reading=dataclasses.replace(judge.reading, ids=ids))


def forget(judged: Judged) -> None:
    """Free the executors' disks."""
    judged.rows.unpersist()
    judged.people.unpersist()


def _judged(upload: CutUpload, judge: JudgeRows) -> Judged:
    rows = upload.judged(judge).persist(StorageLevel.DISK_ONLY)
    counted = (
        rows.groupBy("part", "code", "event")
        .agg(
            count_if(expr("true")).alias("count"),
            count_if(expr("customer_id IS NULL")).alias("anonymous"),
            count_if(expr("customer_id LIKE '0%'")).alias("zeros"),
            count_if(expr("stand_in IS NOT NULL")).alias("stood_in"),
            count_if(expr("doubt <> ''")).alias("doubted"),
            count_if(expr("one_assumed AND code IS NULL")).alias("one_assumed"),
        )
        .collect()
    )
    spilled = {row["part"] for row in counted if row["code"] == SPILLED}
    if spilled:  # quotes without order: such a file has no known places to cut
        rows.unpersist()
        return _judged(upload.without_cuts(spilled), judge)
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for row in counted:
        if row["code"] or row["event"] in UNCOUNTED:
            counts[row["code"] or "", "" if row["code"] else row["event"]] += row["count"]
        else:
            counts["", EVENT] += row["count"] - row["anonymous"]
            counts["", ANONYMOUS.code] += row["anonymous"]
    stood_in = sum(row["stood_in"] for row in counted)
    if stood_in:
        ids = judge.reading.ids
        again = linked(rows, rules=ids, tenant=judge.tenant, secret=judge.secret)
        stood_in = again.where(f"customer_id = stand_in AND NOT ({_NO_EVENT})").count()
        rows.unpersist()
        rows = again
    columns = {name for part in upload.parts for name in part.columns}
    return Judged(
        upload=upload,
        rows=rows,
        counts=+counts,
        zeros=sum(row["zeros"] for row in counted),
        stood_in=stood_in,
        doubted=sum(row["doubted"] for row in counted),
        subscriptions=any(row["event"] in SUBSCRIPTIONS for row in counted if not row["code"]),
        one_assumed=sum(
            row["one_assumed"] for row in counted if "quantity" in upload.parts[row["part"]].columns
        ),
        people=people_of(events_of(rows), columns=columns).persist(StorageLevel.DISK_ONLY),
    )


def events_of(rows: DataFrame) -> DataFrame:
    """Return the rows that are customers' events."""
    return rows.where(f"code IS NULL AND event NOT IN {UNCOUNTED} AND customer_id IS NOT NULL")


def voiding_of(rows: DataFrame) -> DataFrame:
    """Return the rows that void a customer's order."""
    return rows.where(
        f"code IS NULL AND {IS_VOID} AND customer_id IS NOT NULL AND order_id IS NOT NULL "
        "AND occurred_at IS NOT NULL"
    ).select("customer_key", "order_id", "occurred_at")


def whose(judged: Judged) -> People:
    """Return whose the rows are."""
    some = bool(judged.counts["", ANONYMOUS.code])
    return People(
        anonymous=anonymous_of(judged.rows) if some else Anonymous(monetary="0.0000"),
        stood_in=judged.stood_in,
        doubts=doubts_of(judged.rows) if judged.doubted else {},
    )
