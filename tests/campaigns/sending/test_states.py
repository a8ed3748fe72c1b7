"""The states of a run: what is possible, and what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.campaigns.sending import states
from tessera.campaigns.sending.outcomes import CLAIMED, DEFERRED, SENT, UNKNOWN, RunTally
from tessera.campaigns.sending.states import ENDS, MOVES, CampaignRun
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode

NINE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
ALL_SENT = RunTally(planned=2, counts={SENT: 2})


def hours(n: float) -> dt.datetime:
    return NINE + dt.timedelta(hours=n)


def a_run(state: states.RunState = "PLANNING", **more) -> CampaignRun:
    return CampaignRun(
        tenant="acme", run_id="win-back-r001", state=state, starts_at=NINE, latest_start=hours(24),
        deadline=hours(72), changed_at=hours(-1), **more,
    )  # fmt: skip


def planned(run: CampaignRun, *, recipients: int) -> CampaignRun:
    return states.plan(
        run, recipients=recipients, starts_at=NINE, latest_start=hours(24), deadline=hours(72),
        at=NINE,
    )  # fmt: skip


CALLS = {
    "plan": lambda run: planned(run, recipients=2),
    "approve": lambda run: states.approve(run, at=NINE),
    "start": lambda run: states.start(run, at=NINE),
    "hand_over": lambda run: states.hand_over(run, at=NINE),
    "pause": lambda run: states.pause(run, reason="complaints", at=NINE),
    "resume": lambda run: states.resume(run, at=NINE),
    "complete": lambda run: states.complete(run, tally=ALL_SENT, at=NINE),
    "expire": lambda run: states.expire(run, at=hours(72)),
    "reopen": lambda run: states.reopen(run, at=NINE),
    "settle": lambda run: states.settle(run, tally=ALL_SENT, at=NINE),
    "finish": lambda run: states.finish(run, at=NINE),
    "cancel": lambda run: states.cancel(run, reason="asked for", at=NINE),
    "fail": lambda run: states.fail(run, reason="broken", at=NINE),
}


def test_a_run_goes_from_plan_to_end():
    run = states.new_run("acme", "win-back-r001", at=hours(-5))
    passed = [run.state]
    for name in ("plan", "approve", "start", "pause", "resume", "complete", "settle", "finish"):
        run = CALLS[name](run)
        passed.append(run.state)
    assert passed == [
        "PLANNING", "AWAITING_APPROVAL", "SCHEDULED", "SENDING", "PAUSED", "SENDING", "SETTLING",
        "MEASURING", "FINISHED",
    ]  # fmt: skip
    assert (run.recipients, run.reason, run.deadline) == (2, "", hours(72))


def test_a_run_of_another_tool_goes_from_its_approval_to_its_measuring():
    run = states.new_run("acme", "win-back-r001", at=hours(-5))
    for name in ("plan", "approve", "hand_over"):
        run = CALLS[name](run)
    assert (run.state, run.changed_at) == ("MEASURING", NINE)


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (move, state)
        for move, state in itertools.product(MOVES, typing.get_args(states.RunState))
        if state not in MOVES[move]
    ],
)
def test_a_move_is_refused_in_every_other_state(move, state):
    with pytest.raises(InvalidInput, match=f"win-back-r001 is {state}: {move} needs "):
        CALLS[move](a_run(state))


def test_an_ended_run_stays_as_it_is():
    assert not any(set(possible) & ENDS for possible in MOVES.values())


def test_nothing_is_sent_too_early_or_too_late():
    scheduled = a_run("SCHEDULED")
    with pytest.raises(InvalidInput, match="wait"):
        states.start(scheduled, at=hours(-0.1))
    with pytest.raises(InvalidInput, match="plan another"):
        states.hand_over(scheduled, at=hours(73))
    with pytest.raises(InvalidInput, match="cancel it and plan another"):
        states.start(scheduled, at=hours(24.1))
    with pytest.raises(InvalidInput, match="it will settle"):
        states.resume(a_run("PAUSED"), at=hours(72))


def test_a_run_without_recipients_ends_at_once():
    ended = planned(a_run(), recipients=0)
    assert (ended.state, ended.reason) == ("FINISHED", "nobody is eligible: see the plan's reasons")


@pytest.mark.parametrize("counts", [{SENT: 1}, {SENT: 1, DEFERRED: 1}, {}])
def test_a_run_does_not_settle_while_somebody_waits(counts):
    with pytest.raises(InvalidInput, match="recipients to send to"):
        states.complete(a_run("SENDING"), tally=RunTally(planned=2, counts=counts), at=NINE)


@pytest.mark.parametrize("counts", [{SENT: 1, CLAIMED: 1}, {SENT: 1, DEFERRED: 1}, {SENT: 1}])
def test_a_run_does_not_end_while_a_recipient_is_unsettled(counts):
    with pytest.raises(InvalidInput, match="1 of 2 recipients unsettled"):
        states.settle(a_run("SETTLING"), tally=RunTally(planned=2, counts=counts), at=NINE)


def test_doubts_are_final():
    tally = RunTally(planned=2, counts={SENT: 1, UNKNOWN: 1})
    assert states.settle(a_run("SETTLING"), tally=tally, at=NINE).state == "MEASURING"


@pytest.mark.parametrize(("move", "end"), [("cancel", "CANCELLED"), ("fail", "FAILED")])
def test_a_run_that_was_sending_settles_before_it_ends(move, end):
    settling = CALLS[move](a_run("SENDING"))
    assert (settling.state, settling.closes) == ("SETTLING", True)
    assert states.settle(settling, tally=ALL_SENT, at=NINE).state == end
    assert CALLS[move](a_run("SCHEDULED")).state == end


def test_a_run_is_opened_again_for_doubts_before_its_deadline():
    assert states.reopen(a_run("MEASURING"), at=NINE).state == "SENDING"
    with pytest.raises(InvalidInput, match="plan another run for its doubts"):
        states.reopen(a_run("MEASURING"), at=hours(72))
    with pytest.raises(InvalidInput, match=r"sends nothing any longer \(asked for\)"):
        states.reopen(CALLS["cancel"](a_run("SENDING")), at=NINE)


def test_a_run_that_is_complete_closes_nobody():
    assert not CALLS["complete"](a_run("SENDING")).closes
    assert CALLS["expire"](a_run("PAUSED")).closes


def test_moments_that_do_not_follow_one_another_are_refused():
    with pytest.raises(InvalidInput, match="must follow one another"):
        dataclasses.replace(a_run(), deadline=hours(1))


def test_a_run_is_kept_as_json():
    run = CALLS["cancel"](a_run("SENDING"))
    assert decode(CampaignRun, encode(run), document="run") == run


@given(st.lists(st.sampled_from(sorted(CALLS)), max_size=30))
def test_whatever_is_tried_a_run_ends_only_settled(names):
    """Every move that succeeds leads to a state of the list, and only some lead to an end."""
    run, was_sending = a_run(), False
    for name in names:
        before = run.state
        try:
            run = CALLS[name](run)
        except InvalidInput:
            continue
        was_sending = was_sending or run.state == "SENDING"
        if run.state in ENDS and was_sending:
            assert before in ("SETTLING", "MEASURING")
