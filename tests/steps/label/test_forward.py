"""Moves reach a destination between two runs, and the next run has nothing to send for them."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from adapters.destinations.files.import_files import ImportFolder
from adapters.destinations.files.sent_contents import KeptContents, SentContents
from adapters.stores.moves import SingleMoves
from adapters.stores.records import write_record
from steps.label.forward import Forwarding, ForwardReport
from steps.label.keep import rebased
from steps.label.label import state_of
from steps.label.rules import RulesInForce
from tessera import naming
from tessera.destinations import catalog
from tessera.destinations.planning.ledger import acknowledged
from tessera.destinations.planning.plan import Plan, digest
from tessera.destinations.port import Item, Outcome
from tessera.errors import Retryable
from tessera.labels.events import LiveEvent
from tessera.labels.forwarding import moved_content
from tessera.labels.rules import Rules
from tessera.labels.state import LiveState
from tessera.records.loads.load import Refusal
from tessera.records.loads.load_report import LoadReport
from tests.bucket_in_memory import BucketInMemory
from tests.steps.label.test_label import NOON, RULES, Shop, order

KLAVIYO = catalog.HTTP["klaviyo"]
TODAY = 20_785  # the window of the test's orders: 2026-11-28 is 20,785 days after 1970
STARTED = NOON - dt.timedelta(hours=9)
PEOPLE = ("C1", "C2", "C3")


class Destined:
    """A destination: who is there, with what, and whether it is busy or refuses somebody."""

    def __init__(self):
        self.there, self.requests, self.busy, self.refuses = {}, 0, 0, set()

    def send(self, items):
        self.requests += 1
        if self.busy:
            self.busy -= 1
            raise Retryable("busy", after_seconds=1)
        taken = [item for item in items if item.customer_id not in self.refuses]
        self.there |= {item.customer_id: item.content for item in taken}
        refused = (
            Refusal(one.key, one.customer_id, "bad", "") for one in items if one not in taken
        )
        return Outcome(acknowledged=tuple(taken), refused=tuple(refused))


@dataclasses.dataclass
class LoadedRun:
    """What ``Activation`` is to forwarding."""

    world: MovingShop
    run_id: str
    vendor = KLAVIYO

    def report(self):
        return self.world.reports.get(self.run_id)

    @property
    def started_at(self):
        return STARTED + dt.timedelta(hours=int(self.run_id[1:]))

    def contents(self):
        return KeptContents(self.world.bucket, prefix=f"{self.run_id}/")

    def transport(self):
        return self.world.place


class MovingShop(Shop):
    """A shop with one destination, whose runs are made by hand."""

    def __init__(self, folder):
        super().__init__()
        self.folder, self.bucket, self.place = folder, BucketInMemory("identities"), Destined()
        self.reports, self.now, self.most = {}, NOON, 10
        self.keys = {}
        for number, customer in enumerate(PEOPLE):
            self.take(order(f"old{number}", customer))
            self.keys[customer] = self.unknown_key()
        self.run("r1", window=TODAY)

    def unknown_key(self):
        [key] = {key for _, key in self.states.items} - {*self.keys.values()}
        return key

    @property
    def channel(self):
        return SingleMoves(
            self.bucket, tenant="default", destination="klaviyo",
            now=lambda: self.now, pause=self.wait,
        )  # fmt: skip

    def wait(self, seconds):
        self.now += dt.timedelta(seconds=seconds)

    def published(self):
        """Return each customer's content as a run would have it that counts every event."""
        rules = Rules(RULES)
        contents = {}
        for customer, key in self.keys.items():
            state = state_of(self.states.read("default", key), rules=rules)
            plain = {"customer_id": customer, "rfm_cluster": "2", "rfm_set_churn_band": "Low"}
            contents[key] = moved_content(plain, label=rules.label(state), state=state)
        return contents

    def run(self, run_id, *, window, counts=True, ends=True):
        """Load what a run has. One that does not count the last events has what the last had."""
        contents = self.published() if counts else self.contents
        newer = self.channel.begin(
            run_id=run_id, started_at=STARTED + dt.timedelta(hours=len(self.reports)), window=window
        )
        self.contents = contents
        with self.channel._ledger.folded() as entries:
            plan = Plan(KLAVIYO, ledger=list(entries), newer=newer)
        items = [
            Item(key, content["customer_id"], digest_of(content), content)
            for key, content in sorted(contents.items())
        ]
        due = plan.compare([one.key for one in items], [one.digest for one in items])
        folder = ImportFolder(self.folder / run_id, objects=self.bucket, prefix=f"{run_id}/")
        every = SentContents(folder)
        every.add([one.key for one in items], [one.to_line() for one in items])
        every.finish()
        self.sent = [items[place] for place in due]
        if ends:
            self.end(run_id, counts=counts)
        return [one.customer_id for one in self.sent]

    def end(self, run_id, *, counts=True, **report):
        self.place.there |= {one.customer_id: one.content for one in self.sent}
        started = STARTED + dt.timedelta(hours=len(self.reports))
        self.channel._ledger.acknowledge(
            [acknowledged(one, vendor=KLAVIYO) for one in self.sent],
            started_at=started.isoformat(timespec="milliseconds"),
            name=f"{run_id}-00000-000000-000009",
        )
        self.reports[run_id] = LoadReport(
            **{"destination": "klaviyo", "held": "", "failed": None, "message": "", **report},
            sent=0, refused=0, requests=0, planned=None, segments=(),
        )  # fmt: skip
        if counts:
            for (tenant, key), kept in list(self.states.items.items()):
                base = state_of(kept, rules=Rules(RULES))
                self.states.write(tenant, key, rebased(kept, base, rules=Rules(RULES)))
        self.rules = dataclasses.replace(RULES, run_id=run_id)

    def forward(self, *customers, finished=False):
        write_record(self.rules, self.data, naming.label_rules_key("default"))
        forwarding = Forwarding(
            self.states,
            rules=RulesInForce(self.data, secret=lambda: b"", clock=lambda: 0.0),
            most_an_hour=self.most,
            now=lambda: self.now,
            seconds_left=lambda: 300.0,
            pause=self.wait,
        )
        return forwarding.forward(
            "default",
            [self.keys.get(one, one) for one in customers],
            finished_run=finished,
            to=self.channel,
            activation=lambda run_id: LoadedRun(self, run_id),
        )

    def order(self, number, customer):
        self.take(order(number, customer, OrderID=f"new{number}"))

    def label(self, customer):
        return self.place.there[customer]["rfm_segment"]


