"""From accepted rows to the tables that a run leaves: identities, events, customers, features."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from adapters.engines.session import Connection, in_zone, only_row, parquet, scalar, text
from adapters.parquet import write_batches
from tessera.contracts.tables import CUSTOMERS, FEATURES, IDENTITIES
from tessera.customers.summary import (
    Period,
    customer_summary,
    duckdb_days,
    features,
    one_per_event_id,
)
from tessera.events.reasons import AFTER_AS_OF, BEFORE_WINDOW, DUPLICATE_EVENT

_BATCH = 122_880
_KEYS = pa.schema([("customer_id", pa.string()), ("customer_key", pa.string())])


def make_keys(connection: Connection, key_of: Callable[[str], str]) -> None:
    """Make ``customer_keys``: each customer_id's pseudonym, computed once."""
    distinct = connection.cursor().sql("SELECT DISTINCT customer_id FROM accepted_rows")
    reader = distinct.to_arrow_reader(_BATCH)

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            ids = batch.column(0)
            keys = pa.array([key_of(each) for each in ids.to_pylist()], pa.string())
            yield pa.RecordBatch.from_arrays([ids.cast(pa.string()), keys], schema=_KEYS)

    connection.register("made", pa.RecordBatchReader.from_batches(_KEYS, batches()))
    connection.execute("CREATE TABLE customer_keys AS SELECT * FROM made")
    connection.unregister("made")


def write_events(connection: Connection, path: Path) -> Path:
    """Write the accepted rows as EVENTS, by customer: smaller, and faster to fold, than any way."""
    connection.execute(
        f"""COPY (
            SELECT customer_key, event::VARCHAR AS event, occurred_at, amount, order_id, event_id
            FROM accepted_rows JOIN customer_keys USING (customer_id) ORDER BY customer_key
        ) TO {text(str(path))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"""  # noqa: S608
    )
    return path


# Of rows with one address the latest says where the customer lives; of equally late ones the
# first by its text, so that the order of rows decides nothing.
_IDENTITIES = """
WITH seen AS (
    SELECT customer_id, nullif(trim(upper(channel_type)), '') AS channel_type,
        nullif(trim(address), '') AS address, username, city, state, country,
        max(occurred_at) AS seen_at
    FROM ({people}) AS people GROUP BY ALL
), latest AS (
    SELECT *, row_number() OVER (
        PARTITION BY customer_id, channel_type, address
        ORDER BY seen_at DESC, username, city, state, country
    ) AS place FROM seen
)
SELECT customer_key, customer_id, username, channel_type, address, city, state, country,
    seen_at AS last_seen_at
FROM latest JOIN customer_keys USING (customer_id)
WHERE place = 1"""


def write_identities(connection: Connection, path: Path, *, people: str, time_zone: str) -> Path:
    """Write who the customers are, one row a customer and address, as IDENTITIES.

    Parameters
    ----------
    people, time_zone
        The query for them, and the session's time zone under it.
    """
    with in_zone(connection, time_zone):
        connection.execute(f"CREATE TABLE identities AS {_IDENTITIES.format(people=people)}")
    ordered = "SELECT * FROM identities ORDER BY customer_key, channel_type, address"
    reader = connection.cursor().sql(ordered).to_arrow_reader(_BATCH)
    write_batches(path, reader, IDENTITIES)
    connection.execute("DROP TABLE identities")
    return path


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
    found = [f"SELECT customer_key FROM {parquet(paths)}"] if paths else []  # noqa: S608
    connection.execute(
        f"""CREATE TABLE names AS
        SELECT (row_number() OVER (ORDER BY customer_key))::INTEGER AS name, customer_key
        FROM (SELECT DISTINCT customer_key FROM ({" UNION ALL ".join(known + found)}))"""  # noqa: S608 (our own names)
    )


def _create_numbered(connection: Connection, query: str) -> None:
    connection.execute(
        f"""CREATE TABLE history AS
        SELECT name AS customer_key, event, occurred_at, amount, order_id, event_id, upload_rank
        FROM ({query}) AS found JOIN names USING (customer_key)"""  # noqa: S608
    )


def last_event_at(connection: Connection, *, before: str = "") -> dt.datetime | None:
    """Return the instant of history's last event, or of the last for which SQL holds."""
    where = f" WHERE {before}" if before else ""
    micros = scalar(connection, f"SELECT epoch_us(max(occurred_at)) FROM history{where}")  # noqa: S608
    return None if micros is None else instant_of(micros)


def iso(micros: int | None) -> str | None:
    """Return the instant of microseconds since 1970 as ISO 8601."""
    return None if micros is None else instant_of(micros).isoformat()


def instant_of(micros: int) -> dt.datetime:
    """Return the instant of microseconds since 1970."""
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def ignored(connection: Connection, *, rank: int, stored: int, period: Period) -> dict[str, int]:
    """Return how many of an upload's stored events don't count, by reason."""
    query = f"""SELECT count(*), count(*) FILTER ({period.ended}),
        count(*) FILTER ({period.not_begun}) FROM history WHERE upload_rank = {rank}"""  # noqa: S608
    kept, after, before = only_row(connection, query)
    counts = collections.Counter(
        {
            AFTER_AS_OF.code: int(after),
            BEFORE_WINDOW.code: int(before),
            DUPLICATE_EVENT.code: stored - int(kept),
        }
    )
    return {code: count for code, count in sorted(counts.items()) if count}


def counted(connection: Connection, *, rank: int, period: Period) -> int:
    """Return how many of an upload's events count."""
    query = f"""SELECT count(*) FROM history WHERE upload_rank = {rank}
        AND NOT ({period.ended}) AND NOT ({period.not_begun})"""  # noqa: S608
    return int(scalar(connection, query))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Totals:
    """What the summary adds up to."""

    customers: int
    buyers: int
    orders: int
    monetary: str


def write_summary(
    connection: Connection, *, period: Period, customers: Path, features_path: Path
) -> Totals:
    """Write CUSTOMERS and FEATURES, sorted, so that equal events give equal bytes."""
    query = customer_summary("history", period=period, days_until_as_of=duckdb_days(period))
    named = f"""SELECT summary.* REPLACE (names.customer_key AS customer_key)
        FROM ({query}) AS summary JOIN names ON summary.customer_key = names.name
        ORDER BY names.customer_key"""  # noqa: S608 (our own names)
    reader = connection.cursor().sql(named).to_arrow_reader(_BATCH)
    write_batches(customers, reader, CUSTOMERS)
    source = parquet([customers])
    reader = connection.cursor().sql(features(source)).to_arrow_reader(_BATCH)
    write_batches(features_path, reader, FEATURES)
    row = only_row(
        connection,
        f"""SELECT count(*), count(*) FILTER (frequency > 0), COALESCE(sum(frequency), 0)::BIGINT,
        COALESCE(sum(monetary), 0)::DECIMAL(38, 4)::VARCHAR FROM {source}""",  # noqa: S608
    )
    money = str(row[3])
    return Totals(
        customers=int(row[0]),
        buyers=int(row[1]),
        orders=int(row[2]),
        monetary=money.removesuffix("00") if money.endswith("00") else money,
    )
