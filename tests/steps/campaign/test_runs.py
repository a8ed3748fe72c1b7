"""Runs: moved by people and workers, settled by events."""

from __future__ import annotations

import datetime as dt

import pytest

from steps.campaign.runs import RememberedState, fail_plan, move, release, resolve, why_stuck
from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import DEFERRED, SENT, UNKNOWN
from tessera.campaigns.sending.settling import CLAIM_LASTS
from tessera.campaigns.sending.states import CampaignRun
from tessera.errors import InvalidInput
from tests.campaigns.fakes import NINE, FakeLedger, hexes
from tests.steps.campaign.keepers import FakeRecords

RUN = "news-r001"
LATER = NINE + CLAIM_LASTS


def a_run(state="SETTLING", recipients=3) -> CampaignRun:
    return CampaignRun(
        tenant="acme", run_id=RUN, state=state, starts_at=NINE, latest_start=NINE,
        deadline=NINE + dt.timedelta(hours=9), changed_at=NINE, recipients=recipients,
    )  # fmt: skip


class FakeProofs:
    def __init__(self, **proofs):
        self.proofs, self.asked = proofs, []

    def accepted(self, tenant, run, recipients):
        self.asked += recipients
        return {one: self.proofs[one] for one in recipients if one in self.proofs}


def claimed(*numbers, state=None) -> FakeLedger:
    ledger = FakeLedger()
    for n in numbers:
        ledger.claim(hexes(n))
        if state:
            ledger.mark(hexes(n), state)
    return ledger


@pytest.mark.parametrize(
    ("state", "after"), [("PLANNING", "FAILED"), ("AWAITING_APPROVAL", "AWAITING_APPROVAL")]
)
def test_a_plan_that_died_has_failed_and_no_later_state_is_touched(state, after):
    runs = FakeRecords(**{RUN: a_run(state)})
    assert fail_plan(runs, RUN, reason="out of memory", at=LATER).state == after
    assert runs.read(RUN).reason == ("out of memory" if after == "FAILED" else "")


def test_a_run_settles_with_its_doubts_listed():
    runs, ledger = FakeRecords(**{RUN: a_run()}), claimed(1, 2, 3)
    ledger.mark(hexes(3), SENT, message_id="m-3")
    proofs = FakeProofs(**{hexes(1): "m-1"})
    resolved = resolve(runs, RUN, ledger=ledger, proofs=proofs, at=LATER)
    assert (resolved.proved, resolved.doubts) == (1, (hexes(2),))
    assert runs.read(RUN).state == "MEASURING"
    assert set(proofs.asked) == {hexes(1), hexes(2)}


def test_a_run_does_not_settle_before_its_claims_are_old():
    runs, ledger = FakeRecords(**{RUN: a_run(recipients=1)}), claimed(1)
    early = LATER - dt.timedelta(seconds=1)
    assert resolve(runs, RUN, ledger=ledger, proofs=FakeProofs(), at=early).run.state == "SETTLING"
    assert resolve(runs, RUN, ledger=ledger, proofs=FakeProofs(), at=LATER).run.state == "MEASURING"


def test_a_run_does_not_settle_while_somebody_has_no_row():
    runs, ledger = FakeRecords(**{RUN: a_run(recipients=2)}), claimed(1, state=SENT)
    assert resolve(runs, RUN, ledger=ledger, proofs=FakeProofs(), at=LATER).run.state == "SETTLING"


def test_a_late_event_settles_a_doubt_whatever_the_runs_state():
    runs, ledger = FakeRecords(**{RUN: a_run("MEASURING", 1)}), claimed(1, state=UNKNOWN)
    proofs = FakeProofs(**{hexes(1): "m-1"})
    resolved = resolve(runs, RUN, ledger=ledger, proofs=proofs, at=LATER)
    assert (resolved.proved, resolved.doubts, resolved.run.state) == (1, (), "MEASURING")


def test_a_person_releases_a_doubt_and_nothing_else():
    runs, ledger = FakeRecords(**{RUN: a_run("MEASURING", 1)}), claimed(1, state=UNKNOWN)

    def released(n, at=NINE):
        return release(runs, RUN, [hexes(n)], ledger=ledger, by="user:1", at=at)

    with pytest.raises(InvalidInput, match="plan another run"):
        released(1, at=NINE + dt.timedelta(hours=9))
    assert ledger.stored[hexes(1)].state == UNKNOWN
    assert released(1).state == runs.read(RUN).state == "SENDING"
    assert ledger.stored[hexes(1)].state == DEFERRED
    assert ledger.claim(hexes(1))
    with pytest.raises(InvalidInput, match="is CLAIMED: only a doubt can be released"):
        released(1)
    with pytest.raises(InvalidInput, match="not in the run"):
        released(2)


def test_moves_are_made_on_the_newest_version():
    runs = FakeRecords(**{RUN: a_run("SENDING")})
    move(runs, RUN, lambda run: states.pause(run, reason="complaints", at=LATER))
    assert runs.read(RUN).reason == "complaints"
    with pytest.raises(InvalidInput, match="there is no run 'x'"):
        move(runs, "x", lambda run: run)


def test_the_state_is_read_again_after_a_second():
    runs, clock = FakeRecords(**{RUN: a_run("SENDING")}), [100.0]
    state = RememberedState(runs, RUN, now_s=lambda: clock[0])
    assert state() == "SENDING"
    runs.records[RUN] = a_run("PAUSED")
    clock[0] += 0.9
    assert state() == "SENDING"
    clock[0] += 0.1
    assert state() == "PAUSED"


@pytest.mark.parametrize(
    ("is_executed", "words"),
    [(True, "no refusal is recorded"), (False, "nothing executes it: resume it")],
)
def test_a_stuck_run_has_a_cause(is_executed, words):
    runs = FakeRecords(**{RUN: a_run("SENDING", 3)})
    at = NINE + dt.timedelta(hours=1)
    stuck = why_stuck(runs, RUN, ledger=claimed(1), at=at, is_executed=is_executed)
    assert stuck == f"2 of 3 recipients wait: {words}"
    assert why_stuck(runs, RUN, ledger=claimed(1), at=NINE, is_executed=is_executed) == ""
