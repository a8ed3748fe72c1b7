"""A run pauses when complaints or bounces are too many."""

from __future__ import annotations

import datetime as dt

import pytest

from steps.campaign.brakes import check_brakes
from tessera.campaigns.events.reading import read_event
from tessera.campaigns.sending.brakes import PostmasterFigure
from tessera.campaigns.sending.states import CampaignRun
from tests.campaigns.events.ses_events import ses_event
from tests.campaigns.fakes import NINE, hexes
from tests.steps.campaign.keepers import FakeRecords

RUN = "news-r001"


class FakePartitions:
    def __init__(self, *events):
        self.events, self.read = events, []

    def of_partition(self, tenant, run, digit):
        self.read.append(digit)
        return [event for event in self.events if event.recipient[0] == digit]


def event(detail_type, n, **more):
    return read_event(ses_event(detail_type, recipient=hexes(n), **more))


def a_run(state="SENDING", recipients=1_000):
    later = NINE + dt.timedelta(hours=9)
    return CampaignRun(
        tenant="acme", run_id=RUN, state=state, starts_at=NINE, latest_start=later,
        deadline=later, changed_at=NINE, recipients=recipients,
    )  # fmt: skip


def check(runs, events, **more):
    given = {"postmaster": None, "at": NINE}
    return check_brakes(runs, RUN, events=events, **given | more)


BOUNCES = [event("Email Sent", n) for n in range(100)] + [
    event("Email Bounced", n) for n in range(10)
]


def test_too_many_bounces_pause_a_run():
    runs = FakeRecords(**{RUN: a_run()})
    reading = check(runs, FakePartitions(*BOUNCES))
    assert runs.read(RUN).state == "PAUSED"
    assert runs.read(RUN).reason == reading.reason == (
        "10 of 100 messages bounced for good: the limit is 5 %"
    )  # fmt: skip


def test_a_run_that_is_not_sending_is_only_read():
    runs = FakeRecords(**{RUN: a_run("SETTLING")})
    assert check(runs, FakePartitions(*BOUNCES)).reason
    assert runs.read(RUN).state == "SETTLING"


def test_gmails_entered_figure_pauses_a_run():
    runs = FakeRecords(**{RUN: a_run()})
    check(runs, FakePartitions(), postmaster=PostmasterFigure(share=0.002, day=NINE.date()))
    assert runs.read(RUN).state == "PAUSED"


@pytest.mark.parametrize(
    ("recipients", "partitions"), [(1, 16), (50_000, 16), (100_000, 8), (1_000_000, 1)]
)
def test_a_large_run_is_judged_by_some_of_its_partitions(recipients, partitions):
    events = FakePartitions()
    check(FakeRecords(**{RUN: a_run(recipients=recipients)}), events)
    assert len(events.read) == partitions
