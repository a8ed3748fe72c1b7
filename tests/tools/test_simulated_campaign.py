"""The simulated campaign of the console's tests has a truth, and its results have it too."""

from __future__ import annotations

import numpy as np
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


def test_the_profiles_are_those_of_its_people_and_say_their_band_not_exactly(made):
    profiles = made.profiles
    keys = [key.decode() for key in made.people.customer_key.tolist()]
    assert profiles.column("customer_key").to_pylist() == sorted(keys) == keys
    risk = np.array(profiles.column("p_no_order_90d").to_pylist())
    high, low = (risk[made.people.churn_band == band] for band in ("High", "Low"))
    assert low.mean() < 0.3
    assert high.mean() > 0.7
    assert low.max() > high.min()
    assert profiles.column("recency_days").null_count > 0


def test_it_is_the_same_each_time(made):
    again = simulated_campaign()
    assert again.purchases.amount.tolist() == made.purchases.amount.tolist()
    assert again.people.is_held_out.tolist() == made.people.is_held_out.tolist()
