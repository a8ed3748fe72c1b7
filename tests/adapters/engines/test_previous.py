"""Today's history at the moments between two runs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.engines.duckdb import history, outputs
from adapters.engines.duckdb.own_events import sort_events
from adapters.engines.duckdb.reading.files.upload_file import UploadFile
from adapters.engines.duckdb.reading.ingest import ingest
from adapters.engines.duckdb.session import connect
from adapters.engines.duckdb.summaries import (
    Comparison,
    SummaryFiles,
    write_previous,
    write_summary,
)
from tessera.contracts.tables import PREVIOUS
from tessera.customers.comparison import Known
from tessera.customers.summary import Period
from tessera.events.pseudonym import customer_keys, hmac_blocks
from tessera.settings import RunSettings

SECRET = b"a secret for tests"
TODAY, BEFORE = dt.date(2024, 6, 1), dt.date(2024, 3, 1)
UPLOAD = """CustomerID,Date,UnitPrice,OrderID
old,2023-04-15T12:00:00Z,10,1
old,2024-05-01T12:00:00Z,5,2
slid,2023-04-15T12:00:00Z,7,3
new,2024-05-05T12:00:00Z,9,4
"""


@pytest.fixture
def compare(tmp_path: Path):
    """Write PREVIOUS for an earlier run's window. Return its rows by customer_id."""

    def run(*, window_months: int, same_period: bool) -> dict[str, dict[str, Any]]:
        path = tmp_path / "upload.csv"
        path.write_text(UPLOAD)
        key_of = customer_keys(SECRET, tenant="default")
        published = tmp_path / "published.parquet"
        known = {"customer_key": [key_of("old"), key_of("gone")], "segment": ["Loyal", "Lost"]}
        pq.write_table(pa.table(known), published)
        files = SummaryFiles.below(tmp_path)
        with connect(tmp_path, memory_limit_mb=512) as db:
            parts = [UploadFile(path.name, path)]
            ingest(db, parts, settings=RunSettings(), currency="", folder=tmp_path)
            outputs.make_keys(db, hmac_blocks(SECRET, tenant="default"))
            sort_events(db)
            history.open_own(db)
            period = Period(as_of=TODAY, window_months=0, time_zone="UTC")
            write_summary(db, period=period, files=files, products=False)
            comparison = Comparison(
                previous=Period(as_of=BEFORE, window_months=window_months, time_zone="UTC"),
                published=[published],
                as_of=TODAY,
                same_period=same_period,
                customers=files.customers,
                known=Known(uploads=1, later_uploads=0, last_event_at=None),
            )
            write_previous(db, comparison, path=tmp_path / "previous.parquet")
        id_of = {key_of(each): each for each in ("old", "slid", "new", "gone")}
        rows = pq.read_table(tmp_path / "previous.parquet").to_pylist()
        assert [row["customer_key"] for row in rows] == sorted(id_of)
        return {id_of[row["customer_key"]]: row for row in rows}

    return run


def test_everyone_of_either_run_has_the_history_of_the_day_before(compare):
    rows = compare(window_months=0, same_period=True)
    old = rows["old"]
    assert old["segment"] == "Loyal"
    assert (old["corrected_frequency"], old["corrected_monetary"]) == (1, Decimal(10))
    assert old["corrected_recency_days"] == (BEFORE - dt.date(2023, 4, 15)).days
    assert (rows["new"]["segment"], rows["new"]["corrected_events"]) == (None, None)
    assert (rows["gone"]["segment"], rows["gone"]["corrected_events"]) == ("Lost", None)
    for row in rows.values():  # Score derives this from these and the present customers
        assert row["aged_events"] is row["behaved_events"] is None


def test_with_a_window_time_alone_takes_purchases_away(compare):
    rows = compare(window_months=12, same_period=True)
    assert rows["slid"]["corrected_frequency"] == 1  # April 2023 is in the year before March 2024
    assert rows["slid"]["aged_events"] is None  # and not in the year before June
    assert rows["old"]["aged_events"] is None  # what it bought in May was not known in March
    assert rows["old"]["behaved_events"] is None


def test_another_period_is_folded_as_the_earlier_run_would(compare):
    rows = compare(window_months=12, same_period=False)
    assert (rows["old"]["behaved_frequency"], rows["old"]["behaved_monetary"]) == (1, Decimal(5))
    assert rows["new"]["behaved_recency_days"] == (TODAY - dt.date(2024, 5, 5)).days


def test_a_first_run_has_an_empty_table(tmp_path):
    with connect(tmp_path, memory_limit_mb=512) as db:
        write_previous(db, None, path=tmp_path / "previous.parquet")
    table = pq.read_table(tmp_path / "previous.parquet")
    assert (table.num_rows, tuple(table.column_names)) == (0, PREVIOUS.names)
