"""A removal that operators asked for, a piece at a time, as the state machine calls it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.remove_tenant.case import remove_case
from steps.remove_tenant.machine import MachineRemovals
from steps.remove_tenant.removal import Removal
from steps.tenancy import Operator, mark_removing
from tessera.errors import InvalidInput
from tests.steps.test_remove_tenant import BY, LATER, Story

CASE = "acme-20261129T000000Z"


@pytest.fixture
def story():
    story = Story()
    mark_removing("acme", reason="left", by=BY, tenants=story)
    return story


def go_on(story, case=CASE, *, goes_on=lambda: True):
    removal = Removal(
        tenants=story, receipts=story, places=story.places, under_way=lambda: story.runs,
        by_hand=(), ages_out=(), clock=lambda: LATER, goes_on=goes_on,
    )  # fmt: skip
    return remove_case("acme", case, removal=removal)


def test_a_removal_ends_and_says_so_as_often_as_it_is_called(story):
    assert go_on(story) == 0
    assert story.receipts[CASE].asked_by == "user:1"
    assert go_on(story) == 0
    assert story.kept == {}


def test_it_waits_for_runs_and_deletes_nothing(story):
    story.runs = ["a" * 16]
    assert go_on(story) == 1
    assert [place.things for place in story.places] == [3, 2, 0]
    assert story.receipts == {}
    story.runs = []
    assert go_on(story) == 0


def test_out_of_time_it_goes_on_with_the_next_call_and_counts_all(story):
    assert go_on(story, goes_on=lambda: False) == 5, "as it was counted last"
    assert [place.things for place in story.places] == [0, 2, 0]
    assert not story.receipts[CASE].is_complete
    assert story.kept["acme"].state == "removing"
    assert go_on(story) == 0
    assert [part.had for part in story.receipts[CASE].parts] == [3, 2, 0]


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
