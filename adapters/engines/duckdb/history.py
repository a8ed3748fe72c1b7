"""The events that a run counts, from its own upload and from every other, as one relation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from adapters.engines.duckdb.session import Connection, only_row, parquet, scalar
from adapters.engines.history import COUNTED, count_history, has_event_ids, settle_history
from adapters.engines.overlap import EVENTS, VOIDED
from adapters.stores.events import UploadRecord
from tessera.contracts.tables import EVENTS as EVENTS_CONTRACT
from tessera.customers.orders.overlap import Overlap
from tessera.customers.orders.overlap import newness as newness_of
from tessera.customers.summary import HISTORY, Period
from tessera.events.counts import Kept, Span
from tessera.events.products import CATEGORY, PRODUCT


def own_rows(relation: str, *, customer: str) -> str:
    """Return the query for an upload's own events with a history's columns.

    Parameters
    ----------
    relation
        Of events.
    customer
        Its column that says whose an event is.
    """
    columns = ", ".join(EVENTS_CONTRACT.names[1:])
    return f"SELECT {customer} AS customer_key, {columns}, 0 AS upload_rank FROM {relation}"  # noqa: S608


BY_CUSTOMER = "history_by_customer"  # the history in the order of its customers
# Of the customers in a table ``asked``, which who reads it has made.
OF_ASKED = "(SELECT * FROM history SEMI JOIN asked USING (customer_key))"
_PLACES = "upload_files"


def _columns(absent: Collection[str]) -> list[str]:
    names = EVENTS_CONTRACT.names
    return [f"NULL::VARCHAR AS {name}" if name in absent else name for name in names]


# Files of uploads without categories or products may lack their columns.
_BY_CELLS = (_columns(()), _columns([CATEGORY]), _columns(PRODUCT))


@dataclasses.dataclass(frozen=True)
class StoredUpload:
    """An upload's events and voided orders in local files, and what is known about them."""

    files: list[Path]
    record: UploadRecord
    voided: Sequence[Path] = ()


def open_history(
    connection: Connection, uploads: Sequence[StoredUpload], *, own: str | None = None
) -> Overlap:
    """Make ``history``: the events of all uploads that count, the oldest upload first.

    ``history_by_customer`` has them in the order of their customers. An upload's own events lie so.

    Text as long as a key is slow to compare. ``history.customer_key`` is whatever stands for the
    customer in this run: the place of the customer_key among all, which ``names`` says.

    Parameters
    ----------
    own
        The upload whose events are in ``own_events`` too.

    Returns
    -------
    Overlap
        How far the uploads overlap.
    """
    records = [upload.record for upload in uploads]
    relations = DuckDBRelations(connection)
    alone = [record.id for record in records] == [own] and not has_event_ids(records)
    if alone:
        _count_own(connection, name=COUNTED)
        overlap = settle_history(relations, records, Overlap())
    else:
        _number(connection, uploads)
        overlap = count_history(relations, records, own=own)
    cut = overlap.overdrawn_orders > 0  # returns that are cut come from a join, in no order
    _view(connection, BY_CUSTOMER, "history" if alone and not cut else by_customer("history"))
    return overlap


def open_own(connection: Connection) -> None:
    """Make ``history`` and ``names`` of ``own_events`` alone, which repeat no event_id."""
    _count_own(connection, name="history")
    _view(connection, BY_CUSTOMER, "history")


def by_customer(events: str) -> str:
    """Return a relation of events in the order of their customers."""
    return f"(SELECT * FROM {events} ORDER BY customer_key)"  # noqa: S608 (our own names)


def _count_own(connection: Connection, *, name: str) -> None:
    own = own_rows("own_events", customer="place")
    connection.execute(f"CREATE VIEW {name} AS {own}")
    connection.execute("CREATE VIEW names AS SELECT place AS name, customer_key FROM customer_keys")


def _view(connection: Connection, name: str, relation: str) -> None:
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {relation}")  # noqa: S608


