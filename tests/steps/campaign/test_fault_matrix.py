"""The fault matrix: each step of a campaign, and whatever may go wrong at each of its calls.

A step is done with a fault at one call, then done again as its caller does. It has to leave what it
leaves without a fault. Sending cannot be that plain, as nothing proves a message: there nobody
gets two messages, and everybody ends settled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt

import pytest

from steps.campaign.consent import submit
from steps.campaign.measuring.campaign import measure_one
from steps.campaign.measuring.services import MeasuringServices
from steps.campaign.plan_run import RunPlan, plan_run
from steps.campaign.planning.plan_campaign import plan_campaign
from steps.campaign.runs import resolve
from steps.campaign.send_chunk import send_chunk
from steps.campaign.write_events import write_events
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.outcomes import FINAL, SENT, UNKNOWN
from tessera.campaigns.sending.settling import CLAIM_LASTS, settled
from tessera.campaigns.sending.states import CampaignRun, new_run
from tessera.errors import InvalidInput, Retryable
from tests.campaign_shop import ENVIRONMENT, NOW, TENANT, customer, open_shop
from tests.campaigns.events.ses_events import ses_event
from tests.campaigns.fakes import (
    NINE,
    Died,
    FakeComposer,
    FakeLedger,
    FakeMailer,
    FakePace,
    FakeWanted,
    hexes,
    recipient,
)
from tests.campaigns.planning.made import batches, known, shopper, terms
from tests.steps.campaign.faults import FAULTS, Calls
from tests.steps.campaign.keepers import FakeRecords
from tests.steps.campaign.measuring.test_campaign import save, send
from tests.steps.campaign.test_consent import KEYS, ONE_CLICK, TOKEN, FakeConsent, FakeEvents
from tests.steps.campaign.test_plan_run import FakeFiles
from tests.steps.campaign.test_runs import FakeProofs

RUN = "news-r001"
LATER = NINE + CLAIM_LASTS


class Plan:
    def __init__(self):
        self.files, self.runs = FakeFiles(), FakeRecords(**{RUN: new_run("shop", RUN, at=NINE)})
        self.people = [shopper(f"p{n}") for n in range(60)]

    def do(self, calls):
        plan = RunPlan(run_id=RUN, terms=terms(), shop_zone="UTC", now=NINE)
        state = self.runs.read(RUN).state
        # What was planned, and may be approved, is not replaced.
        again = pytest.raises(InvalidInput, match="AWAITING_APPROVAL")
        with contextlib.nullcontext() if state == "PLANNING" else again:
            plan_run(
                plan, candidates=lambda: batches(self.people), known=known(),
                files=calls.of(self.files), runs=calls.of(self.runs),
            )  # fmt: skip

    def outcome(self):
        taken = {name: column.tolist() for name, column in vars(self.files.taken).items()}
        return self.files.contents, self.files.manifest, taken, self.runs.records


class Resolve:
    def __init__(self):
        run = CampaignRun(
            tenant="shop", run_id=RUN, state="SETTLING", starts_at=NINE, latest_start=LATER,
            deadline=LATER, changed_at=NINE, recipients=3,
        )  # fmt: skip
        self.runs, self.ledger = FakeRecords(**{RUN: run}), FakeLedger()
        self.proofs = FakeProofs(**{hexes(1): "m-1"})
        for n in range(3):
            self.ledger.claim(hexes(n))
        self.ledger.mark(hexes(2), SENT, message_id="m-2")

    def do(self, calls):
        resolve(
            calls.of(self.runs), RUN, ledger=calls.of(self.ledger), proofs=calls.of(self.proofs),
            at=LATER,
        )  # fmt: skip

    def outcome(self):
        rows = {key: (row.state, row.message_id) for key, row in self.ledger.stored.items()}
        assert sorted(state for state, _ in rows.values()) == [SENT, SENT, UNKNOWN]
        return rows, self.runs.records


class Events:
    """A batch in which each event is there twice, and one has lost its tags."""

    BODIES = (
        ses_event("Email Sent", recipient=hexes(1)),
        ses_event("Email Complaint Received", recipient=hexes(1)),
        ses_event("Email Bounced", tags={}),
        ses_event("Email Clicked", recipient=hexes(2), link="https://shop.example/"),
    )

    def __init__(self):
        self.events = FakeEvents({"m-1": ("acme", "news-r001", hexes(3))})
        self.consent = FakeConsent()

    def do(self, calls):
        write_events(
            [*self.BODIES, *reversed(self.BODIES)], events=calls.of(self.events),
            consent=calls.of(self.consent),
        )  # fmt: skip

    def outcome(self):
        assert len(self.events.stored) == len(self.BODIES)
        assert len(self.consent.rows) == 2
        return self.events.stored, self.consent.rows


class Unsubscribe:
    def __init__(self):
        self.consent = FakeConsent()

    def do(self, calls):
        submit(TOKEN, form=ONE_CLICK, keys=KEYS, consent=calls.of(self.consent), now=NINE)

    def outcome(self):
        assert [row.state for _, row in self.consent.rows.values()] == ["withdrawn"]
        return self.consent.rows


STEPS = {"plan": Plan, "resolve": Resolve, "events": Events, "unsubscribe": Unsubscribe}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_with_a_fault_and_done_again_leaves_the_same(step, fault):
    plain, calls = STEPS[step](), Calls()
    plain.do(calls)
    assert len(calls.made) >= 2
    for number in range(len(calls.made)):
        world = STEPS[step]()
        with pytest.raises((Died, Retryable)):
            world.do(Calls(number, fault))
        world.do(Calls())
        assert world.outcome() == plain.outcome(), calls.made[number]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_comes_twice_leaves_the_same(step):
    once, twice = STEPS[step](), STEPS[step]()
    for world, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            world.do(Calls())
    assert once.outcome() == twice.outcome()


# ---- claim, render, send, mark -----------------------------------------------------------------


class Sending:
    """A chunk of three recipients. One has opted out."""

    PORTS = ("wanted", "composer", "ledger", "pace", "mailer")

    def __init__(self):
        self.ledger, self.mailer = FakeLedger(), FakeMailer()
        self.wanted, self.composer = FakeWanted({hexes(1): "unsubscribed"}), FakeComposer()
        self.pace, self.chunk = FakePace(), [recipient(n) for n in range(3)]

    def do(self, calls):
        ports = {name: calls.of(getattr(self, name)) for name in self.PORTS}
        return send_chunk(
            self.chunk, attempts=Attempts(**ports), ledger=ports["ledger"],
            run_state=lambda: "SENDING", lanes=1,
        )  # fmt: skip

    def settle(self, *, with_events):
        seen = {one.tags["recipient"]: "m-1" for one in self.mailer.inbox} if with_events else {}
        for one in settled(self.ledger.unsettled(), accepted=seen, at=LATER):
            self.ledger.mark(one.recipient, one.state, message_id=one.message_id)


@pytest.mark.parametrize("with_events", [True, False], ids=["events", "no events"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_no_fault_while_sending_sends_twice_or_loses_anybody(fault, with_events):
    calls = Calls()
    Sending().do(calls)
    assert {"why_not", "compose", "claim", "wait", "send", "mark", "skip"} <= set(calls.made)
    for number, name in enumerate(calls.made):
        world = Sending()
        with contextlib.suppress(Died, Retryable):
            world.do(Calls(number, fault))
        world.do(Calls())
        for _ in range(2):  # events come twice
            world.settle(with_events=with_events)
        world.do(Calls())
        assert max(world.mailer.copies.values()) == 1, name
        states_left = {key: row.state for key, row in world.ledger.stored.items()}
        assert set(states_left) == {one.recipient for one in world.chunk}, name
        assert set(states_left.values()) <= set(FINAL), name
        assert hexes(1) not in world.mailer.copies, name
        for key, state in states_left.items():
            if state == UNKNOWN:
                assert key not in world.mailer.copies or not with_events, name
            else:
                assert (state == SENT) == (key in world.mailer.copies), name


# ---- plan and measure, with their files and tables ---------------------------------------------


@pytest.fixture
def sent_shop(aws_environment):
    with open_shop() as shop:
        shop.finish_run([customer(f"p{n:02d}") for n in range(30)])
        run_id = shop.ask(holdout={"share": 0.5})
        plan_campaign(run_id, services=shop.services(), now=NOW)
        send(shop, run_id)
        save(shop, shop.requests.read(run_id).definition)
        shop.buy("stranger", at=NOW + dt.timedelta(days=39), amount="1.00")  # orders are known
        yield shop


def measured(calls, *, days=40):
    services = MeasuringServices.of(ENVIRONMENT, tenant=TENANT)
    services = dataclasses.replace(
        services, data=calls.of(services.data, "write_json"), runs=calls.of(services.runs, "change")
    )
    return measure_one("win-back", services=services, now=NOW + dt.timedelta(days=days))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_measuring_with_a_fault_and_again_gives_the_same(sent_shop, fault):
    run_id = "win-back-r001"
    sent_shop.runs.change(
        run_id, lambda run: dataclasses.replace(run, state="MEASURING", changed_at=NOW)
    )
    plain = Calls()
    expected = measured(plain)
    written = sent_shop.data.read(f"tenants/{TENANT}/campaigns/win-back/results.json")
    # Figures, reactions, results and targets, and the state of the run.
    assert plain.made == [*["write_json"] * 4, "change"]
    for number in range(len(plain.made)):
        sent_shop.runs.change(
            run_id, lambda run: dataclasses.replace(run, state="MEASURING", changed_at=NOW)
        )
        with pytest.raises((Died, Retryable)):
            measured(Calls(number, fault))
        assert measured(Calls()) == expected
        assert sent_shop.data.read(f"tenants/{TENANT}/campaigns/win-back/results.json") == written
        assert sent_shop.runs.read(run_id).state == "FINISHED"