def digest_of(content):
    limits = KLAVIYO.CAPABILITIES
    return digest(content, volatile=limits.volatile, drifting=limits.drifting)


@pytest.fixture
def world(tmp_path):
    return MovingShop(tmp_path)


def test_a_move_arrives_and_the_next_run_sends_nothing_for_it(world):
    before = world.label("C1")
    world.order(1, "C1")
    world.order(2, "C1")
    assert world.forward("C1", "C2") == ForwardReport(forwarded=1, same=1)
    assert world.label("C1") != before
    assert world.place.there["C1"]["rfm_set_churn_band"] == "Low"
    assert world.run("r2", window=TODAY + 1) == []


def test_a_message_that_comes_again_sends_nothing(world):
    world.order(1, "C1")
    world.forward("C1")
    requests = world.place.requests
    assert world.forward("C1", "C1") == ForwardReport(same=1)
    assert world.place.requests == requests
    world.order(2, "C1")
    assert world.forward("C1").forwarded == 1


def test_where_more_than_the_label_changed_the_run_sends_that(world):
    world.order(1, "C1")
    world.forward("C1")
    published = world.published

    def churned():
        contents = published()
        contents[world.keys["C1"]]["rfm_set_churn_band"] = "High"
        return contents

    world.published = churned
    assert world.run("r2", window=TODAY + 1) == ["C1"]
    assert world.place.there["C1"]["rfm_set_churn_band"] == "High"


def test_customers_that_only_a_run_can_send_are_left_to_it(world):
    world.take(order("new", "C9"), order("other", "C9"))
    world.keys["C9"] = world.unknown_key()
    for number, name in ((7, "CANCELLED"), (8, "refund")):
        world.take(order(number, "C2", EventName=name, OrderID="oold1"))
    assert world.forward("C9", "C2", "nobody") == ForwardReport(left=3)
    assert world.place.requests == 0


def test_moves_wait_while_a_run_loads_the_destination_and_then_build_on_it(world):
    world.order(1, "C1")
    world.run("r2", window=None, counts=False, ends=False)
    with pytest.raises(Retryable, match="loading"):
        world.forward("C1")
    world.end("r2", counts=False)
    world.rules = dataclasses.replace(RULES, run_id="r1")
    with pytest.raises(Retryable, match="live labels"):
        world.forward("C1")
    world.rules = dataclasses.replace(RULES, run_id="r2")
    assert world.forward("C1").forwarded == 1


@pytest.mark.parametrize("report", [{"held": "dry run"}, {"recreated": True}])
def test_nothing_goes_where_the_last_run_sent_nothing(world, report):
    world.order(1, "C1")
    world.run("r2", window=None, counts=False, ends=False)
    world.end("r2", counts=False, **report)
    assert world.forward("C1") == ForwardReport(left=1)


