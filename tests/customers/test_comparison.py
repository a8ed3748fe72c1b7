"""Which events arrived late, and which correct what was published."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from tessera.customers.comparison import Known, added, without_added
from tessera.customers.summary import Period

MARCH = Period(as_of=dt.date(2026, 3, 1), window_months=0, time_zone="UTC")
KNOWN = Known(uploads=1, later_uploads=1, last_event_at=dt.datetime(2026, 2, 20, 12, tzinfo=dt.UTC))
COLUMNS = "customer_key, event, occurred_at, amount, order_id, upload_rank"
OLD = [
    "('ann', 'PURCHASED', TIMESTAMP '2026-02-10 12:00:00', 10.0, '1', 0)",
    "('bo', 'PURCHASED', TIMESTAMP '2026-02-11 12:00:00', 20.0, NULL, 0)",
]


@pytest.fixture
def counted():
    """Return which of a later upload's rows count as known when March was published."""

    def run(row: str, *, known: Known = KNOWN) -> bool:
        with duckdb.connect() as db:
            for name in ("history", "all_events"):
                rows = ", ".join([*OLD, f"({row}, 1)"])
                db.execute(f"CREATE TABLE {name} AS SELECT * FROM (VALUES {rows}) t({COLUMNS})")
            late = ""
            if known.has_both_kinds:
                query = added("history", events="all_events", known=known, previous=MARCH)
                db.execute(f"CREATE TABLE added_rows AS {query}")
                late = "added_rows"
            query = without_added("history", known=known, added=late)
            assert db.execute(f"{query} AND upload_rank = 0").fetchall().__len__() == len(OLD)
            return bool(db.execute(f"{query} AND upload_rank = 1").fetchall())

    return run


@pytest.mark.parametrize(
    "row",
    [
        "'ann', 'PURCHASED', TIMESTAMP '2026-02-15 12:00:00', 10.0, '2'",  # another day
        "'ann', 'PURCHASED', TIMESTAMP '2026-02-10 18:00:00', 11.0, '2'",  # another amount
        "'ann', 'REFUNDED', TIMESTAMP '2026-02-12 12:00:00', -10.0, '1'",  # its first refund
        "'cy', 'PURCHASED', TIMESTAMP '2026-02-10 12:00:00', 10.0, '3'",  # another customer
        "'bo', 'PURCHASED', TIMESTAMP '2026-02-15 12:00:00', 20.0, NULL",
        "'bo', 'PURCHASED', TIMESTAMP '2026-02-25 12:00:00', 20.0, '1'",  # after all that was known
    ],
)
def test_an_order_that_no_earlier_upload_has_arrived_late(counted, row):
    assert not counted(row)


@pytest.mark.parametrize(
    "row",
    [
        "'ann', 'PURCHASED', TIMESTAMP '2026-02-15 12:00:00', 12.0, '1'",  # a line of a known order
        "'ann', 'PURCHASED', TIMESTAMP '2026-02-10 12:00:00', 10.0, 'A-1'",  # with a new number
        "'ann', 'PURCHASED', TIMESTAMP '2026-02-11 02:00:00', 10.0, 'A-1'",  # and in another zone
        "'bo', 'PURCHASED', TIMESTAMP '2026-02-11 12:00:00', 20.0, NULL",
        "'cy', 'PURCHASED', TIMESTAMP '2026-01-28 12:00:00', 9.0, '9'",  # more than a month old
    ],
)
def test_what_is_known_already_or_long_ago_corrects_the_history(counted, row):
    assert counted(row)


def test_without_two_kinds_of_uploads_only_later_events_are_late(counted):
    replaced = Known(uploads=2, later_uploads=0, last_event_at=KNOWN.last_event_at)
    assert counted("'cy', 'PURCHASED', TIMESTAMP '2026-02-15 12:00:00', 9.0, '9'", known=replaced)
    assert not counted(
        "'cy', 'PURCHASED', TIMESTAMP '2026-02-20 12:00:01', 9.0, '9'", known=replaced
    )


def test_a_record_that_is_gone_leaves_the_day_alone(counted):
    gone = Known(uploads=1, later_uploads=1, last_event_at=None)
    assert counted("'ann', 'PURCHASED', TIMESTAMP '2026-02-10 12:00:00', 10.0, 'A-1'", known=gone)
