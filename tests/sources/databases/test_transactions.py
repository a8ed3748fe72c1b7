"""Transactions as rows of change files."""

import datetime as dt

import pytest

from tessera.errors import InvalidInput
from tessera.sources.databases import pgoutput
from tessera.sources.databases.pgoutput import Unsent
from tessera.sources.databases.transactions import (
    StreamPlace,
    TableChange,
    TableEmptied,
    TransactionEnd,
    Transactions,
    sequence_text,
)
from tests.sources.databases import messages
from tests.sources.databases.messages import BIGINT, BOOLEAN, DOMAIN, MOMENT, TEXT

KEYS = {("public", "orders"): ("id",)}
TABLE = messages.relation(("id", BIGINT), ("note", TEXT))
DAY = 86_400_000_000


def read(*data: bytes, transactions: Transactions | None = None) -> list[object]:
    reader = transactions or Transactions(KEYS)
    return [rows for each in data for rows in reader.read(pgoutput.decode(each))]


def changes(*data: bytes, transactions: Transactions | None = None) -> list[TableChange]:
    rows = read(*data, transactions=transactions)
    return [one for one in rows if isinstance(one, TableChange)]


def test_a_change_has_the_time_of_its_commit_and_a_sequence_that_grows() -> None:
    first, second = changes(
        messages.begin(DAY + 5), TABLE, messages.insert("1", "a"), messages.insert("2", None)
    )

    assert (first.op, first.values, first.commit_at) == (
        "I", ("1", "a"), "2000-01-02 00:00:00.000005",
    )  # fmt: skip
    assert second.values == ("2", None)
    assert (len(first.sequence), first.sequence < second.sequence) == (16 + 19, True)


def test_a_changed_key_deletes_the_old_row_and_inserts_the_new_one() -> None:
    rows = changes(messages.begin(0), TABLE, messages.update(["2", "a"], ["1", "a"]))

    assert [(one.op, one.values) for one in rows] == [("D", ("1", "a")), ("I", ("2", "a"))]


def test_a_long_value_that_did_not_change_comes_from_the_row_before() -> None:
    (rows,) = changes(
        messages.begin(0), TABLE, messages.update(["1", Unsent.UNCHANGED], ["1", "long"])
    )

    assert (rows.op, rows.values) == ("U", ("1", "long"))


@pytest.mark.parametrize("kind", [b"K", b"N"])
def test_without_the_row_before_such_a_value_is_refused_with_what_to_do(kind: bytes) -> None:
    old = ["1", None] if kind == b"K" else []
    update = messages.update(["1", Unsent.UNCHANGED], old, kind=kind)

    with pytest.raises(InvalidInput, match=r"public\.orders.*'note'.*REPLICA IDENTITY FULL"):
        changes(messages.begin(0), TABLE, update)


def test_a_delete_has_the_row_before() -> None:
    (rows,) = changes(messages.begin(0), TABLE, messages.delete("1", "a"))

    assert (rows.op, rows.values) == ("D", ("1", "a"))


def test_truncate_empties_only_the_tables_that_are_read() -> None:
    other = messages.relation(("id", BIGINT), number=9, table="other")

    assert read(TABLE, other, messages.truncate(9, messages.ORDERS)) == [
        TableEmptied(schema="public", table="orders")
    ]


def test_a_column_that_was_added_is_in_later_rows() -> None:
    wider = messages.relation(("id", BIGINT), ("note", TEXT), ("total", TEXT))
    before, after = changes(
        messages.begin(0), TABLE, messages.insert("1", "a"), wider, messages.insert("2", "b", "3")
    )

    assert before.relation.names == ("id", "note")
    assert (after.relation.names, after.values) == (("id", "note", "total"), ("2", "b", "3"))


def test_a_key_column_that_was_dropped_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"public\.orders.*'id'"):
        read(messages.relation(("number", BIGINT), ("note", TEXT)))


def test_booleans_and_moments_are_as_dms_writes_them() -> None:
    table = messages.relation(("id", BIGINT), ("paid", BOOLEAN), ("at", MOMENT), ("own", DOMAIN))
    (rows,) = changes(
        messages.begin(0), table, messages.insert("1", "t", "2026-11-01 10:00:00.5+00", "f"),
        transactions=Transactions(KEYS, base_types={DOMAIN: BOOLEAN}),
    )  # fmt: skip

    assert rows.values == ("1", "true", "2026-11-01 10:00:00.5", "false")


def test_a_clock_that_goes_back_does_not_change_the_order_of_commits() -> None:
    early, late = changes(
        messages.begin(2 * DAY), TABLE, messages.insert("1", "a"), messages.commit(20),
        messages.begin(DAY), messages.update(["1", "b"], ["1", "a"]), messages.commit(30),
    )  # fmt: skip

    assert late.commit_at == early.commit_at
    assert late.sequence > early.sequence


def test_a_stream_goes_on_where_it_was_left() -> None:
    transactions = Transactions(KEYS, place=StreamPlace(commit_micros=DAY, changes=41))
    (rows,) = changes(
        messages.begin(0), TABLE, messages.insert("1", "a"), transactions=transactions
    )

    assert rows.sequence.endswith("0000042")
    assert transactions.place == StreamPlace(commit_micros=DAY, changes=42)


def test_the_end_of_a_transaction_says_how_far_the_log_was_read() -> None:
    assert read(messages.begin(0), messages.commit(77)) == [TransactionEnd(end=77)]


def test_a_change_of_an_undescribed_table_is_refused() -> None:
    with pytest.raises(InvalidInput, match="drop the slot"):
        read(messages.begin(0), messages.insert("1", "a"))


def test_a_sequence_has_sixteen_digits_of_time() -> None:
    moment = dt.datetime(2026, 11, 28, 9, 8, 7, 654_321, tzinfo=dt.UTC)

    assert sequence_text(moment, 3) == "2026112809080765" + "0" * 18 + "3"
