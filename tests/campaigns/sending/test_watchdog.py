"""A run that does not move has a cause with a name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing

import pytest

from tessera.campaigns.sending.outcomes import CLAIMED, SENT, UNKNOWN, RunTally
from tessera.campaigns.sending.states import ENDS, CampaignRun, RunState
from tessera.campaigns.sending.watchdog import cause

NINE = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
TEN = NINE + dt.timedelta(hours=1)
TALLY = RunTally(planned=9, counts={SENT: 5, CLAIMED: 1, UNKNOWN: 1}, moved_at=NINE)


def a_run(state: RunState, **more) -> CampaignRun:
    return CampaignRun(
        tenant="acme", run_id="win-back-r001", state=state, starts_at=NINE,
        latest_start=NINE + dt.timedelta(hours=24), deadline=NINE + dt.timedelta(hours=72),
        changed_at=NINE, **more,
    )  # fmt: skip


@pytest.mark.parametrize("state", typing.get_args(RunState))
def test_every_state_but_the_ends_has_a_cause(state):
    assert bool(cause(a_run(state), tally=TALLY, at=TEN)) is (state not in ENDS)


@pytest.mark.parametrize("state", typing.get_args(RunState))
def test_a_run_that_moves_has_none(state):
    assert cause(a_run(state), tally=TALLY, at=NINE + dt.timedelta(minutes=29)) == ""


@pytest.mark.parametrize(
    ("state", "hours", "words"),
    [
        ("AWAITING_APPROVAL", 25, "nobody approved it before its latest start"),
        ("SCHEDULED", 25, "nothing started it before its latest start"),
        ("SENDING", 72, "its deadline"),
        ("PAUSED", 72, "its deadline"),
    ],
)
def test_what_is_overdue_is_named_whatever_moves(state, hours, words):
    at = NINE + dt.timedelta(hours=hours)
    moving = dataclasses.replace(TALLY, moved_at=at)
    assert words in cause(a_run(state), tally=moving, at=at)


def test_a_sending_run_names_the_last_deferral():
    tally = dataclasses.replace(TALLY, last_deferral="the account's daily quota is used up")
    assert cause(a_run("SENDING"), tally=tally, at=TEN) == (
        "2 of 9 recipients wait: the account's daily quota is used up"
    )
    alone = cause(a_run("SENDING"), tally=TALLY, at=TEN, is_executed=False)
    assert alone.endswith("nothing executes it: resume it")


def test_a_run_without_rows_moves_by_its_state():
    empty = RunTally(planned=9, counts={})
    assert cause(a_run("SENDING"), tally=empty, at=NINE) == ""
    assert cause(a_run("SENDING"), tally=empty, at=TEN) != ""
