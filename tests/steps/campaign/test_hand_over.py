"""A campaign of another tool: approved like any other, handed over, measured, and taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from steps.campaign.hand_over import end_handovers, hand_over
from steps.campaign.measure import has_sent
from tessera.campaigns.campaign_record import CampaignRecord
from tessera.campaigns.handover import Handover
from tessera.campaigns.planning.chunks import read_chunk
from tessera.campaigns.planning.left_out import LeftOut
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import shopper
from tests.steps.campaign.machine import PLANNED_AT, RUN, FakeHandovers, Play

AUDIENCE = {
    "channel": {"kind": "audience", "to": "klaviyo"},
    "variants": [{"name": "a", "share": 0.5}, {"name": "b", "share": 0.5}],
    "holdout": {"share": 0.25},
}
NINE_IN_BERLIN = PLANNED_AT + dt.timedelta(hours=2)


@pytest.fixture
def play():
    return Play(*[shopper(f"p{n}") for n in range(40)], **AUDIENCE)


def test_an_approved_run_is_handed_over_at_its_time_and_measured_without_a_message(play):
    assert play.run.state == "AWAITING_APPROVAL"
    assert not play.handovers.records
    play.decide("approve")
    play.problems = ["no sender"]  # nothing is sent from here
    assert play.go(until=NINE_IN_BERLIN - dt.timedelta(seconds=1)).next == "wait"
    assert not play.handovers.records
    assert play.go().reason == "the run is MEASURING"
    assert has_sent(play.run)
    assert (play.sent_at, play.counts, play.events.events) == ([], {}, [])
    planned = play.files.planned.definition
    assert play.handovers.records == {
        RUN: Handover(
            campaign=planned.id, name=planned.name, run=RUN, destination="klaviyo",
            variants=("a", "b"), at=NINE_IN_BERLIN,
        )
    }  # fmt: skip


def test_the_plan_has_everybody_by_customer_and_no_address(play):
    people = [
        one
        for entry in (*play.files.planned.chunks, *play.files.planned.holdout)
        for one in read_chunk(play.files.contents[entry.name], entry=entry).recipients
    ]
    assert {one.customer_key for one in people} == {f"p{n}" for n in range(40)}
    assert {one.address for one in people} == {""}
    assert not any(one.fields for one in people)
    assert not any(b"@" in content for content in play.files.contents.values())
    assert sorted(key.decode() for key in play.files.taken.customer_key) == sorted(
        one.customer_key for one in people
    )
    assert 0 < play.files.taken.is_held_out.sum() < 40


def test_receivers_who_are_no_customers_are_counted_and_get_no_label():
    play = Play(shopper("p1"), shopper("", address="x@mail.example"), **AUDIENCE)
    counts = play.files.planned.counts
    assert counts.left_out[LeftOut.NO_CUSTOMER] == 1
    assert counts.selected == 2


def test_a_run_that_began_too_late_is_handed_over_to_nobody(play):
    play.decide("approve")
    play.now += dt.timedelta(days=30)
    play.go()
    assert play.run.state == "CANCELLED"
    assert not play.handovers.records


def test_a_run_that_is_cancelled_before_its_time_is_not_handed_over(play):
    play.decide("approve")
    play.decide("cancel", reason="asked for")
    play.go()
    assert not play.handovers.records


def test_a_crash_after_the_handover_repeats_it(play):
    play.decide("approve")
    play.now = NINE_IN_BERLIN
    definition, runs = play.files.planned.definition, play.runs

    class Dead:
        read = runs.read

        def change(self, sk, change):
            raise OSError

    with pytest.raises(OSError):  # noqa: PT011 (it has no message)
        hand_over(Dead(), RUN, definition=definition, handovers=play.handovers, at=play.now)
    assert (play.run.state, len(play.handovers.records)) == ("SCHEDULED", 1)
    play.go()
    assert (play.run.state, len(play.handovers.records)) == ("MEASURING", 1)


def test_it_is_not_handed_over_before_its_time(play):
    play.decide("approve")
    definition = play.files.planned.definition
    with pytest.raises(InvalidInput, match="wait"):
        hand_over(play.runs, RUN, definition=definition, handovers=FakeHandovers(), at=play.now)


@pytest.mark.parametrize(
    ("campaign", "run", "is_removed"),
    [
        ("active", "FINISHED", False),
        ("ended", "MEASURING", False),
        ("ended", "FINISHED", True),
        ("ended", "CANCELLED", True),
    ],
)
def test_a_campaign_is_taken_back_once_it_has_ended_and_is_measured(
    play, campaign, run, is_removed
):
    play.decide("approve")
    play.go()
    record = CampaignRecord(
        definition=play.files.planned.definition, state=campaign, last_run=1, changed_by="ann",
        changed_at=PLANNED_AT,
    )  # fmt: skip
    runs = [dataclasses.replace(play.run, state=run)]
    assert end_handovers(record, runs, handovers=play.handovers) is is_removed
    assert bool(play.handovers.records) is not is_removed
