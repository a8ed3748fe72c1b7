"""What keeps a campaign from being sent is named before anybody is planned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.preflight import problems
from tests.campaigns.made import document, schedule

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
GOOD = {
    "postal_address": "1 Main Street, Springfield",
    "from_name": "Example Shop",
    "from_address": "news@mail.shop.example",
}
LABELS = {"segment": ["At Risk"]}


def answered(settings: dict[str, Any], **changes: Any) -> tuple[str, ...]:
    return problems(
        parse_definition(document(**changes)),
        settings=CampaignSettings(**settings),
        labels=LABELS,
        shop_zone="Europe/Berlin",
        now=NOW,
    )


def test_a_campaign_with_sender_address_and_hours_can_be_sent():
    assert answered(GOOD) == ()


@pytest.mark.parametrize("name", GOOD)
def test_mail_needs_a_postal_address_and_a_sender(name):
    (sentence,) = answered(GOOD | {name: ""})
    assert sentence.startswith(f"The setting 'campaigns.{name}' is empty")


def test_a_webhook_needs_none_of_them():
    webhook = {"kind": "webhook", "to": "https://hooks.example.com/tessera"}
    assert answered({}, channel=webhook, variants=[{"name": "a"}]) == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"audience": {"segments": ["Lost"]}},
            "campaign 'win-back': audience, segment has 'Lost', expected one of 'At Risk'",
        ),
        (
            {"schedule": schedule(hours={"from": "05:00", "until": "06:00"})},
            "nothing is left of the hours 05:00 to 06:00 in Europe/Berlin",
        ),
        (
            {
                "schedule": schedule(kind="daily", last_day="2026-11-30", first_day="2026-11-01"),
                "again_after_days": 9,
            },
            "The campaign's last day was 2026-11-30",
        ),
    ],
)
def test_labels_hours_and_days_that_fit_nobody_are_named(changes, sentence):
    (only,) = answered(GOOD, **changes)
    assert only.startswith(sentence)
