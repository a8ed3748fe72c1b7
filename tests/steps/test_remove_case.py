"""A removal that operators asked for, a piece at a time, as the state machine calls it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.remove_tenant.case import RemovalStep, remove_case
from steps.remove_tenant.machine import MachineRemovals
from steps.remove_tenant.removal import Removal
from steps.tenancy import Operator, mark_removing
from tessera.erasure.second_look import ALONE
from tessera.errors import InvalidInput
from tests.steps.test_remove_tenant import BY, LATER, Story

CASE = "acme-20261129T000000Z"


@pytest.fixture
def story():
    story = Story()
    mark_removing("acme", reason="left", by=BY, tenants=story)
    return story


DONE, SOON = RemovalStep(is_done=True), RemovalStep(is_done=False)


def go_on(story, case=CASE, *, goes_on=lambda: True, at=LATER, longest=ALONE):
    removal = Removal(
        tenants=story, receipts=story, places=story.places, under_way=lambda: story.runs,
        by_hand=(), ages_out=(), clock=lambda: at, goes_on=goes_on, longest_write=longest,
    )  # fmt: skip
    return remove_case("acme", case, removal=removal)


def test_a_removal_ends_and_says_so_as_often_as_it_is_called(story):
    assert go_on(story) == DONE
    assert story.receipts[CASE].asked_by == "user:1"
    assert go_on(story) == DONE
    assert story.kept == {}


def test_it_waits_for_runs_and_deletes_nothing(story):
    story.runs = ["a" * 16]
    assert go_on(story) == SOON
    assert [place.things for place in story.places] == [3, 2, 0]
    assert story.receipts == {}
    story.runs = []
    assert go_on(story) == DONE


def test_out_of_time_it_goes_on_with_the_next_call_and_counts_all(story):
    step = go_on(story, goes_on=lambda: False)
    assert (step.is_done, step.left) == (False, 5), "as it was counted last"
    assert [place.things for place in story.places] == [0, 2, 0]
    assert not story.receipts[CASE].is_complete
    assert story.kept["acme"].state == "removing"
    assert go_on(story) == DONE
    assert [part.had for part in story.receipts[CASE].parts] == [3, 2, 0]


def test_it_looks_again_when_all_that_began_before_has_ended(story):
    """An upload may still come by an address that was given out before."""
    longest = dt.timedelta(hours=4)
    early = BY.now + dt.timedelta(hours=1)
    assert go_on(story, at=early, longest=longest) == RemovalStep(
        is_done=False, wait_seconds=3 * 3600
    )
    receipt = story.receipts[CASE]
    assert (receipt.is_complete, receipt.open_until) == (False, BY.now + longest)
    assert story.kept["acme"].state == "removing"
    story.places[0].things = 1
    assert go_on(story, at=BY.now + longest, longest=longest) == DONE
    receipt = story.receipts[CASE]
    assert (receipt.is_complete, receipt.open_until) == (True, None)
    assert story.places[0].things == 0
    assert story.kept == {}


def test_what_there_was_is_counted_once(story):
    counted = []
    for place in story.places:
        place.count = lambda place=place: counted.append(place) or place.things
    for _ in range(3):
        go_on(story, goes_on=lambda: False)
    assert len(counted) == len(story.places)


def test_nothing_is_removed_that_operators_have_not_asked_for(story):
    with pytest.raises(InvalidInput, match="not being removed by the case"):
        go_on(story, "acme-20200101T000000Z")
    story.kept["acme"] = dataclasses.replace(story.kept["acme"], state="suspended")
    with pytest.raises(InvalidInput, match="not being removed"):
        go_on(story)
    story.kept.clear()
    with pytest.raises(InvalidInput, match="no removal with the case"):
        go_on(story)
    assert [place.things for place in story.places] == [3, 2, 0]


def test_a_removal_keeps_the_instant_of_its_first_request(story):
    again = Operator(subject="user:2", now=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    assert mark_removing("acme", reason="", by=again, tenants=story).changed_by == "user:1"


class Executions:
    """Notes what was started."""

    def __init__(self):
        self.started = {}

    def start(self, name, event):
        self.started.setdefault(name, event)


def test_an_attempt_starts_one_execution_and_its_name_is_short_enough():
    executions = Executions()
    removals = MachineRemovals(executions, None)
    tenant = "t" * 48
    case = f"{tenant}-20261129T000000Z"
    for attempt in ("0123456789abcdef", "0123456789abcdef", "fedcba9876543210"):
        removals.start(tenant, case, attempt=attempt)
    assert len(executions.started) == 2
    assert max(map(len, executions.started)) <= 80
    assert set(map(str, executions.started.values())) == {str({"tenant": tenant, "case": case})}
