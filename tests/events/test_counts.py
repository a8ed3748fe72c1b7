from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tessera.events.counts import Kept, Tally, account_of, check_share

TALLY = Tally(read=10, rejected={"bad_date": 2, "bad_amount": 1}, not_events={"not_an_event": 1})


def test_every_row_is_in_one_group():
    rows = account_of(TALLY, Kept(events=5, after=1, before=1))
    assert (rows.read, rows.accepted) == (10, 3)
    assert rows.ignored == {
        "after_as_of": 1, "before_window": 1, "duplicate_event": 1, "not_an_event": 1,
    }  # fmt: skip
    assert rows.accepted + sum(rows.ignored.values()) + sum(rows.rejected.values()) == rows.read


def test_more_events_than_rows_are_a_fault_of_ours():
    with pytest.raises(AssertionError, match="rows went missing"):
        account_of(TALLY, Kept(events=7, after=0, before=0))


def check(tally: Tally, *, max_bad_share: float = 0.2) -> None:
    check_share(tally, name="a.csv", max_bad_share=max_bad_share, rejects="s3://b/rejects")


def test_too_many_bad_rows_are_refused_with_the_most_frequent_fault_first():
    check(TALLY, max_bad_share=0.3)
    with pytest.raises(InvalidInput) as error:
        check(TALLY, max_bad_share=0.29)
    text = str(error.value)
    assert "3 of 10 rows are bad (30.0%)" in text
    assert "bad_date 2, bad_amount 1" in text
    assert "are in s3://b/rejects" in text


def test_a_file_without_rows_is_refused():
    with pytest.raises(InvalidInput, match=r"a\.csv has a header but no rows"):
        check(Tally(read=0, rejected={}, not_events={}), max_bad_share=1)
