"""Simulated people react to a run: events, the real unsubscribe link, purchases."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from local.console.simulating import CampaignSimulator, SentCampaign
from local.services.ses.sending import MailService
from local.simulator.model import DEFAULT_MODEL
from steps.campaign.plan_run import RunPlan, plan_run
from tessera.campaigns.events.canary import CANARY
from tessera.campaigns.events.figures import figures
from tessera.campaigns.events.reading import read_event
from tessera.campaigns.sending.states import new_run
from tessera.errors import InvalidInput
from tests.campaigns.planning.made import batches, known, shopper, terms
from tests.steps.campaign.keepers import FakeRecords
from tests.steps.campaign.test_measure import NOW, Frozen

RUN = "win-back-r001"
SENDING_AT_S = NOW.timestamp()


class FakePurchases:
    def __init__(self):
        self.kept = []

    def write(self, rows, *, as_of):
        self.kept.append((rows, as_of))


class LocalWorld:
    """A run that was sent on this machine."""

    def __init__(self, folder):
        self.events, self.posted, self.purchases = [], [], FakePurchases()
        self.mail = MailService(
            folder, identities=["shop.example"], configuration_sets=["tessera"],
            emit=self.events.extend, clock=lambda: SENDING_AT_S,
        )  # fmt: skip
        self.files = Frozen()
        plan = RunPlan(run_id=RUN, terms=terms(), shop_zone="UTC", now=NOW)
        people = [shopper(f"p{n}") for n in range(400)]
        plan_run(
            plan, candidates=lambda: batches(people, size=400), known=known(), files=self.files,
            runs=FakeRecords(**{RUN: new_run("shop", RUN, at=NOW)}),
        )  # fmt: skip
        chunks = [self.files.chunk(entry) for entry in self.files.manifest().chunks]
        self.recipients = [one for chunk in chunks for one in chunk.recipients]
        for one in self.recipients:
            self.send(one.recipient, one.address)

    def send(self, recipient, address, *, run=RUN, tenant="shop", tracks="ENABLED"):
        link = f"https://console.shop.example/u/{recipient}"
        body = f'<a href="https://shop.example/a?x=1&amp;y=2">x</a><a class="f" href="{link}">u</a>'
        tags = {"tenant": tenant, "run": run, "recipient": recipient}
        tracking = {"OpenTrackingEnabled": tracks, "ClickTrackingEnabled": tracks}
        self.mail.send_email(
            {
                "FromEmailAddress": "news@shop.example", "ConfigurationSetName": "tessera",
                "Destination": {"ToAddresses": [address]},
                "Content": {
                    "Simple": {
                        "Subject": {"Data": "News"}, "Body": {"Html": {"Data": body}},
                        "Headers": [{"Name": "List-Unsubscribe", "Value": f"<{link}>"}],
                    }
                },
                "EmailTags": [{"Name": name, "Value": value} for name, value in tags.items()],
                "ConfigurationOverrides": {"Tracking": tracking},
            }
        )  # fmt: skip

    def simulate(self, *, seed=1, run=RUN, **changes):
        model = dataclasses.replace(DEFAULT_MODEL, unsubscribes=0.2, complains=0.05, **changes)
        campaign = SentCampaign(
            result_days=30, runs={RUN: self.files}, purchases=self.purchases
        )  # fmt: skip
        simulator = CampaignSimulator(
            tenant="shop", mail=self.mail, unsubscribe=self.posted.append, model=model
        )
        return simulator.simulate(campaign, run, seed=seed)

    def read(self):
        return {read_event(event) for event in self.events}


@pytest.fixture
def world(tmp_path):
    return LocalWorld(tmp_path)


def test_reactions_become_events_that_are_read_like_the_services(world):
    report = world.simulate()
    counted = figures(world.read())
    assert report.messages == len(world.recipients) == counted.delivered
    assert min(report.reactions.values()) > 0
    assert (counted.opened, counted.clicked_raw, counted.bounced, counted.complained) == tuple(
        report.reactions[kind] for kind in ("open", "click", "bounce", "complaint")
    )
    assert counted.clicked < counted.clicked_raw  # scanners follow links, too
    links = {event.link for event in world.read() if event.kind == "CLICKED"}
    assert links == {"https://shop.example/a?x=1&y=2"}  # never the unsubscribe link
    assert min(event.at for event in world.read()) == NOW


def test_the_real_link_unsubscribes(world):
    report = world.simulate()
    assert len(world.posted) == report.reactions["unsubscribe"]
    recipients = {one.recipient for one in world.recipients}
    assert {url.rpartition("/")[2] for url in world.posted} <= recipients


def test_once_more_with_the_same_seed_changes_nothing(world):
    first, events = world.simulate(), world.read()
    assert world.simulate() == first
    assert world.read() == events
    one, two = (rows.amount.tolist() for rows, _ in world.purchases.kept)
    assert one == two
    assert world.simulate(seed=2) != first


def test_purchases_come_with_the_day_on_which_all_count(world):
    report = world.simulate()
    ((rows, as_of),) = world.purchases.kept
    assert as_of == report.as_of == NOW.date() + dt.timedelta(days=30)
    assert report.orders == len(rows.day) > 0
    assert report.everybody.people == 400
    assert report.everybody.held_out == world.files.manifest().counts.held_out
    assert report.by_band["High"].difference == DEFAULT_MODEL.bands["High"].effect


def test_messages_of_other_runs_and_the_canary_are_left_alone(world):
    before = world.simulate().messages
    world.send(CANARY, "success@simulator.amazonses.com")
    world.send(world.recipients[0].recipient, "p0@mail.example", run="win-back-r002")
    world.send(world.recipients[0].recipient, "p0@mail.example", tenant="other")
    assert world.simulate().messages == before


def test_nobody_is_tracked_who_did_not_consent(world):
    world.mail.sent.clear()
    world.events.clear()
    for one in world.recipients:
        world.send(one.recipient, one.address, tracks="DISABLED")
    world.simulate()
    assert not {"OPENED", "CLICKED"} & {event.kind for event in world.read()}


def test_a_run_that_has_not_begun_is_refused(world):
    with pytest.raises(InvalidInput, match="has not begun to send"):
        world.simulate(run="win-back-r009")
