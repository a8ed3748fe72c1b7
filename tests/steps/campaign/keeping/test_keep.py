"""Campaigns by the clock: due runs begin once, and runs that stand still go on."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.campaign.keeping.keep import TenantCampaigns, keep_campaigns
from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.sending.states import CampaignRun
from tests.campaigns.made import document, schedule
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
DEFINITION = parse_definition(document(schedule=schedule(kind="daily"), again_after_days=30))
RECORD = CampaignRecord(
    definition=DEFINITION, state="active", changed_by="user:a", changed_at=NOW - DAY
)
FIRST_RUN = RECORD.next_run


class Listed(FakeRecords):
    def all(self):
        return list(self.records.values())


class FakeMachine:
    def __init__(self):
        self.started, self.running = [], set()

    def start(self, name, event):
        self.started.append((event["run"], event["task"]))
        self.running.add(name)

    def is_running(self, name):
        return name in self.running


@pytest.fixture
def kept():
    return TenantCampaigns(
        tenant="acme", shop_zone="Europe/Berlin", campaigns=Listed(**{DEFINITION.id: RECORD}),
        requests=Listed(), runs=Listed(), progress=Listed(), executions=FakeMachine(),
    )  # fmt: skip


def a_run(kept, state, **more):
    run = CampaignRun(
        tenant="acme", run_id=FIRST_RUN, state=state, starts_at=NOW, latest_start=NOW + DAY,
        deadline=NOW + DAY, changed_at=NOW, recipients=10, **more,
    )  # fmt: skip
    kept.runs.change(FIRST_RUN, lambda _: run)
    kept.requests.change(FIRST_RUN, lambda _: a_request())


def a_request(**more):
    given = {"run_id": FIRST_RUN, "day": NOW.date(), "asked_by": "schedule", "asked_at": NOW}
    return RunRequest(definition=DEFINITION, is_approved=True, **given | more)


def test_a_due_run_begins_once_and_needs_no_approval(kept):
    assert keep_campaigns(kept, at=NOW).started == (FIRST_RUN,)
    assert kept.requests.read(FIRST_RUN).is_approved
    assert keep_campaigns(kept, at=NOW + dt.timedelta(minutes=1)).started == ()
    assert kept.executions.started == [(FIRST_RUN, "plan")]
    assert keep_campaigns(kept, at=NOW + DAY).started == ("win-back-r002",)


def test_two_clocks_at_once_start_one_run(kept):
    class Stale(Listed):
        def all(self):
            return [RECORD]  # as it was before the other clock

    stale = dataclasses.replace(kept, campaigns=Stale(**kept.campaigns.records))
    stale.campaigns.records = kept.campaigns.records
    stale_requests = dataclasses.replace(stale, requests=Listed())
    keep_campaigns(kept, at=NOW)
    result = keep_campaigns(stale_requests, at=NOW)
    assert result.started == ()
    assert "read it again" in result.refused[0]


def test_a_request_without_a_run_gets_one(kept):
    kept.requests.change(FIRST_RUN, lambda _: a_request(asked_at=NOW - HOUR))
    assert keep_campaigns(kept, at=NOW).resumed == (FIRST_RUN,)
    assert kept.runs.read(FIRST_RUN).state == "PLANNING"


@pytest.mark.parametrize(
    ("state", "task"),
    [("PLANNING", "plan"), ("SCHEDULED", "send"), ("SENDING", "send"), ("SETTLING", "send")],
)
def test_a_run_that_nothing_executes_goes_on(kept, state, task):
    a_run(kept, state)
    assert keep_campaigns(kept, at=NOW + dt.timedelta(minutes=5)).resumed == ()  # too young
    assert keep_campaigns(kept, at=NOW + HOUR).resumed == (FIRST_RUN,)
    assert kept.executions.started == [(FIRST_RUN, task)]
    assert keep_campaigns(kept, at=NOW + 2 * HOUR).resumed == ()  # it runs now


@pytest.mark.parametrize("state", ["AWAITING_APPROVAL", "PAUSED", "MEASURING", "FINISHED"])
def test_a_run_that_waits_for_people_or_for_time_is_left_alone(kept, state):
    a_run(kept, state)
    assert keep_campaigns(kept, at=NOW + HOUR).resumed == ()


def test_a_paused_run_settles_at_its_deadline(kept):
    a_run(kept, "PAUSED")
    kept.campaigns.records.clear()
    assert keep_campaigns(kept, at=NOW + DAY).resumed == (FIRST_RUN,)
