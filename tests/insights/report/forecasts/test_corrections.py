"""What was learnt from the purchase model's past misses."""

from __future__ import annotations

import dataclasses

import numpy as np

from tessera.customers.forecasting.click_gate import click_gate
from tessera.insights.report.forecasts.corrections import corrections
from tests import forecast_records as records

ORDERS = records.learnt().orders


def test_the_strongest_reason_comes_first_with_what_it_multiplies_by(read_html):
    text = " ".join(read_html(corrections(ORDERS, {})).text.split())
    pace, silence = "last 90 days against the usual pace 1.49", "days of silence 0.82"
    assert text.index(pace) < text.index(silence)
    assert "bought again 100.0 % and 0.0 %" in text
    assert "learnt from 6 earlier days of this shop, each with the 120 days after it" in text
    assert "orders were −10.0 % off what the purchase model expected" in text


def test_without_proof_nothing_counts(read_html):
    plain = dataclasses.replace(ORDERS, blends={}, regression=None, cuts=1)
    text = read_html(corrections(plain, {})).text
    assert "1 earlier day of this shop" in text
    assert "so neither counts" in text


def test_what_clicks_and_e_mails_proved_is_in_words(read_html):
    taken = click_gate(np.full(9, 2.0), np.ones(9), loss="Poisson deviance")
    refused = click_gate(np.ones(9), np.full(9, 2.0), loss="log loss")
    orders = dataclasses.replace(ORDERS, clicks=taken)
    opened = click_gate(np.ones(9), np.full(9, 2.0), loss="log loss", of="e-mails")
    chance = dataclasses.replace(records.learnt().chances["30"], clicks=refused, emails=opened)
    text = " ".join(read_html(corrections(orders, {"30": chance})).text.split())
    assert f"Of orders: {taken.reason}." in text
    assert f"Of no order in 30 days: {refused.reason}." in text
    assert "Of no order in 30 days: E-mails do not count, because they prove nothing: on 9" in text
    assert "Clicks" not in read_html(corrections(ORDERS, records.learnt().chances)).text
