"""The climb: it finds maxima, keeps to its box, and goes up where a function is not concave."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.spend.maximum import Box, Peak, climb

BOX = Box(low=np.array([-5.0, -5.0]), high=np.array([5.0, 5.0]))


def hill(top):
    """A quadratic with its axes askew."""
    shape = np.array([[-2.0, 0.9], [0.9, -1.0]])

    def at(point):
        off = point - np.array(top)
        return Peak(float(off @ shape @ off / 2), shape @ off, shape)

    return at


def bell(point):
    """Two bells' product: convex far from its top at (1, 2)."""
    off = point - np.array([1.0, 2.0])
    value = float(np.exp(-(off @ off) / 2))
    return Peak(value, -value * off, value * (np.outer(off, off) - np.eye(2)))


def test_a_hill_is_climbed_to_its_top():
    here, peak = climb(hill((1.5, -2.0)), start=np.zeros(2), box=BOX)
    assert here == pytest.approx([1.5, -2.0])
    assert peak.value == pytest.approx(0.0)


def test_where_a_function_is_convex_it_still_goes_up():
    here, _ = climb(bell, start=np.array([-2.0, 4.0]), box=BOX)
    assert here == pytest.approx([1.0, 2.0], abs=1e-4)


def test_a_top_outside_is_approached_along_the_bound():
    here, _ = climb(hill((9.0, 0.0)), start=np.zeros(2), box=BOX)
    assert here[0] == 5.0
    assert here[1] == pytest.approx(-3.6)


def test_a_flat_function_ends_where_it_starts():
    here, _ = climb(
        lambda point: Peak(1.0, np.zeros(2), np.zeros((2, 2))), start=np.ones(2), box=BOX
    )
    assert here.tolist() == [1.0, 1.0]
