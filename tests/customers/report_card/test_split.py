"""Where histories are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.report_card.split import (
    LEAST_CALIBRATION_DAYS,
    LEAST_HOLDOUT_DAYS,
    MOST_HOLDOUT_DAYS,
    holdout_days,
)


@pytest.mark.parametrize(
    ("span", "held_out"),
    [(117, None), (118, 28), (126, 35), (365, 119), (546, 182), (819, 273), (3_650, 273)],
)
def test_a_third_is_held_out_in_whole_weeks(span, held_out):
    assert holdout_days(span) == held_out


@given(st.integers(0, 20_000))
def test_both_parts_are_long_enough_or_there_is_no_cut(span):
    days = holdout_days(span)
    if days is None:
        assert span < LEAST_CALIBRATION_DAYS + LEAST_HOLDOUT_DAYS
    else:
        assert LEAST_HOLDOUT_DAYS <= days <= MOST_HOLDOUT_DAYS
        assert span - days >= LEAST_CALIBRATION_DAYS
        assert days % 7 == 0
