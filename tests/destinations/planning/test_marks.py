"""Marks are found wherever they lie, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tessera.destinations.planning.marks import Marks, packed

MARK = st.integers(0, 2**128 - 1).map(lambda number: f"{number:032x}")


@given(marks=st.lists(MARK, max_size=20), other=MARK)
def test_whatever_was_packed_is_found_and_nothing_else(marks, other):
    marked = Marks(packed(marks))
    assert all(mark in marked for mark in marks)
    assert (other in marked) == (other in marks)
