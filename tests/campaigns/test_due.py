"""When a run of an active campaign is due."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo

import pytest

from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.due import SCHEDULE, due_day
from tests.campaigns.made import document, schedule

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
FIRST = dt.date(2026, 12, 1)
MORNING = dt.datetime(2026, 12, 1, 6, tzinfo=BERLIN)
DAY = dt.timedelta(days=1)
ONCE = parse_definition(document())
DAILY = parse_definition(
    document(schedule=schedule(kind="daily", last_day="2026-12-03"), again_after_days=30)
)


def active(definition, **more):
    given = {"state": "active", "changed_by": "user:a", "changed_at": MORNING}
    return CampaignRecord(definition=definition, **given | more)


def asked(definition, day, *, by=SCHEDULE):
    return RunRequest(
        run_id="win-back-r001", definition=definition, day=day, asked_by=by, asked_at=MORNING
    )


@pytest.mark.parametrize("definition", [ONCE, DAILY])
def test_an_active_campaign_is_due_on_its_first_day_from_the_morning_on(definition):
    assert due_day(active(definition), [], local=MORNING) == FIRST
    assert due_day(active(definition), [], local=MORNING.replace(hour=4)) is None
    assert due_day(active(definition), [], local=MORNING - DAY) is None


@pytest.mark.parametrize("state", ["draft", "ended"])
def test_no_other_campaign_is_ever_due(state):
    assert due_day(active(DAILY, state=state), [], local=MORNING) is None


def test_a_day_has_one_run_by_the_clock():
    request = asked(DAILY, FIRST)
    assert due_day(active(DAILY), [request], local=MORNING) is None
    assert due_day(active(DAILY), [request], local=MORNING + DAY) == FIRST + DAY
    by_hand = dataclasses.replace(request, asked_by="user:a")
    assert due_day(active(DAILY), [by_hand], local=MORNING) == FIRST


def test_a_campaign_of_one_day_runs_once_also_if_it_was_activated_late():
    late = MORNING + 3 * DAY
    assert due_day(active(ONCE), [], local=late) == FIRST + 3 * DAY
    assert due_day(active(ONCE), [asked(ONCE, FIRST)], local=late) is None


def test_a_daily_campaign_ends_with_its_last_day():
    assert due_day(active(DAILY), [], local=MORNING + 2 * DAY) == FIRST + 2 * DAY
    assert due_day(active(DAILY), [], local=MORNING + 3 * DAY) is None
