"""The gate of clicks: a gain counts only if it is surely above 0."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.forecasting.click_gate import click_gate, not_compared
from tessera.customers.forecasting.confidence import SURE


@pytest.mark.parametrize(("errors", "kept"), [(1.6, False), (1.7, True), (-3.0, False)])
def test_a_gain_counts_from_1_645_standard_errors_on(errors, kept):
    noise = np.tile([1.0, -1.0], 200)
    gains = noise + errors * noise.std() / np.sqrt(len(noise))
    gate = click_gate(5 + gains, np.full(400, 5.0), loss="log loss")
    assert gate.kept == kept
    assert gate.gain_error == pytest.approx(1 / np.sqrt(400))
    assert gate.gain_from == pytest.approx(gate.gain - SURE * gate.gain_error, abs=1e-6)
    assert gate.reason.startswith("Clicks count:" if kept else "Clicks do not count, because")


def test_outcomes_of_one_customer_are_one_observation():
    draw = np.random.default_rng(3)
    gains = np.repeat(draw.normal(0.2, 1, 50), 20)
    customer = np.repeat(np.arange(50), 20)
    apart = click_gate(gains, np.zeros(1000), loss="log loss")
    together = click_gate(gains, np.zeros(1000), loss="log loss", customer=customer)
    assert (apart.customers, together.customers) == (1000, 50)
    assert together.gain_error == pytest.approx(apart.gain_error * np.sqrt(20), rel=1e-4)


def test_equal_losses_prove_nothing():
    assert not click_gate(np.ones(9), np.ones(9), loss="log loss").kept
    assert not click_gate(np.ones(0), np.ones(0), loss="log loss").kept


def test_without_a_comparison_there_is_a_reason_and_no_figure():
    gate = not_compared("all rows describe one day", loss="log loss")
    assert (gate.kept, gate.customers, gate.gain) == (False, 0, None)
    assert gate.reason == "Clicks do not count, because all rows describe one day"
