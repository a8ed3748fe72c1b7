"""Pictures stay inside their frames."""

from __future__ import annotations

import math
import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tessera.insights.report.drawing import plots


@given(st.floats(1e-3, 1e5))
def test_ticks_are_round_and_apart(most):
    end = 1.06 * most
    ticks = plots.ticks(most, end=end)
    assert ticks[-1] == 0
    assert ticks[0] <= most
    places = [280 * math.sqrt(value / end) for value in ticks]
    assert all(above - below >= 25.9 for above, below in pairwise(places))


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=10))
def test_dots_stay_inside_their_frame(pairs):
    drawn = plots.calibration([plots.Point(*pair, "x") for pair in pairs], label="x")
    places = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert len(places) == len(pairs)
    for x, y in places:
        assert 40 <= float(x) <= 320
        assert 24 <= float(y) <= 304


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=40))
def test_columns_have_room_for_their_labels(counts):
    drawn = plots.columns([plots.Bar("a", count, "b") for count in counts], label="x")
    heights = [int(height) for height in re.findall(r"height:(\d+)px", drawn)]
    assert len(heights) == len(counts)
    assert max(heights) <= 150
    assert drawn.count("<small>a</small>") <= 10
    assert drawn.count('class="between"') == len(counts) - drawn.count("<small>a</small>")
