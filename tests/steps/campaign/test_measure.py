"""A campaign is measured from its frozen runs."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from steps.campaign.measure import (
    ResultDays,
    assigned_people,
    end_measured,
    given_up_note,
    measure_campaign,
)
from steps.campaign.plan_run import RunPlan, plan_run
from tessera.campaigns.planning.chunks import read_chunk
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.sending.states import new_run
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import batches, known, shopper, terms
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
LATER = dt.date(2027, 2, 1)
RUN = "news-r001"
NAMES = [f"p{n}" for n in range(400)]


class Frozen:
    def __init__(self):
        self.contents, self.kept, self.taken = {}, None, None

    def write(self, name, content):
        self.contents[name] = content

    def write_taken(self, people, *, held_globally, global_share):
        self.taken = people

    def write_manifest(self, manifest):
        self.kept = manifest

    def read(self):
        return self.taken

    def manifest(self):
        return self.kept

    @property
    def definition(self):
        return self.kept.definition

    def chunk(self, entry):
        return read_chunk(self.contents[entry.name], entry=entry)


@pytest.fixture
def planned():
    runs, files = FakeRecords(**{RUN: new_run("shop", RUN, at=NOW)}), Frozen()
    plan = RunPlan(run_id=RUN, terms=terms(), shop_zone="UTC", now=NOW)
    people = [shopper(name) for name in NAMES]
    plan_run(plan, candidates=lambda: batches(people), known=known(), files=files, runs=runs)
    return runs, files


def purchases(*names: str) -> PurchaseRows:
    return PurchaseRows(
        customer_key=np.array(names, "S36"),
        day=np.full(len(names), (NOW.date() - dt.date(1970, 1, 1)).days + 2),
        amount=np.full(len(names), 10.0),
        is_order=np.ones(len(names), np.bool_),
    )


def result(run, files, *names):
    return measure_campaign(
        [(run, files)], purchases=purchases(*names), definition=files.manifest().definition,
        today=LATER,
    )  # fmt: skip


def test_everybody_counts_by_assignment(planned):
    runs, files = planned
    run = dataclasses.replace(runs.read(RUN), state="MEASURING")
    results = result(run, files, *NAMES[:100])
    (whole,) = (one for one in results.slices if one.by == "all")
    assert whole.conversion.treated + whole.conversion.held_out == len(NAMES)
    assert whole.conversion.held_out == files.manifest().counts.held_out
    assert whole.conversion.treated_buyers + whole.conversion.held_out_buyers == 100


@pytest.mark.parametrize(
    ("state", "ends_as", "counts"),
    [
        ("SENDING", "MEASURING", True),
        ("CANCELLED", "CANCELLED", True),  # while it was sending
        ("CANCELLED", "MEASURING", False),  # before
        ("AWAITING_APPROVAL", "MEASURING", False),
    ],
)
def test_a_run_that_never_sent_does_not_count(planned, state, ends_as, counts):
    runs, files = planned
    run = dataclasses.replace(runs.read(RUN), state=state, ends_as=ends_as)
    if counts:
        assert result(run, files).sizes.people == len(NAMES)
    else:
        with pytest.raises(InvalidInput, match="has begun to send"):
            result(run, files)


@pytest.mark.parametrize(
    ("known", "present", "state", "is_given_up"),
    [
        (29, 29, "MEASURING", False),
        (30, 30, "FINISHED", False),
        (10, 60, "MEASURING", False),  # the last order is of the tenth day: no upload since
        (30, 99, "FINISHED", False),
        (10, 86, "FINISHED", True),
    ],
)
def test_a_run_ends_when_its_days_of_result_are_known(planned, known, present, state, is_given_up):
    runs, _ = planned
    runs.records[RUN] = dataclasses.replace(runs.read(RUN), state="MEASURING")
    start, at = NOW.date(), NOW + dt.timedelta(days=present)
    days = ResultDays(
        planned_on=start, result_days=30, as_of=start + dt.timedelta(days=known), today=at.date()
    )
    ended = end_measured(runs, RUN, days=days, at=at)
    assert ended.state == runs.read(RUN).state == state
    assert end_measured(runs, RUN, days=days, at=at).state == state
    notes = given_up_note([days])
    assert bool(notes) == is_given_up
    assert not notes or "1 run were over 8 weeks ago" in notes[0]


def test_the_day_of_a_plan_is_the_shops(planned):
    _, files = planned
    files.kept = dataclasses.replace(files.kept, planned_at=NOW.replace(hour=20))
    days = {zone: next(assigned_people(files, shop_zone=zone)).day[0]
            for zone in ("UTC", "Asia/Tokyo")}  # fmt: skip
    assert days["Asia/Tokyo"] == days["UTC"] + 1
