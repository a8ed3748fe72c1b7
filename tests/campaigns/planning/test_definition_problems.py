"""A definition that fits nobody is named before anybody is planned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.definition_problems import definition_problems
from tests.campaigns.made import document, schedule

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
LABELS = {"segment": ["At Risk"]}


def answered(**changes: Any) -> tuple[str, ...]:
    return definition_problems(
        parse_definition(document(**changes)),
        settings=CampaignSettings(),
        labels=LABELS,
        destinations=["braze", "meta"],
        shop_zone="Europe/Berlin",
        now=NOW,
    )


def test_a_definition_that_fits_the_tenant_has_no_problem():
    assert answered() == ()


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
    (only,) = answered(**changes)
    assert only.startswith(sentence)


def handing_over(to: str) -> dict[str, Any]:
    return {"channel": {"kind": "audience", "to": to}, "variants": [{"name": "a"}]}


@pytest.mark.parametrize(
    ("to", "sentence"),
    [("meta", "meta gets audiences by RFM segment only"), ("klaviyo", "add it to the setting")],
)
def test_a_destination_that_cannot_get_the_audience_is_named(to, sentence):
    (only,) = answered(**handing_over(to))
    assert sentence in only


def test_an_audience_goes_to_a_destination_of_the_shop_or_to_the_export():
    assert answered(**handing_over("braze")) == answered(**handing_over("export")) == ()
