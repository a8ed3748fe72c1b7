"""An upload read and checked on Spark, by the product's own functions: no row is read otherwise.

Two passes over its bytes: one hashes them and finds where to cut, one reads rows. An upload is read
once more where its first rows leave open how it writes numbers or dates, or its currency, and where
all of its rows show more of its ids.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import expr

from adapters.aws.objects import Objects
from adapters.engines.ingested import IngestedRows
from adapters.engines.spark.reading.currencies import counted_currency, usual_currency
from adapters.engines.spark.reading.differences import differences_of
from adapters.engines.spark.reading.erased import without_erased
from adapters.engines.spark.reading.judge import JudgeRows
from adapters.engines.spark.reading.judged import (
    EVENT,
    events_of,
    forget,
    judge_upload,
    voiding_of,
    whose,
)
from adapters.engines.spark.reading.order_rows import ReadOrders
from adapters.engines.spark.reading.parts import SparkPart, open_part
from adapters.engines.spark.reading.rows import ReadSlices
from adapters.engines.spark.reading.upload import CutUpload, survey_upload
from adapters.engines.spark.reading.writing import check_order, dates_of, mark_of
from tessera.events.counts import Tally
from tessera.events.erased import ErasedPeople
from tessera.events.money_notes import money_notes
from tessera.events.names import ENDS_A_SUBSCRIPTION, code_of_uncounted
from tessera.events.persons.reading import IdRules
from tessera.events.reasons import ANONYMOUS, BY_CODE, ERASED, OTHER_CURRENCY
from tessera.events.rejects import Reject, faulty_header
from tessera.records.runs.ticket import Part
from tessera.settings import RunSettings
from tessera.sources.differences import is_compared
from tessera.sources.orders.money import included_by
from tessera.sources.recognition.decision import one_mapping, source_of
from tessera.sources.rows import Currency, Reading

_OWN_CODES = (ANONYMOUS.code, ERASED.code)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SparkIngested(IngestedRows):
    """What an upload holds.

    Parameters
    ----------
    sha256
        Of each part.
    events, identities
        Its events, and who their customers are. Kept on the executors' disks: ``close`` them.
    voiding
        The rows that void an order.
    """

    sha256: list[str]
    events: DataFrame
    identities: DataFrame
    voiding: DataFrame
    _parts: Sequence[SparkPart]
    _rows: DataFrame
    _kept: Sequence[DataFrame]

    def rejects(self) -> Iterator[Reject]:
        """Yield the refused rows, by file and line."""
        refused = self._rows.where("code IS NOT NULL").select("part", "line", "code", "raw")
        for row in refused.orderBy("part", "line", "code", "raw").toLocalIterator():
            part, code = self._parts[row["part"]], row["code"]
            header = faulty_header(code, header=part.header, columns=part.columns)
            yield Reject(part.key, row["line"], header, code, BY_CODE[code].meaning, row["raw"])

    def close(self) -> None:
        """Forget the rows."""
        for frame in self._kept:
            frame.unpersist()


def ingest(
    session: SparkSession,
    objects: Objects,
    uploaded: Sequence[Part],
    *,
    sizes: Sequence[int],
    settings: RunSettings,
    currency: str,
    tenant: str,
    secret: bytes,
    uploaded_at: dt.datetime | None = None,
    erased: ErasedPeople | None = None,
) -> SparkIngested:
    """Read an upload's parts.

    Parameters
    ----------
    uploaded, sizes
        Its parts as the ticket names them, in order, and their bytes.
    currency
        The currency of the tenant's history. Empty when there is none.
    tenant, secret
        Make the customers' keys.
    uploaded_at
        When the upload came: later dates are faults. None takes them.
    erased
        People whose rows are ignored, and counted. None for nobody.

    Raises
    ------
    InvalidInput
        A file is not in the contract, or its amounts or dates could be read two ways.
    """
    pairs = zip(uploaded, sizes, strict=True)
    parts = [open_part(objects, each, size=size, settings=settings) for each, size in pairs]
    mapping = one_mapping((part.key, part.mapping) for part in parts)
    hashes, slices = survey_upload(session, objects, parts)
    read = ReadSlices(bucket=objects.bucket, parts=[part.bare for part in parts], mapping=mapping)
    upload = CutUpload(session, parts, read, slices)
    mark = mark_of(upload, settings, currency)
    if mapping.export is not None:
        bare = [part.bare for part in parts]
        orders = ReadOrders(parts=bare, mapping=mapping, mark=mark, included=included_by(settings))
        upload = dataclasses.replace(upload, orders=orders)
    reading = Reading(
        mark=mark,
        time_zone=mapping.time_zone or settings.time_zone,
        mapping=mapping,
        dates=dates_of(upload, settings, uploaded_at=uploaded_at),
        ids=IdRules(doubtful_ids=settings.doubtful_ids),
    )
    own = settings.currency or currency or usual_currency(upload, reading)
    judge = JudgeRows(
        reading=reading,
        currency=Currency(code=own, rates=settings.currency_rates),
        tenant=tenant,
        secret=secret,
        compares=any(is_compared(part.columns) for part in parts),
    )
    upload_rows = judge_upload(upload, judge)
    upload = upload_rows.upload
    if not own and upload_rows.counts[OTHER_CURRENCY.code, ""]:
        # A sign far from the first rows: only now is it known that the upload has a currency.
        own = counted_currency(upload, reading)
        judge = dataclasses.replace(
            judge, currency=Currency(code=own, rates=settings.currency_rates)
        )
        forget(upload_rows)
        upload_rows = judge_upload(upload, judge)
    on_disk = (upload_rows.rows, upload_rows.people)
    upload_rows = without_erased(upload_rows, erased)
    rows, counts = upload_rows.rows, upload_rows.counts
    check_order(upload, counts, dates=reading.dates)
    events = events_of(rows)
    if upload_rows.subscriptions:
        kept = f"CASE WHEN {ENDS_A_SUBSCRIPTION} THEN 0 ELSE amount END"
        events = events.withColumn("amount", expr(f"CAST({kept} AS DECIMAL(18, 4))"))
    notes = differences_of(rows).notes if judge.compares else ()
    money = money_notes(currency=own, one_assumed=upload_rows.one_assumed)
    return SparkIngested(
        tally=Tally(
            read=counts.total(),
            rejected={code: n for (code, _), n in sorted(counts.items()) if code},
            not_events={
                event if event in _OWN_CODES else code_of_uncounted(event): n
                for (code, event), n in sorted(counts.items())
                if not code and event != EVENT
            },
        ),
        currency=own,
        mark=reading.mark,
        source=source_of(mapping, settings=settings, dates=reading.dates, notes=(*notes, *money)),
        people=whose(upload_rows),
        sha256=hashes,
        events=events.drop("part", "line", "code", "raw"),
        identities=upload_rows.people,
        voiding=voiding_of(rows),
        _parts=parts,
        _rows=rows,
        _kept=on_disk,
    )
