"""An upload read and checked row by row: the fast path for nearly all, care for the rest.

``read = accepted + ignored + rejected`` holds for every upload, and is asserted. It is asserted
too that no record of a file escaped the reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from adapters.engines.duckdb.reading.counting import Ingested, StagedUpload, count_rows
from adapters.engines.duckdb.reading.erased import remove_erased
from adapters.engines.duckdb.reading.fast_path import create_event_type, read_rows
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.people import create_people
from adapters.engines.duckdb.reading.persons import (
    create_persons,
    crowded_ids,
    read_ids,
    with_ids,
)
from adapters.engines.duckdb.reading.slow_path import read_odd_rows
from adapters.engines.duckdb.reading.staging import stage, table_of
from adapters.engines.duckdb.reading.stand_ins import usual_contacts
from adapters.engines.duckdb.reading.verdicts import (
    Currencies,
    currencies_of,
    fault_of_money,
    judge,
)
from adapters.engines.duckdb.reading.writing import check_order, dates_of, mark_of
from adapters.engines.duckdb.session import Connection, as_written, in_order, in_zone, scalar
from tessera.events.erased import ErasedPeople
from tessera.events.persons.reading import IdRules
from tessera.settings import RunSettings
from tessera.sources.orders.money import included_by
from tessera.sources.orders.rows import OrderReader
from tessera.sources.recognition.decision import one_mapping
from tessera.sources.rows import Reading


def ingest(
    connection: Connection,
    parts: Sequence[UploadFile],
    *,
    settings: RunSettings,
    currency: str,
    folder: Path,
    uploaded_at: dt.datetime | None = None,
    erased: ErasedPeople | None = None,
) -> Ingested:
    """Read an upload's parts into the relation ``accepted_rows``.

    Parameters
    ----------
    parts
        Its files, in order.
    currency
        The currency of the tenant's history. Empty when there is none.
    folder
        An empty folder for copies.
    uploaded_at
        When the upload came: later dates are faults. None takes them.
    erased
        People whose rows are ignored, and counted. None for nobody.

    Raises
    ------
    InvalidInput
        A file is not in the contract, or its amounts or dates could be read two ways.
    """
    with as_written(connection, [part.path for part in parts]):
        return _ingest(
            connection, parts, settings=settings, currency=currency, folder=folder,
            uploaded_at=uploaded_at, erased=erased,
        )  # fmt: skip


def _ingest(
    connection: Connection,
    parts: Sequence[UploadFile],
    *,
    settings: RunSettings,
    currency: str,
    folder: Path,
    uploaded_at: dt.datetime | None,
    erased: ErasedPeople | None,
) -> Ingested:
    create_event_type(connection)
    for part in parts:
        part.open(connection, settings=settings, folder=folder)
    mapping = one_mapping((part.name, part.mapping) for part in parts)
    mark = mark_of(connection, parts, settings=settings, currency=currency)
    for index, part in enumerate(parts):
        if part.layout is not None:
            reader = OrderReader(layout=part.layout, mark=mark, included=included_by(settings))
            part.read_orders(connection, reader, table=f"orders_{index}")
    reading = Reading(
        mark=mark,
        time_zone=mapping.time_zone or settings.time_zone,
        mapping=mapping,
        dates=dates_of(
            connection, parts, settings=settings, mapping=mapping, uploaded_at=uploaded_at
        ),
        ids=IdRules(doubtful_ids=settings.doubtful_ids),
    )
    with in_zone(connection, reading.time_zone):
        for index, part in enumerate(parts):
            stage(connection, part, index, reading=reading, folder=folder)
        tables = " UNION ALL ".join(f"SELECT * FROM {table_of(i)}" for i in range(len(parts)))  # noqa: S608
        connection.execute(f"CREATE VIEW staged_rows AS {tables}")
        work = StagedUpload(connection, parts, settings, reading, currency)
        currencies = _judge(work)
        # Only who the customers are shows which ids are many people's.
        crowds = crowded_ids(connection)
        if crowds:
            currencies = _judge(work, crowds=crowds)
        removed = remove_erased(connection, erased) if erased else 0
        return count_rows(work, currencies, erased=removed)


def _judge(work: StagedUpload, *, crowds: frozenset[str] = frozenset()) -> Currencies:
    """Judge the staged rows, and make ``accepted_rows`` and ``people_rows``."""
    connection, parts, settings = work.connection, work.parts, work.settings
    reading = read_ids(connection, work.reading, crowds=crowds)
    staged = with_ids(connection, "FROM staged_rows")
    connection.execute(f"CREATE OR REPLACE VIEW staged AS {staged}")
    _start_apart(work, reading)
    _set_apart(work, reading=reading, apart="odd")
    rows = [
        with_ids(connection, read_rows(part.source(again=True), reading=reading)) for part in parts
    ]
    has = [frozenset(part.columns) for part in parts]
    read_odd_rows(connection, "marked", reading=reading, usual=usual_contacts(rows, has))
    currencies = currencies_of(
        connection, own=settings.currency or work.currency, rates=settings.currency_rates
    )
    fault = fault_of_money(currencies)
    _set_apart(work, reading=reading, apart=f"(NOT odd AND ({fault}) IS NOT NULL)")
    judge(connection, currencies)
    check_order(connection, parts, dates=reading.dates)
    create_persons(connection)
    constants = reading.mapping.constants
    create_people(connection, rows, has=has, constants=constants, fault=fault)
    return currencies


def _start_apart(work: StagedUpload, reading: Reading) -> None:
    first = read_rows(work.parts[0].source(again=True), reading=reading)
    work.connection.execute(
        "CREATE OR REPLACE TABLE marked AS SELECT 0 AS part, 0::BIGINT AS record, * "  # noqa: S608
        f"FROM ({first}) LIMIT 0"
    )


def _set_apart(work: StagedUpload, *, reading: Reading, apart: str) -> None:
    """Add to ``marked`` the rows that need care, read again in order, to know their records.

    Only the parts that have such rows are read again.
    """
    connection, parts = work.connection, work.parts
    with in_order(connection):
        for index, part in enumerate(parts):
            staged = with_ids(connection, f"FROM {table_of(index)}")
            query = f"SELECT count(*) FROM ({staged}) WHERE {apart}"  # noqa: S608
            expected = int(scalar(connection, query))
            if not expected:
                continue
            rows = read_rows(part.source(again=True), reading=reading)
            numbered = f"SELECT row_number() OVER () - 1 AS record, * FROM ({rows})"  # noqa: S608
            connection.execute(
                f"""INSERT INTO marked
                SELECT {index}, * FROM ({with_ids(connection, numbered)}) WHERE {apart}"""  # noqa: S608
            )
            query_marked = f"SELECT count(*) FROM marked WHERE part = {index} AND {apart}"  # noqa: S608
            marked = int(scalar(connection, query_marked))
            if marked != expected:
                raise AssertionError(
                    f"{part.name}: {expected} rows need care, but {marked} were marked"
                )
