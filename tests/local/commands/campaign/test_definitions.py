"""A campaign of a ready definition."""

from __future__ import annotations

import datetime as dt

import pytest

from local.commands.campaign.definitions import NewCampaign, campaign_id, create
from tessera.errors import InvalidInput
from tests.local.commands.campaign.fake_api import FakeConsoleApi

TODAY = dt.date(2026, 12, 1)


@pytest.fixture
def api():
    published = [
        {"id": "win-back", "published": {"number": 3}}, {"id": "other", "published": {"number": 1}},
        {"id": "newsletter", "published": None},
    ]  # fmt: skip
    return FakeConsoleApi(**{"/v1/templates": {"items": published}})


def test_variants_have_the_template_of_their_name_or_the_one_that_is_named(api):
    create(api, NewCampaign(ready="at_risk", templates={"newsletter": "other"}), today=TODAY)
    ((method, path, change),) = api.sent
    assert (method, path, change["version"]) == ("PUT", "/v1/campaigns/at-risk-and-loyal", 0)
    definition = change["definition"]
    assert [one["template"] for one in definition["variants"]] == [
        {"id": "win-back", "version": 3}, {"id": "other", "version": 1},
    ]  # fmt: skip
    assert definition["schedule"]["first_day"] == "2026-12-01"


def test_the_command_line_changes_the_definition(api):
    wanted = NewCampaign(
        ready="at_risk", id="mine", templates={"newsletter": "other"}, holdout=0.5,
        hours=("00:00", "23:59"), days=7,
    )  # fmt: skip
    create(api, wanted, today=TODAY)
    definition = api.sent[0][2]["definition"]
    assert (definition["id"], definition["holdout"]["share"], definition["result_days"]) == (
        "mine", 0.5, 7,
    )  # fmt: skip
    assert definition["schedule"]["hours"] == {"from": "00:00", "until": "23:59"}


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (NewCampaign(ready="nothing"), "there is no ready campaign 'nothing': there are 'at_risk'"),
        (
            NewCampaign(ready="at_risk"),
            "template 'newsletter', but 'win-back', 'other'",
        ),
    ],
)
def test_what_is_missing_is_named(api, wanted, words):
    with pytest.raises(InvalidInput, match=words):
        create(api, wanted, today=TODAY)
    assert api.sent == []


@pytest.mark.parametrize("text", ["", "../keys", "a/b", "A", "x?y=1"])
def test_no_other_address_is_called(text):
    with pytest.raises(InvalidInput, match="no id of a campaign"):
        campaign_id(text)
