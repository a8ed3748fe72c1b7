"""A plan is frozen in files, and its run awaits approval."""

from __future__ import annotations

import datetime as dt

import pytest

from steps.campaign.plan_run import RunPlan, plan_run
from tessera.campaigns.engaging.personal_hours import PersonalHours
from tessera.campaigns.planning.chunks import read_chunk
from tessera.campaigns.sending.states import new_run
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import DAY, KEY_OF, batches, known, shopper, terms
from tests.steps.campaign.keepers import FakeRecords

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
RUN = "news-r001"
PEOPLE = [shopper(f"p{n}") for n in range(200)]


class FakeFiles:
    def __init__(self):
        self.contents, self.manifest, self.taken, self.order = {}, None, None, []

    def write(self, name, content):
        self.contents[name] = content
        self.order.append(name)

    def write_taken(self, people, *, held_globally, global_share):
        self.taken = people
        self.order.append("taken")

    def write_manifest(self, manifest):
        self.manifest = manifest
        self.order.append("manifest")


def a_plan(people=PEOPLE, *, runs, files, by=None, again=None, hours=None):
    readings = iter([people, people if again is None else again] * 2)
    plan = RunPlan(run_id=RUN, terms=by or terms(), shop_zone="Europe/Berlin", now=NOW, hours=hours)
    return plan_run(
        plan, candidates=lambda: batches(next(readings)), known=known(), files=files, runs=runs
    )


@pytest.fixture
def runs():
    return FakeRecords(**{RUN: new_run("shop", RUN, at=NOW)})


def test_everybody_is_in_one_chunk_or_held_out(runs):
    files = FakeFiles()
    manifest = a_plan(runs=runs, files=files)
    chunks = [read_chunk(files.contents[one.name], entry=one)
              for one in (*manifest.chunks, *manifest.holdout)]  # fmt: skip
    keys = [one.customer_key for chunk in chunks for one in chunk.recipients]
    assert sorted(keys) == sorted(one.customer_key for one in PEOPLE)
    assert 0 < manifest.counts.held_out < 60
    assert files.order[-2:] == ["taken", "manifest"]
    assert manifest.zone_unknown == 0  # all have a country
    assert manifest.to_gmail == 0


def test_messages_to_gmail_are_counted_without_the_held_out(runs):
    people = [shopper(f"p{n}", address=f"p{n}@gmail.com") for n in range(200)]
    manifest = a_plan(people, runs=runs, files=FakeFiles())
    assert manifest.to_gmail == manifest.counts.eligible < 200


def test_who_was_taken_is_kept_without_addresses(runs):
    files = FakeFiles()
    manifest = a_plan(runs=runs, files=files)
    assert len(files.taken) == len(PEOPLE)
    assert files.taken.is_held_out.sum() == manifest.counts.held_out
    assert set(files.taken.day.tolist()) == {DAY}
    assert {one.decode() for one in files.taken.customer_key} == {
        one.customer_key for one in PEOPLE
    }


def test_a_plan_for_nobody_takes_nobody(runs):
    files = FakeFiles()
    a_plan([shopper("a", address=None)], runs=runs, files=files)
    assert len(files.taken) == 0


def test_the_run_awaits_approval_with_its_moments(runs):
    manifest = a_plan(runs=runs, files=FakeFiles())
    run = runs.read(RUN)
    assert (run.state, run.recipients) == ("AWAITING_APPROVAL", manifest.counts.eligible)
    assert run.starts_at == min(one.opens_at for one in manifest.chunks)
    assert run.starts_at < run.latest_start <= run.deadline


def test_an_audience_of_nobody_ends_the_run(runs):
    a_plan([shopper("a", address=None)], runs=runs, files=FakeFiles())
    assert runs.read(RUN).state == "FINISHED"


def test_a_run_is_planned_once(runs):
    a_plan(runs=runs, files=FakeFiles())
    again = FakeFiles()
    with pytest.raises(InvalidInput, match="plan needs PLANNING"):
        a_plan(PEOPLE[:5], runs=runs, files=again)
    assert again.order == []  # what was approved stays frozen


def test_customers_who_changed_between_the_readings_are_refused(runs):
    with pytest.raises(InvalidInput, match="changed since"):
        a_plan(runs=runs, files=FakeFiles(), again=PEOPLE[:5])
    assert runs.read(RUN).state == "PLANNING"


def test_a_run_that_does_not_exist_is_not_planned():
    with pytest.raises(InvalidInput, match="there is no run"):
        a_plan(runs=FakeRecords(), files=FakeFiles())


def test_own_hours_are_counted_by_hour_beside_those_who_have_none(runs):
    plain = a_plan(runs=FakeRecords(**{RUN: new_run("shop", RUN, at=NOW)}), files=FakeFiles())
    assert plain.hours is None
    files, people = FakeFiles(), [KEY_OF(one.address) for one in PEOPLE[:150]]
    known_hours = PersonalHours(
        decision="publish", reason="It is proven.",
        hours={one: 11 + 5 * (place % 2) for place, one in enumerate(people)},
    )  # fmt: skip
    manifest = a_plan(runs=runs, files=files, hours=known_hours)
    hours = manifest.hours
    assert [one.hour for one in hours.by_hour] == [11, 16]
    own = sum(one.recipients for one in hours.by_hour)
    assert own + hours.without_clicks + hours.outside == manifest.counts.eligible
    assert manifest.counts == plain.counts
    opens = {one.opens_at.hour: one.recipients for one in manifest.chunks}  # UTC: an hour less
    assert opens == {8: hours.without_clicks, **{h.hour - 1: h.recipients for h in hours.by_hour}}
    assert len(manifest.holdout) == len(plain.holdout)
