"""Replication messages as values, whatever arrives."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.sources.databases import pgoutput
from tessera.sources.databases.pgoutput import Unsent
from tests.sources.databases import messages

VALUES = st.lists(
    st.none() | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")), min_size=1
)


@given(VALUES)
def test_a_row_comes_through_with_every_value(values: list[str | None]) -> None:
    change = pgoutput.decode(messages.insert(*values))

    assert isinstance(change, pgoutput.RowChange)
    assert (change.op, change.new, change.old) == ("I", tuple(values), None)


def test_an_update_has_the_row_before_and_what_it_did_not_send() -> None:
    change = pgoutput.decode(messages.update(["1", Unsent.UNCHANGED], ["1", "long"]))

    assert isinstance(change, pgoutput.RowChange)
    assert change.new == ("1", Unsent.UNCHANGED)
    assert (change.old, change.whole) == (("1", "long"), True)


def test_a_table_has_its_columns_in_order() -> None:
    table = pgoutput.decode(messages.relation(("id", 20), ("größe", 25), schema="shop"))

    assert isinstance(table, pgoutput.Relation)
    assert (table.schema, table.table, table.names) == ("shop", "orders", ("id", "größe"))


def test_several_tables_can_be_truncated_at_once() -> None:
    assert pgoutput.decode(messages.truncate(5, 6)) == pgoutput.Truncate(relations=(5, 6))


@pytest.mark.parametrize("kind", [b"O", b"Y", b"M"])
def test_a_message_without_rows_says_nothing(kind: bytes) -> None:
    assert pgoutput.decode(kind + b"whatever") is None


@given(st.binary(max_size=60))
def test_bytes_of_any_kind_are_a_message_or_refused(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        pgoutput.decode(data)


def test_a_message_that_was_cut_off_is_refused() -> None:
    whole = messages.insert("1", "a longer value")

    with pytest.raises(InvalidInput, match="broken replication message"):
        pgoutput.decode(whole[:-3])
