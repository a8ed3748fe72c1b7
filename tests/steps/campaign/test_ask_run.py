"""Asking for runs, and what people decide about them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.campaign import ask_run as desk_moves
from steps.campaign.ask_run import RunDesk, ask_run
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.definitions.ready_definitions import ready_definition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import CLAIMED, UNKNOWN
from tessera.errors import InvalidInput
from tests.campaigns.fakes import FakeLedger, hexes
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
DEFINITION = ready_definition(
    "left_champions", first_day=NOW.date(),
    templates={"win-back": TemplateChoice(id="welcome", version=1)},
)  # fmt: skip
RECORD = CampaignRecord(definition=DEFINITION, changed_by="user:a", changed_at=NOW)
RUN = RECORD.next_run


class FakeExecutions:
    def __init__(self):
        self.started = {}

    def start(self, name, event):
        self.started.setdefault(name, event)

    @property
    def tasks(self):
        return [event["task"] for event in self.started.values()]


def make_desk(record=RECORD):
    return RunDesk(
        tenant="acme", campaigns=FakeRecords(**{record.definition.id: record}),
        requests=FakeRecords(), runs=FakeRecords(), progress=FakeRecords(),
        executions=FakeExecutions(),
    )  # fmt: skip


def ask(desk, record=RECORD, **more):
    return ask_run(desk, record, day=NOW.date(), by="user:a", at=NOW, **more)


def planned(desk, *, recipients=3):
    ask(desk)
    until = {"starts_at": NOW, "latest_start": LATER, "deadline": LATER}
    desk.runs.change(RUN, lambda run: states.plan(run, recipients=recipients, **until, at=NOW))


def owner(desk):
    return desk.progress.read(RUN).execution


def test_a_run_is_numbered_planned_and_owned_by_its_execution():
    desk = make_desk()
    request = ask(desk)
    assert request.run_id == RUN
    assert desk.requests.read(RUN) == request
    assert desk.runs.read(RUN).state == "PLANNING"
    assert desk.executions.started[owner(desk)] == {"tenant": "acme", "run": RUN, "task": "plan"}
    assert desk.campaigns.read(DEFINITION.id).last_run == 1


def test_of_two_who_have_read_the_same_campaign_one_gets_the_run():
    desk = make_desk()
    ask(desk)
    with pytest.raises(InvalidInput, match="read it again"):
        ask(desk)
    assert len(desk.executions.started) == 1


def test_an_ended_or_unknown_campaign_gets_no_run():
    ended = dataclasses.replace(RECORD, state="ended")
    with pytest.raises(InvalidInput, match="has ended"):
        ask(make_desk(ended), ended)
    desk = make_desk()
    desk.campaigns.records.clear()
    with pytest.raises(InvalidInput, match="there is no campaign"):
        ask(desk)


def test_a_run_may_change_the_definition_but_not_whose_it_is():
    shorter = dataclasses.replace(DEFINITION, result_days=7)
    assert ask(make_desk(), definition=shorter).definition.result_days == 7
    with pytest.raises(InvalidInput, match="keep the campaign's id"):
        ask(make_desk(), definition=dataclasses.replace(DEFINITION, id="another"))


def test_approval_and_resumption_start_executions_that_own_the_run():
    desk = make_desk()
    planned(desk)
    desk_moves.approve(desk, RUN, at=NOW)
    first = owner(desk)
    desk.runs.change(RUN, lambda run: states.start(run, at=NOW))
    desk_moves.pause(desk, RUN, reason="asked for", at=NOW)
    desk_moves.resume(desk, RUN, at=NOW + dt.timedelta(seconds=1))
    assert desk.executions.tasks == ["plan", "send", "send"]
    assert owner(desk) != first


def test_cancelling_a_run_that_sends_lets_the_machine_settle_it():
    desk = make_desk()
    planned(desk)
    assert desk_moves.cancel(desk, RUN, reason="asked for", at=NOW).state == "CANCELLED"
    assert desk.executions.tasks == ["plan"]
    desk = make_desk()
    planned(desk)
    desk_moves.approve(desk, RUN, at=NOW)
    desk.runs.change(RUN, lambda run: states.start(run, at=NOW))
    assert desk_moves.cancel(desk, RUN, reason="asked for", at=LATER).state == "SETTLING"
    assert desk.executions.tasks == ["plan", "send", "send"]


def test_released_doubts_are_sent_by_a_new_execution():
    desk = make_desk()
    planned(desk)
    desk_moves.approve(desk, RUN, at=NOW)
    desk.runs.change(RUN, lambda run: dataclasses.replace(run, state="MEASURING"))
    ledger = FakeLedger()
    ledger.claim(hexes(1))
    assert ledger.rows([hexes(1)])[hexes(1)].state == CLAIMED
    ledger.mark(hexes(1), UNKNOWN)
    at = NOW + dt.timedelta(minutes=30)
    run = desk_moves.release(desk, RUN, [hexes(1)], ledger=ledger, by="user:a", at=at)
    assert run.state == "SENDING"
    assert desk.executions.tasks == ["plan", "send", "send"]
