"""What a million messages cost, by part."""

from __future__ import annotations

import pytest

from tessera.insights.cost.messages import message_cost


def test_a_million_mails_cost_what_ses_takes_and_some_dollars_for_their_rows():
    cost = message_cost(1_000_000, by_mail=True)
    assert {part.part: part.usd for part in cost.parts} == {
        "mails": 100.0, "writes": 3.75, "reads": 0.25,
    }  # fmt: skip
    assert cost.usd == pytest.approx(104.0)
    assert cost.region == "us-east-1"


def test_messages_to_a_webhook_cost_nothing_at_ses():
    cost = message_cost(1_000, by_mail=False)
    assert [part.units for part in cost.parts] == [0, 6_000, 2_000]
    assert cost.usd == 0.004


def test_nothing_sent_costs_nothing():
    assert message_cost(0, by_mail=True).usd == 0
