"""Earlier cuts: their number, their order, and the history before and after each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.customers.forecasting.history.windows import (
    CUTS,
    QUARTER,
    THIRD,
    earlier_cuts,
    window_days,
)


def by_day(now: int, days: int, part: int) -> list[int]:
    """The same rule counted from the first purchase, as the figures of docs/model.md had it."""
    first, last = max(45 if part > THIRD else 60, now // part), now - days
    if last < first:
        return [last] if last >= 45 else []
    return list(range(last, first - 1, -max(7, (last - first) // 5)))[:6]


@given(st.integers(1, 2_000), st.integers(0, 600), st.integers(1, 700), st.sampled_from([3, 4]))
def test_cuts_are_those_of_the_rule(span, until, days, part):
    cuts = earlier_cuts(span_days=span, until_days_ago=until, days=days, part=part)
    assert [span - cut for cut in cuts] == by_day(span - until, days, part)


@given(st.integers(1, 2_000), st.integers(1, 700), st.sampled_from([THIRD, QUARTER]))
def test_windows_end_in_time_and_have_a_history_before_them(span, asked, part):
    days = window_days(asked, span_days=span, part=part)
    assert days <= asked
    assert days <= span / part
    until = days if part == QUARTER else 0
    cuts = earlier_cuts(span_days=span, until_days_ago=until, days=days, part=part)
    assert len(cuts) <= CUTS
    assert cuts == sorted(cuts)
    for cut in cuts:
        assert cut - days >= until
        assert span - cut >= 45
    if cuts:
        assert cuts[0] == until + days  # the latest that can be


@pytest.mark.parametrize(("span", "cuts"), [(60, []), (67, [22]), (90, [30]), (400, 6)])
def test_a_longer_history_has_more_cuts(span, cuts):
    days = window_days(365, span_days=span, part=THIRD)
    made = earlier_cuts(span_days=span, until_days_ago=0, days=days, part=THIRD)
    assert (len(made) if cuts == 6 else made) == cuts
