"""The marks by which a customer can be searched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.events.search import MARK_BYTES, SearchMarks, digits_of

MARKS = SearchMarks("acme")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts=st.lists(TEXTS))
def test_each_text_has_one_mark_which_a_table_can_hold(texts):
    assert len(MARKS.of_ids(texts)) == MARK_BYTES * len(texts)
    for text in texts:
        named, *_ = MARKS.of_term(text)
        assert all(-(2**63) <= mark < 2**63 for mark in named)


@given(text=TEXTS)
def test_a_term_has_the_marks_of_the_id_and_address_that_it_is(text):
    (by_id, by_address), *_ = MARKS.of_term(text)
    wanted = text.strip()
    assert MARKS.of_ids([wanted]) == by_id.to_bytes(MARK_BYTES, "big", signed=True)
    assert MARKS.of_addresses([wanted]) == by_address.to_bytes(MARK_BYTES, "big", signed=True)


def test_equal_texts_of_two_tenants_or_kinds_have_unrelated_marks():
    text = ["4711"]
    one, other = MARKS, SearchMarks("zenith")
    made = {
        *(marks.of_ids(text) for marks in (one, other)),
        *(marks.of_addresses(text) for marks in (one, other)),
        *(marks.of_numbers(text) for marks in (one, other)),
    }
    assert len(made) == 6
    # What separates a tenant, a kind and a text stands in none of them.
    assert SearchMarks("a").of_ids(["b"]) != SearchMarks("ab").of_ids([""])


@pytest.mark.parametrize(
    ("address", "digits"),
    [
        ("+49 (170) 123-4567", "+491701234567"),
        ("0170.123/4567", "01701234567"),
        ("1-2-3", "123"),
        ("ann@example.com", ""),
        ("+", ""),
        ("+49 170 1234567 ext 5", ""),
        ("٠١٢٣٤٥", ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_its_digits(address, digits):
    assert digits_of(address) == digits


@pytest.mark.parametrize("term", ["+49 170 123", "0170/123", "12 34-5"])
def test_a_number_is_searched_as_a_phone_number_last(term):
    _, (number,) = MARKS.of_term(term)
    assert MARKS.of_numbers([digits_of(term)]) == number.to_bytes(MARK_BYTES, "big", signed=True)


@pytest.mark.parametrize("term", ["1234", "C-1", "ann@example.com", "", "%"])
def test_what_is_no_number_is_not(term):
    assert len(MARKS.of_term(term)) == 1