@dataclasses.dataclass(frozen=True)
class DuckDBRelations:
    """What the shared steps need of the engine."""

    connection: Connection

    def keep(self, name: str, query: str) -> None:
        """Make a table."""
        self.connection.execute(f"CREATE TABLE {name} AS {query}")

    def view(self, name: str, query: str) -> None:
        """Make a view."""
        self.connection.execute(f"CREATE VIEW {name} AS {query}")

    def number(self, query: str) -> int:
        """Return the one number that a query gives."""
        return int(scalar(self.connection, query))

    def money(self, query: str) -> Decimal:
        """Return the one amount that a query gives."""
        return Decimal(scalar(self.connection, query))


def _number(connection: Connection, uploads: Sequence[StoredUpload]) -> None:
    """Make ``names``, a number for every customer_key, and the uploads' rows with these numbers.

    The files of all uploads are read at once, each row with its upload's place by the file's name:
    a query for each upload would take the square of their number to plan.
    """
    paths = [path for upload in uploads for path in upload.files]
    connection.execute(
        f"""CREATE TABLE names AS
        SELECT (row_number() OVER (ORDER BY customer_key))::INTEGER AS name, customer_key
        FROM (SELECT DISTINCT customer_key FROM {parquet(paths)})"""  # noqa: S608 (our own names)
    )
    _place(connection, uploads)
    texts = [
        _stored(files, columns=columns)
        for kind, columns in enumerate(_BY_CELLS)
        if (
            files := [path for each in uploads if _kind(each.record) == kind for path in each.files]
        )
    ]
    connection.execute(
        f"""CREATE TABLE {EVENTS} AS
        SELECT name AS customer_key, {", ".join(HISTORY[1:])}, newness
        FROM ({" UNION ALL ".join(texts)}) AS stored JOIN names USING (customer_key)"""  # noqa: S608
    )
    voided = [path for upload in uploads if upload.record.voided for path in upload.voided]
    if voided:
        connection.execute(
            f"""CREATE TABLE {VOIDED} AS
            SELECT name AS customer_key, order_id, occurred_at, newness
            FROM ({_stored(voided, columns=["customer_key", "order_id", "occurred_at"])}) AS stored
            JOIN names USING (customer_key)"""  # noqa: S608
        )


def _kind(record: UploadRecord) -> int:
    """Return which of ``_BY_CELLS`` an upload's files have."""
    if record.categories:
        return 0
    return 1 if record.products else 2


def _place(connection: Connection, uploads: Sequence[StoredUpload]) -> None:
    """Make a table of each file's upload: its place among all, and how new it is."""
    newness = newness_of([upload.record.held for upload in uploads])
    rows = [
        (str(path), rank, newness[rank])
        for rank, upload in enumerate(uploads)
        for path in [*upload.files, *upload.voided]
    ]
    places = pa.table(
        {
            "filename": [file for file, _, _ in rows],
            "upload_rank": pa.array([rank for _, rank, _ in rows], pa.int32()),
            "newness": pa.array([new for _, _, new in rows], pa.int32()),
        }
    )
    connection.register("given_places", places)
    connection.execute(f"CREATE TABLE {_PLACES} AS SELECT * FROM given_places")  # noqa: S608
    connection.unregister("given_places")


def _stored(paths: list[Path], *, columns: Sequence[str]) -> str:
    """Return the query of files' rows with the places of their uploads."""
    return (
        f"SELECT {', '.join(columns)}, upload_rank, newness "  # noqa: S608 (our own names)
        f"FROM {parquet(paths, filename=True)} JOIN {_PLACES} USING (filename)"
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


def largest_money(
    connection: Connection, *, of: str = "history", customer: str = "customer_key"
) -> Decimal:
    """Return the largest sum of one customer's amounts, without their signs."""
    sums = f"SELECT sum(abs(amount)) AS money FROM {of} GROUP BY {customer}"  # noqa: S608 (our own names)
    return Decimal(scalar(connection, f"SELECT max(money) FROM ({sums})") or 0)  # noqa: S608


def _instant(micros: int) -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)


def kept_of(connection: Connection, *, rank: int, period: Period) -> Kept:
    """Return how many of an upload's events are in history, and how many of them count not."""
    query = f"""SELECT count(*), count(*) FILTER ({period.ended}),
        count(*) FILTER ({period.not_begun}) FROM history WHERE upload_rank = {rank}"""  # noqa: S608
    events, after, before = only_row(connection, query)
    return Kept(events=int(events), after=int(after), before=int(before))
