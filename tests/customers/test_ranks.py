"""Customers in the order of a score."""

from __future__ import annotations

import numpy as np

from tessera.customers.ranks import Ranks


def test_equal_scores_share_a_place_and_its_weight():
    ranks = Ranks.of(np.array([3.0, 1.0, 3.0, 2.0]), weights=np.array([1.0, 2.0, 4.0, 3.0]))
    assert ranks.place.tolist() == [2, 0, 2, 1]
    assert ranks.weights.tolist() == [2, 3, 5]
    assert ranks.below.tolist() == [0, 2, 5]
    assert ranks.sums(np.array([10.0, 1.0, 1.0, 0.0])).tolist() == [2, 0, 14]


def test_a_tenth_is_that_of_the_middle():
    score = np.repeat([1.0, 2.0, 3.0], [10, 60, 30])
    assert Ranks.of(score, weights=np.ones(100)).tenths.tolist() == [0, 4, 8]
    assert Ranks.of(np.arange(20.0), weights=np.ones(20)).tenths.tolist() == [
        tenth for tenth in range(10) for _ in range(2)
    ]


def test_nobody_has_no_rank():
    nobody = Ranks.of(np.zeros(0), weights=np.zeros(0))
    assert len(nobody.tenths) == 0
