"""What came of each source is kept from run to run."""

from __future__ import annotations

import dataclasses
import datetime as dt

from tessera.insights.sources.arrivals import MOST, arrivals_until
from tessera.records.codec import decode
from tessera.records.runs.prepare import PrepareRecord, Rows
from tests.tickets import prepared_json, ticket, upload

START = dt.datetime(2026, 11, 1, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def prepared(rows: int = 10, **rejected: int) -> PrepareRecord:
    record = decode(PrepareRecord, prepared_json(as_of=START.date()), document="prepare.json")
    return dataclasses.replace(record, rows=Rows(read=rows, rejected=rejected))


def arrive(known, key: str, *, at: dt.datetime = START, run_id: str = "r1", **rows: int):
    of_run = ticket(run_id=run_id, upload=upload(key, key + "2"), started_at=at)
    return arrivals_until(known, ticket=of_run, prepare=prepared(**rows))


def test_a_runs_upload_is_an_arrival_of_its_source():
    known = arrive({}, "uploads/acme/database-orders/part-1.csv", rows=7, bad_date=2)
    [arrival] = known["database-orders"]
    assert (arrival.upload, arrival.at) == ("uploads/acme/database-orders/", START)
    assert (arrival.rows, arrival.refused) == (7, 2)


def test_a_scheduled_run_brings_nothing():
    known = arrive({}, "uploads/acme/x/part-1.csv")
    assert arrivals_until(known, ticket=ticket(run_id="r2"), prepare=prepared()) == known


def test_a_day_of_a_stream_that_comes_each_hour_is_one_arrival():
    known = {}
    for hour in range(3):
        at = START + hour * dt.timedelta(hours=1)
        known = arrive(
            known, "uploads/acme/stream-2026-11-01/part.csv", at=at, run_id=str(hour), rows=hour
        )
    known = arrive(known, "uploads/acme/stream-2026-11-02/part.csv", at=START + DAY, run_id="r9")
    assert [each.rows for each in known["stream"]] == [2, 10]


def test_a_table_that_is_replaced_is_an_arrival_each_time():
    known = {}
    for day in range(MOST + 5):
        at = START + day * DAY
        known = arrive(known, "uploads/t/crm-deals/part.csv", at=at, run_id=str(day), rows=day)
    assert [each.rows for each in known["crm-deals"]] == list(range(5, MOST + 5))


def test_a_run_that_is_finished_again_is_one_arrival():
    known = arrive({}, "uploads/t/crm-deals/part.csv")
    assert arrive(known, "uploads/t/crm-deals/part.csv") == known
