"""The tally of a run's rows is the same, however they are partitioned."""

from __future__ import annotations

import dataclasses
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.sending.outcomes import (
    BEFORE,
    CLAIMED,
    DEFERRED,
    RecipientRow,
    added,
    count_rows,
)
from tests.campaigns.fakes import NINE, hexes

ROWS = st.lists(
    st.builds(
        RecipientRow,
        recipient=st.integers(0, 40).map(hexes),
        state=st.sampled_from([CLAIMED, *BEFORE]),
        at=st.integers(0, 9).map(lambda minutes: NINE + dt.timedelta(minutes=minutes)),
        reason=st.sampled_from(["quota", "rate"]),
    ),
    max_size=30,
    unique_by=lambda row: row.recipient,
)


@given(rows=ROWS)
def test_partitions_add_up_to_the_whole(rows):
    whole = count_rows(rows, planned=50)
    parts = [
        count_rows([row for row in rows if row.recipient[0] == digit], planned=0)
        for digit in "0123456789abcdef"
    ]
    # Of two deferrals in the same microsecond either one is the last.
    assert dataclasses.replace(added(parts, planned=50), last_deferral="") == dataclasses.replace(
        whole, last_deferral=""
    )
    assert added(parts, planned=50).untouched == 50 - len(rows)


def test_the_last_deferral_of_all_partitions_is_named():
    rows = [
        RecipientRow(recipient=hexes(n), state=DEFERRED, at=NINE + n * dt.timedelta(hours=1),
                     reason=f"refusal {n}")
        for n in (1, 3, 2)
    ]  # fmt: skip
    tally = added((count_rows([row], planned=0) for row in rows), planned=3)
    assert (tally.last_deferral, tally.waiting) == ("refusal 3", 3)
