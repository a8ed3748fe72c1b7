"""The events that a run counts, from its own upload and from every other, as one relation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from adapters.engines.duckdb.session import Connection, only_row, parquet, scalar
from tessera.customers.summary import Period, one_per_event_id
from tessera.events.counts import Kept, Span

_LARGEST = """
SELECT max(money) FROM (SELECT sum(abs(amount)) AS money FROM history GROUP BY customer_key)"""


@dataclasses.dataclass(frozen=True)
class StoredUpload:
    """An upload's events in local files; ``event_ids`` says how many rows have an event_id."""

    id: str
    files: list[Path]
    event_ids: int


def open_history(
    connection: Connection, uploads: list[StoredUpload], *, own: str | None = None
) -> None:
    """Make ``history``: all events, the oldest upload first, each event_id once.

    Text as long as a key is slow to compare. ``history.customer_key`` is whatever stands for the
    customer in this run, and ``names`` says which customer_key that is: of this upload alone the
    customer_id, and among other uploads a number.

    Parameters
    ----------
    own
        The upload whose events are in ``accepted_rows`` too.
    """
    ranked = list(enumerate(uploads))
    if any(upload.event_ids for upload in uploads):
        _number(connection, uploads)
        texts = " UNION ALL ".join(_stored(upload, rank) for rank, upload in ranked)
        connection.execute(f"CREATE VIEW all_events AS {texts}")
        _create_numbered(connection, one_per_event_id("all_events"))
        return
    if [upload.id for upload in uploads] == [own]:
        connection.execute(f"CREATE VIEW history AS {_mine('customer_id', 0)}")
        connection.execute(
            "CREATE VIEW names AS SELECT customer_id AS name, customer_key FROM customer_keys"
        )
        return
    _number(connection, [upload for upload in uploads if upload.id != own], own=own is not None)
    texts = " UNION ALL ".join(
        f"{_mine('customer_key', rank)} JOIN customer_keys USING (customer_id)"
        if upload.id == own
        else _stored(upload, rank)
        for rank, upload in ranked
    )
    _create_numbered(connection, texts)


def _mine(name: str, rank: int) -> str:
    return (
        f"SELECT {name} AS customer_key, event, occurred_at, amount, order_id, event_id, "  # noqa: S608
        f"{rank} AS upload_rank FROM accepted_rows"
    )


def _stored(upload: StoredUpload, rank: int) -> str:
    return f"SELECT *, {rank} AS upload_rank FROM {parquet(upload.files)}"  # noqa: S608


def _number(connection: Connection, uploads: Sequence[StoredUpload], *, own: bool = False) -> None:
    """Make ``names``: a number for every customer_key of some uploads, and of this one."""
    paths = [path for upload in uploads for path in upload.files]
    known = ["SELECT customer_key FROM customer_keys"] if own else []
    stored = [f"SELECT customer_key FROM {parquet(paths)}"] if paths else []  # noqa: S608
    connection.execute(
        f"""CREATE TABLE names AS
        SELECT (row_number() OVER (ORDER BY customer_key))::INTEGER AS name, customer_key
        FROM (SELECT DISTINCT customer_key FROM ({" UNION ALL ".join(known + stored)}))"""  # noqa: S608 (our own names)
    )


def _create_numbered(connection: Connection, query: str) -> None:
    connection.execute(
        f"""CREATE TABLE history AS
        SELECT name AS customer_key, event, occurred_at, amount, order_id, event_id, upload_rank
        FROM ({query}) AS found JOIN names USING (customer_key)"""  # noqa: S608
    )


def span_of(connection: Connection, *, of: str = "history", where: str = "1 = 1") -> Span:
    """Return how many events a relation has, and from when to when."""
    row = only_row(
        connection,
        f"""SELECT count(*), epoch_us(min(occurred_at)), epoch_us(max(occurred_at)),
            coalesce(sum(abs(amount)), 0)
        FROM {of} WHERE {where}""",  # noqa: S608 (our own condition)
    )
    first, last = (None if micros is None else _instant(micros) for micros in row[1:3])
    return Span(events=int(row[0]), first=first, last=last, money=Decimal(row[3]))


def largest_money(connection: Connection) -> Decimal:
    """Return the largest sum of one customer's amounts, without their signs."""
    return Decimal(scalar(connection, _LARGEST) or 0)


def _instant(micros: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def kept_of(connection: Connection, *, rank: int, period: Period) -> Kept:
    """Return how many of an upload's events are in history, and how many of them count not."""
    query = f"""SELECT count(*), count(*) FILTER ({period.ended}),
        count(*) FILTER ({period.not_begun}) FROM history WHERE upload_rank = {rank}"""  # noqa: S608
    events, after, before = only_row(connection, query)
    return Kept(events=int(events), after=int(after), before=int(before))
