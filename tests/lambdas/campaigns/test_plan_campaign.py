"""The functions that plan a run and count an audience."""

from __future__ import annotations

import json

import pytest

from lambdas.count_audience.handler import handler as count
from lambdas.plan_campaign.handler import handler as plan
from tessera.errors import InvalidInput
from tests.campaign_shop import customer
from tests.campaigns.made import document

PEOPLE = [customer(f"p{n}", consent="GRANTED") for n in range(20)]
DAY = {"first_day": "2126-12-01", "kind": "once"}


def test_a_run_is_planned_and_awaits_approval(shop, capsys):
    shop.finish_run(PEOPLE)
    reply = plan({"tenant": "shop", "run": shop.ask(schedule=DAY)}, None)
    assert reply["run_id"] == "win-back-r001"
    assert reply["counts"]["eligible"] + reply["counts"]["held_out"] == 20
    assert shop.runs.read("win-back-r001").state == "AWAITING_APPROVAL"
    log = capsys.readouterr().out
    assert "mail.example" not in log
    assert json.loads(log.splitlines()[-1])["run_id"] == "win-back-r001"


def test_an_audience_is_counted(shop, capsys):
    shop.finish_run(PEOPLE)
    event = {"tenant": "shop", "definition": document(schedule=DAY)}
    reply = count(event, None)
    assert reply["counts"]["selected"] == 20
    assert reply["problems"] == []
    assert "mail.example" not in json.dumps(reply) + capsys.readouterr().out


def test_a_wrong_definition_or_tenant_is_refused(shop):
    with pytest.raises(InvalidInput, match="schedule"):
        count({"tenant": "shop", "definition": document(schedule={})}, None)
    with pytest.raises(InvalidInput, match=r"tenant '\.\./x'"):
        count({"tenant": "../x", "definition": document()}, None)
