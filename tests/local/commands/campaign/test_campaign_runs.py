"""Runs of campaigns in the terminal."""

from __future__ import annotations

import pytest

from local.commands.campaign import runs
from tessera.errors import InvalidInput
from tests.local.commands.campaign.fake_api import FakeConsoleApi, run, tally

RUN = "at-risk-and-loyal-r001"
ASK = "POST /v1/campaigns/at-risk-and-loyal/runs"
PATH = f"/v1/campaign-runs/{RUN}"


def api_of(*states, **answers):
    return FakeConsoleApi(**{ASK: {"run_id": RUN}, PATH: list(states)}, **answers)


def test_a_plan_is_waited_for_and_shown():
    slept = []
    api = api_of(run("PLANNING"), run("PLANNING"), run("AWAITING_APPROVAL"))
    planned = runs.plan(api, "at-risk-and-loyal", sleep=slept.append)
    assert len(slept) == 2
    shown = "\n".join(runs.planned_lines(planned))
    assert "6  are written to" in shown
    assert "2  omitted: no consent is known" in shown
    assert "too many messages" not in shown  # nobody


def test_a_plan_that_fails_is_an_error():
    api = api_of(run("FAILED", reason="there is no finished run"))
    with pytest.raises(InvalidInput, match="is FAILED: there is no finished run"):
        runs.plan(api, "at-risk-and-loyal", sleep=lambda _: None)


def test_a_plan_that_takes_too_long_is_given_up():
    with pytest.raises(InvalidInput, match="not planned after 900 s"):
        runs.plan(api_of(run("PLANNING")), "at-risk-and-loyal", sleep=lambda _: None)


def test_a_run_is_watched_until_it_no_longer_moves():
    states = [
        run("SCHEDULED", tally=tally(0)), run("SENDING", tally=tally(2)),
        run("SENDING", tally=tally(2)), run("SETTLING", tally=tally(5, skipped=1)),
    ]  # fmt: skip
    seen = list(runs.watch(api_of(*states), RUN, sleep=lambda _: None))
    assert [one["state"] for one in seen] == ["SCHEDULED", "SENDING", "SETTLING"]
    lines = [runs.progress_line(one) for one in seen]
    assert "not before 2026-12-01T09:00:00Z" in lines[0]
    assert lines[2] == "  SETTLING: 5 of 6 sent, 1 skipped"


@pytest.mark.parametrize("why", ["problem", "stuck"])
def test_a_run_that_stands_still_says_why(why):
    api = api_of(run("SENDING", tally=tally(1), **{why: "no identity is verified"}))
    (seen,) = runs.watch(api, RUN, sleep=lambda _: None)
    assert runs.progress_line(seen) == "  SENDING: 1 of 6 sent. no identity is verified"


@pytest.mark.parametrize(
    ("verb", "body"),
    [("approve", None), ("resume", None), ("pause", {"why": "x"}), ("cancel", {"why": "x"})],
)
def test_a_decision_carries_its_reason(verb, body):
    api = api_of(run("SENDING"))
    runs.decide(api, RUN, verb, why="x")
    assert api.sent == [("POST", f"{PATH}/{verb}", body)]


def test_doubts_are_released_by_those_that_are_listed():
    listed = {"doubts": 1, "items": [{"recipient": "0" * 32, "since": "2026-12-01"}]}
    api = api_of(run("MEASURING"), **{f"{PATH}/doubts": listed})
    assert runs.release(api, RUN) == 1
    assert api.sent == [("POST", f"{PATH}/doubts/release", {"recipients": ["0" * 32]})]
    nobody = api_of(run("MEASURING"), **{f"{PATH}/doubts": {"doubts": 0, "items": []}})
    assert (runs.release(nobody, RUN), nobody.sent) == (0, [])
