"""A tenant's removal, over places in memory that may fail at any moment."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.remove_tenant.removal import Removal, remove_tenant
from steps.tenancy import Operator
from tessera.errors import InvalidInput
from tessera.records.tenant import Tenant

BY = Operator(subject="user:1", now=dt.datetime(2026, 11, 29, tzinfo=dt.UTC))
LATER = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


class Crash(Exception):  # noqa: N818 (what happens)
    """The process was killed."""


class Place:
    """Some things of a tenant, each deleted by itself."""

    def __init__(self, what, count, story):
        self.what, self.things, self.story = what, count, story

    def count(self):
        self.story.step()
        return self.things

    def delete(self):
        while self.things:
            self.story.step()
            self.things -= 1


class Story:
    """A stage with one tenant, and a process that dies after some steps."""

    def __init__(self, *, dies_after=1000):
        self.steps = dies_after
        self.kept = {"acme": Tenant(tenant="acme")}
        self.receipts, self.runs = {}, []
        self.places = [Place("objects", 3, self), Place("items", 2, self), Place("users", 0, self)]

    def step(self):
        self.steps -= 1
        if self.steps < 0:
            raise Crash

    def get(self, name):
        return self.kept.get(name)

    def listed(self):
        return list(self.kept.values())

    def save(self, tenant, *, before):
        self.kept[tenant.tenant] = tenant
        return True

    def forget(self, name):
        self.step()
        self.kept.pop(name, None)

    def read(self, case):
        return self.receipts.get(case)

    def write(self, receipt):
        self.step()
        self.receipts[receipt.case] = receipt

    def remove(self):
        removal = Removal(
            tenants=self, receipts=self, places=self.places, under_way=lambda: self.runs,
            by_hand=("by hand",), ages_out=(), clock=lambda: LATER,
        )  # fmt: skip
        return remove_tenant("acme", reason="left", by=BY, removal=removal)


def test_all_is_gone_and_the_receipt_says_what_there_was():
    story = Story()
    receipt = story.remove()
    assert receipt.is_complete
    assert {part.what: part.had for part in receipt.parts} == {
        "objects": 3, "items": 2, "users": 0,
    }  # fmt: skip
    assert (receipt.asked_by, receipt.reason, receipt.finished_at) == ("user:1", "left", LATER)
    assert receipt.case == "acme-20261129T000000Z"
    assert story.kept == {}
    assert story.receipts == {receipt.case: receipt}


def test_while_a_run_is_under_way_nothing_is_deleted_and_nothing_new_starts():
    story = Story()
    story.runs = ["a" * 16]
    with pytest.raises(InvalidInput, match=f"run {'a' * 16} of tenant 'acme' is under way"):
        story.remove()
    assert story.kept["acme"].state == "removing"
    assert [place.things for place in story.places] == [3, 2, 0]
    story.runs = []
    assert story.remove().is_complete


@pytest.mark.parametrize("dies_after", range(14))
def test_a_removal_that_dies_anywhere_goes_on_and_counts_all(dies_after):
    story = Story(dies_after=dies_after)
    try:
        story.remove()
    except Crash:
        pass
    else:
        pytest.fail("it did not die: the test has too few steps")
    assert all(not receipt.is_complete or not any(place.things for place in story.places)
               for receipt in story.receipts.values())  # fmt: skip
    story.steps = 1000
    receipt = story.remove()
    assert receipt.is_complete
    assert [part.had for part in receipt.parts] == [3, 2, 0]
    assert story.kept == {}


def test_what_cannot_be_deleted_is_in_the_receipt_and_the_tenant_stays():
    story = Story()
    story.places[1].delete = lambda: None
    receipt = story.remove()
    assert not receipt.is_complete
    assert [part.left for part in receipt.parts] == [0, 2, 0]
    assert story.kept["acme"].state == "removing"


def test_the_default_tenant_and_an_unknown_one_are_not_removed():
    story = Story()
    removal = Removal(
        tenants=story, receipts=story, places=(), under_way=list, by_hand=(), ages_out=(),
        clock=lambda: LATER,
    )  # fmt: skip
    for name, words in (("default", "cannot be removed"), ("nobody", "no tenant 'nobody'")):
        with pytest.raises(InvalidInput, match=words):
            remove_tenant(name, reason="", by=BY, removal=removal)


def test_a_tenant_keeps_its_case_until_it_is_gone():
    story = Story(dies_after=4)
    with pytest.raises(Crash):
        story.remove()
    story.steps = 1000
    removal = dataclasses.replace(story.remove(), finished_at=None)
    assert list(story.receipts) == [removal.case]
