"""The simulated campaign of the console's tests has a truth, and its results have it too."""

from __future__ import annotations

import pytest

from tessera.campaigns.results.measuring import measure
from tools.simulated_campaign import DEFINITION, simulated_campaign


@pytest.fixture(scope="module")
def made():
    return simulated_campaign()


def test_each_promised_figure_has_the_truth_in_its_interval_and_a_verdict(made):
    results = measure([made.people], made.purchases, definition=DEFINITION, today=made.as_of)
    assert [(one.figure, one.verdict) for one in results.promised] == [
        ("reactivation", "more"),
        ("upsell", "more"),
        ("churn", "less"),
    ]
    for one in results.promised:
        assert one.difference.low <= made.result.promised[one.figure] <= one.difference.high


def test_it_is_the_same_each_time(made):
    again = simulated_campaign()
    assert again.purchases.amount.tolist() == made.purchases.amount.tolist()
    assert again.people.is_held_out.tolist() == made.people.is_held_out.tolist()
