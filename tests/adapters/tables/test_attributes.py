"""Files of attributes put together: one row a customer and day, whatever order they came in."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.stores.attributes import AttributeRecord
from adapters.tables.attributes import OURS, file_table, joined, until
from tessera.errors import InvalidInput
from tessera.sources.attributes.reading import parse_attributes


def file(text, *, as_of="2024-01-01", name="people.csv"):
    """Return a stored file: its record, and its rows with ids for keys."""
    parsed = parse_attributes(text.encode(), name=name)
    record = AttributeRecord(
        id=name,
        name=name,
        content="",
        since="",
        as_of=as_of,
        customers=len(parsed.customer_ids),
        headers=parsed.headers,
        label_header=parsed.label_header,
        notes=parsed.notes,
    )
    return record, file_table(parsed, key_of=str)


def rows(*files, **given):
    return joined(list(files), **given).to_pylist()


def test_no_file_is_an_empty_table():
    table = joined([])
    assert (len(table), dict(zip(table.column_names, table.schema.types, strict=True))) == (0, OURS)


def test_a_row_describes_its_own_day_or_that_of_its_first_run():
    header = "customer_id,as of,plan,age,since,vip,churned\n"
    text = f"{header}b,,x,3,2023-05-01,yes,\na,2024-02-03,x,,,,yes\n"
    plain = {"churn_label": None, "age": 3.0, "plan": "x", "vip": True}
    assert rows(file(text)) == [
        {"customer_key": "a", "observed_at": dt.date(2024, 2, 3), "churn_label": True, "age": None,
         "plan": "x", "since": None, "vip": None},
        {"customer_key": "b", "observed_at": dt.date(2024, 1, 1), "since": dt.date(2023, 5, 1),
         **plain},
    ]  # fmt: skip


def test_of_two_files_about_one_day_the_later_wins_where_it_says_something():
    first = file("customer_id,plan,Age\na,x,3\nb,x,4\n", name="1")
    second = file("customer_id,PLAN,mood\na,z,good\nb,,good\nb2,z,good\n", name="2")
    assert [(r["customer_key"], r["plan"], r["Age"], r["mood"]) for r in rows(first, second)] == [
        ("a", "z", 3.0, "good"),
        ("b", "x", 4.0, "good"),
        ("b2", "z", None, "good"),
    ]
    assert [r["PLAN"] for r in rows(second, first)][:2] == ["x", "x"]


def test_files_about_different_days_are_different_rows():
    first = file("customer_id,plan\na,x\nb,x\n", name="1")
    second = file("customer_id,plan\na,z\nb,z\n", name="2", as_of="2024-02-01")
    table = joined([second, first])
    assert [(r["customer_key"], r["plan"]) for r in table.to_pylist()] == [
        ("a", "x"), ("a", "z"), ("b", "x"), ("b", "z"),
    ]  # fmt: skip
    assert len(until(table, dt.date(2024, 1, 31))) == 2


def test_zeros_and_ones_are_numbers_where_another_file_has_twos():
    first = file("customer_id,children\na,0\nb,1\n", name="1")
    second = file("customer_id,children\nc,2\nd,0\n", name="2")
    assert [row["children"] for row in rows(first, second)] == [0.0, 1.0, 2.0, 0.0]


def test_yes_and_no_take_the_words_of_a_file_that_has_more_of_them():
    whole = file("customer_id,lines\na,Yes\nb,No\nc,No phone\nd,Yes\n", name="1")
    part = file("customer_id,lines\ne,yes\nf,no\ng,\n", name="2")
    words = ["Yes", "No", "No phone", "Yes", "Yes", "No", None]
    assert [row["lines"] for row in rows(whole, part)] == words


def test_numbers_here_and_texts_there_are_refused_unless_ignored():
    first = file("customer_id,fee\na,0.5\nb,1\n", name="1")
    second = file("customer_id,fee\nc,low\nd,low\n", name="2")
    with pytest.raises(InvalidInput, match="numbers and texts in column 'fee'"):
        rows(first, second)
    assert "fee" not in rows(first, second, ignore=["Fee"])[0]


@pytest.mark.parametrize(
    ("given", "labels", "columns"),
    [
        ({}, [True, False], ["gone", "mood", "state"]),
        ({"label": "State"}, [False, True], ["churned", "gone", "mood"]),
        ({"label": "gone"}, [False, True], ["churned", "mood", "state"]),
        ({"ignore": ["churned"]}, [None, None], ["gone", "mood", "state"]),
        ({"label": "elsewhere"}, [None, None], ["churned", "gone", "mood", "state"]),
    ],
)
def test_the_label_is_the_files_own_or_the_one_that_the_settings_name(given, labels, columns):
    text = "customer_id,churned,state,gone,mood\na,yes,active,0,good\nb,no,Cancelled,1,bad\n"
    table = joined([file(text)], **given)
    assert table.column("churn_label").to_pylist() == labels
    assert table.column_names[3:] == columns


def test_a_label_that_is_neither_yes_nor_no_is_refused():
    with pytest.raises(InvalidInput, match="neither yes nor no"):
        rows(file("customer_id,mood\na,good\nb,bad\n"), label="mood")