def test_before_the_first_run_with_forwarding_everything_is_left_to_it(world):
    world.bucket.delete([key for key in world.bucket.bodies if key.endswith(naming.LEDGER_MOVES)])
    world.order(1, "C1")
    assert world.forward("C1") == ForwardReport(left=1)


def test_once_the_contents_are_erased_moves_wait_for_the_next_run(world):
    world.order(1, "C1")
    world.bucket.delete(list(world.bucket.keys(f"r1/{naming.CONTENTS}")))
    assert world.forward("C1") == ForwardReport(left=1)


def test_after_runs_without_forwarding_moves_wait_for_the_next_one_with_it(world):
    world.order(1, "C1")
    world.rules = dataclasses.replace(RULES, run_id="r9")
    assert world.forward("C1") == ForwardReport(left=1)


def test_a_run_that_lacks_the_events_does_not_put_the_older_label_back(world):
    world.order(1, "C1")
    world.order(2, "C1")
    world.forward("C1")
    live = world.label("C1")
    world.contents[world.keys["C1"]]["rfm_set_churn_band"] = "High"
    assert world.run("r2", window=None, counts=False) == []
    assert world.label("C1") == live
    assert world.forward(finished=True) == ForwardReport(forwarded=1)
    assert world.place.there["C1"]["rfm_set_churn_band"] == "High"
    assert world.label("C1") == live
    assert world.forward(finished=True) == ForwardReport(same=1)
    assert world.run("r3", window=TODAY + 1) == ["C1"]  # whose band has changed again


def test_beyond_the_limit_of_an_hour_moves_wait_for_the_run(world):
    world.most = 2
    for number, customer in enumerate(PEOPLE):
        world.order(number, customer)
    assert world.forward(*PEOPLE) == ForwardReport(forwarded=2, over=1)
    [late] = [one for one in PEOPLE if world.keys[one] not in world.channel.record().moved]
    assert world.forward(late) == ForwardReport(over=1)
    assert world.run("r2", window=TODAY + 1) == [late]
    world.order(7, "C1")
    world.order(8, "C1")
    assert world.forward("C1") == ForwardReport(forwarded=1)
    world.order(9, "C1")
    world.now += dt.timedelta(hours=1)
    assert world.forward("C1").over == 0


def test_a_busy_destination_gets_the_move_later_and_counts_it_once(world):
    world.place.busy, world.most = 1, 1
    world.order(1, "C1")
    with pytest.raises(Retryable):
        world.forward("C1")
    assert world.forward("C1").forwarded == 1


def test_who_is_refused_is_left_to_the_run(world):
    world.place.refuses = {"C1"}
    for customer in ("C1", "C2"):
        world.order(customer, customer)
    assert world.forward("C1", "C2") == ForwardReport(forwarded=1, refused=1)
    assert world.run("r2", window=TODAY + 1) == ["C1"]


def test_a_sender_who_dies_before_the_ledger_knows_leaves_no_older_label(world):
    world.order(1, "C1")
    world.order(2, "C1")
    world.channel.note(world.channel.record(), {world.keys["C1"]: TODAY + 1})
    world.place.there["C1"] = world.published()[world.keys["C1"]]  # it was sent, and nothing noted
    live = world.label("C1")
    assert world.run("r2", window=None, counts=False) == []
    assert world.forward(finished=True).forwarded == 1
    assert world.label("C1") == live


def test_the_events_of_a_customer_say_which_day_a_run_must_count(world):
    world.order(1, "C1")
    world.forward("C1")
    assert world.channel.record().moved == {world.keys["C1"]: TODAY}


def test_a_content_keeps_what_is_not_followed_and_loses_scores_that_are_gone():
    rules, state = Rules(RULES), LiveState()
    at = int(NOON.timestamp() * 1_000_000)
    rules.fold(state, [LiveEvent("REFUNDED", at, -1_000, 5, 6, TODAY)])
    before = {"customer_id": "C1", "email": "a@example.com", "rfm_cluster": "3",
              "rfm_segment": "Champions", "rfm_score": "555", "rfm_r": "5"}  # fmt: skip
    after = moved_content(before, label=rules.label(state), state=state)
    assert after == {
        "customer_id": "C1", "email": "a@example.com", "rfm_cluster": "3",
        "rfm_segment": "Prospect", "rfm_frequency": "0", "rfm_monetary": "-0.10",
        "rfm_as_of": "2026-11-29",
    }  # fmt: skip
