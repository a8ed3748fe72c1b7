"""A batch of events moves labels: once, whatever comes again and whatever others write."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from adapters.stores.erased import ErasedMarks
from adapters.stores.label_states import NOTHING_KEPT
from adapters.stores.records import write_record
from steps.label.keep import rebased
from steps.label.label import TRIES, Labelling, state_of
from steps.label.rules import RulesInForce
from tessera import naming
from tessera.errors import Retryable
from tessera.events.pseudonym import customer_keys, erased_marks
from tessera.labels.packing import pack_events, unpack_events
from tessera.labels.rules import Rules
from tessera.labels.state import LiveState
from tessera.naming import LABEL_MOVED
from tessera.records.label_rules import LabelRules
from tessera.segments.definition import load_preset
from tessera.sources.stream import StreamRecord
from tests.bucket_in_memory import BucketInMemory

NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
CLASSIC = load_preset("classic-11")
RULES = LabelRules(
    run_id="r1",
    as_of=dt.date(2026, 11, 28),
    preset="classic-11",
    measures="orders",
    scale=5,
    floors={"recency": (1, 2, 3, 4), "frequency": (1, 2, 3, 4), "monetary": (0, 1, 2, 3)},
    cells={cell: one.label for one in CLASSIC.segments for cell in one.cells},
    prospect="Prospect",
    last_event_at=NOON - dt.timedelta(days=1),
    currency="EUR",
    last_window=20_784,
)


class StatesInMemory:
    """The table, whose next writes can lose their race or find it busy."""

    def __init__(self):
        self.items, self.writes, self.lost, self.busy = {}, 0, 0, 0

    def read(self, tenant, key):
        return self.items.get((tenant, key), NOTHING_KEPT)

    def write(self, tenant, key, kept, *, expires=None):
        if self.busy:
            self.busy -= 1
            raise Retryable("busy")
        if self.lost:
            self.lost -= 1
            return False
        if self.read(tenant, key).version != kept.version:
            return False
        self.writes += 1
        self.items[tenant, key] = dataclasses.replace(kept, version=kept.version + 1)
        return True


class Shop:
    """A tenant whose last run left its rules."""

    def __init__(self, rules=RULES):
        self.states, self.moves, self.data = StatesInMemory(), [], BucketInMemory()
        if rules:
            write_record(rules, self.data, naming.label_rules_key("default"))
        force = RulesInForce(self.data, secret=lambda: b"s" * 64, clock=lambda: 0.0)
        self.labelling = Labelling(
            self.states,
            rules=force,
            announce=lambda name, detail: self.moves.append((name, detail)),
            now=lambda: NOON,
        )

    def take(self, *bodies):
        return self.labelling.take(
            StreamRecord("shard-0", f"{place:020d}", NOON.timestamp(), json.dumps(body).encode())
            for place, body in enumerate(bodies)
        )

    @property
    def kept(self):
        [item] = self.states.items.values()
        return item


def order(number, customer="C1", **fields):
    return {
        "EventID": f"e{number}", "CustomerID": customer, "Date": "2026-11-28T11:00:00Z",
        "EventName": "PURCHASED", "Amount": 25, "OrderID": f"o{number}", **fields,
    }  # fmt: skip


@pytest.fixture
def shop():
    return Shop()


def test_an_erased_customers_events_are_left_to_the_next_run(shop):
    key = customer_keys(b"s" * 64, tenant="default")("C1")
    mark = erased_marks(b"s" * 64, tenant="default")(key)
    ErasedMarks(shop.data, tenant="default").write("case-1", [mark])
    report = shop.take(order(1), order(2, customer="C2"))
    assert (report.records, report.left, report.written) == (2, 1, 1)
    assert len(shop.states.items) == 1


def test_an_order_moves_a_label_and_others_hear_of_it(shop):
    report = shop.take(order(1), order(2))
    assert (report.records, report.left, report.written, report.moved) == (2, 0, 1, 1)
    [(name, detail)] = shop.moves
    assert name == LABEL_MOVED
    assert detail["customer_key"] != "C1"
    labelled = (detail["previous"], detail["segment"], detail["scores"])
    assert labelled == (None, "Promising", "525")
    assert (detail["monetary"], detail["frequency"], detail["run_id"]) == ("50.00", 2, "r1")
    shop.take(order(3), order(4), order(5))
    assert [each["previous"] for _, each in shop.moves] == [None, "Promising"]
    assert shop.moves[-1][1]["segment"] == "Champions"


def test_a_batch_that_comes_again_writes_nothing(shop):
    shop.take(order(1), order(2))
    writes = shop.states.writes
    report = shop.take(order(1), order(2))
    assert (report.written, report.moved) == (0, 0)
    assert (shop.states.writes, len(shop.moves)) == (writes, 1)


def test_clicks_and_nonsense_write_nothing(shop):
    report = shop.take(order(1, EventName="VIEWED"), "no event", order(2, Amount="free"))
    assert (report.records, report.left, report.written) == (3, 2, 0)
    assert shop.states.items == {}


def test_clicks_move_labels_where_the_definition_measures_them():
    guidance = load_preset("aws-guidance")
    cells = {cell: one.label for one in guidance.segments for cell in one.cells}
    shop = Shop(
        dataclasses.replace(
            RULES,
            preset="aws-guidance",
            measures="guidance",
            scale=4,
            cells=cells,
            prospect="Volatile",
            floors={"recency": (1, 2, 3), "frequency": (1, 2, 3), "monetary": (-1, 1, 2)},
        )
    )
    shop.take(order(1, EventName="VIEWED"))
    assert json.loads(shop.kept.label)["scores"] == "412"
    shop.take(order(2, EventName="VIEWED"), order(3, EventName="VIEWED"))
    assert json.loads(shop.kept.label)["scores"] == "432"
    assert [detail["segment"] for _, detail in shop.moves] == ["In Between"]


def test_without_rules_everything_is_left_to_the_run():
    report = Shop(rules=None).take(order(1))
    assert (report.records, report.left) == (1, 1)


def test_the_one_that_comes_too_late_reads_again(shop):
    shop.states.lost = TRIES - 1
    assert shop.take(order(1)).moved == 1
    shop.states.lost = TRIES
    assert shop.take(order(9)).failed == (f"{0:020d}",)


def test_only_the_customers_that_could_not_be_written_come_again(shop):
    shop.states.busy = 1
    report = shop.take(order(1, "C1"), order(2, "C2"), order(3, "C1"))
    assert report.failed == (f"{0:020d}",)
    assert report.written == 1
    assert shop.take(order(1, "C1"), order(2, "C2"), order(3, "C1")).written == 1
    assert len(shop.states.items) == 2


def test_a_move_whose_announcement_failed_is_announced_when_the_batch_comes_again(shop):
    def refuse(*_):
        raise Retryable("the bus is busy")

    shop.labelling._announce, announce = refuse, shop.labelling._announce
    assert shop.take(order(1)).failed
    assert shop.kept.announced == ""
    shop.labelling._announce = announce
    assert shop.take(order(1)).moved == 1
    assert shop.kept.announced == shop.kept.segment == "Promising"


def test_a_customer_who_waits_keeps_the_earlier_label_and_moves_nowhere(shop):
    shop.take(order(1), order(2))
    ends = [order(n, EventName=name, OrderID="o1") for n, name in ((3, "CANCELLED"), (4, "refund"))]
    report = shop.take(*ends)
    assert (report.waiting, report.moved) == (1, 0)
    assert (shop.kept.segment, shop.kept.waits) == ("Promising", True)


def test_after_a_run_only_what_it_did_not_count_is_recent(shop):
    shop.take(order(1), order(2))
    rules = Rules(RULES)
    first, second = unpack_events(shop.kept.recent)
    base = LiveState()
    rules.fold(base, [first])
    after = rebased(shop.kept, base, rules=rules)
    assert list(unpack_events(after.recent)) == [second]
    assert state_of(after, rules=rules) == state_of(shop.kept, rules=rules)
    assert after.announced == after.segment == "Promising"
    rules.fold(base, [second])
    assert rebased(after, base, rules=rules).recent == b""
    later = Rules(dataclasses.replace(RULES, last_window=second.window + 3))
    old = dataclasses.replace(after, recent=pack_events([second]))
    assert rebased(old, LiveState(), rules=later).recent == b""
