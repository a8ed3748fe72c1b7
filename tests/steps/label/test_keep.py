"""After a run: its rules hold, its states stay under the events since, and no older run wins."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from adapters.stores.records import read_record
from steps.label.keep import keep_labels
from steps.label.label import Labelling
from steps.label.rules import RulesInForce
from tessera import naming
from tessera.errors import Retryable
from tessera.events.pseudonym import customer_keys
from tessera.labels.packing import unpack_events, unpack_state
from tessera.labels.rules import Rules
from tessera.records.codec import decode, encode
from tessera.records.label_rules import LabelRules
from tessera.records.runs.latest import Latest
from tessera.records.scoring.score import ScoreRecord
from tessera.sources.stream import StreamRecord
from tests.steps.label.test_label import StatesInMemory
from tests.steps.prepare.conftest import SECRET, Shop
from tests.tickets import score_json

HEADER = "EventID,CustomerID,Date,EventName,Amount,OrderID"
NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
THRESHOLDS = {"recency": (1, 2, 3, 4), "frequency": (1, 2, 3, 4), "monetary": (10, 20, 30, 40)}
KEY_OF = customer_keys(SECRET, tenant="default")
DAY = "uploads/default/stream-2026-11-28/"


class FollowedShop(Shop):
    """A tenant with live labels. Each run leaves what Score and FinishRun leave."""

    def __post_init__(self):
        super().__post_init__()
        self.states, self.moves = StatesInMemory(), []
        rules = RulesInForce(
            self.data, secret=lambda: SECRET, clock=iter(range(0, 9999, 60)).__next__
        )
        self.labelling = Labelling(
            self.states, rules=rules, announce=lambda *move: self.moves.append(move),
            now=lambda: NOON,
        )  # fmt: skip

    def counted(self, *lines, key="uploads/orders.csv", thresholds=None):
        """Run an upload of some orders, and finish the run. Return its id."""
        # A run compares with the profiles of the last one, which nobody makes here.
        self.data.delete_prefix(naming.latest_key("default"))
        files = {key: "\n".join([HEADER, *lines])}
        if key.startswith(DAY):
            files = {f"{key}{n}.csv": f"{HEADER}\n{one}" for n, one in enumerate(lines)}
        record = self.run(files)
        score = decode(ScoreRecord, score_json(as_of=record.as_of, customers=1), document="score")
        score = dataclasses.replace(score, thresholds=thresholds or THRESHOLDS)
        for name, document in ((naming.PREPARE_RECORD, record), (naming.SCORE_RECORD, score)):
            path = naming.run_key("default", record.run_id, name)
            self.data.write_json(path, encode(document))
        latest = Latest(run_id=record.run_id, as_of=record.as_of)
        self.data.write_json(naming.latest_key("default"), encode(latest))
        return record.run_id

    def keep(self):
        folder = self.folder / "keep"
        folder.mkdir(exist_ok=True)
        return keep_labels(
            "default", data=self.data, states=self.states, folder=folder, memory_mb=256
        )

    def take(self, *bodies):
        return self.labelling.take(
            StreamRecord("shard-0", f"{place:020d}", NOON.timestamp(), json.dumps(body).encode())
            for place, body in enumerate(bodies)
        )

    def kept(self, customer):
        return self.states.read("default", KEY_OF(customer))

    @property
    def rules(self):
        key = naming.label_rules_key("default")
        return read_record(LabelRules, self.data, key, tolerant=True)


def line(number, customer, day="2026-11-20"):
    return f"f{number},{customer},{day}T09:00:00Z,PURCHASED,25.00,o{number}"


def event(number, customer="A"):
    return {
        "EventID": f"e{number}", "CustomerID": customer, "Date": "2026-11-28T11:00:00Z",
        "EventName": "PURCHASED", "Amount": "25.00", "OrderID": f"s{number}",
    }  # fmt: skip


@pytest.fixture
def shop(tmp_path):
    return FollowedShop(tmp_path)


def test_a_run_leaves_its_rules_and_everybodys_state_and_a_repeat_writes_nothing(shop):
    run_id = shop.counted(line(1, "A"), line(2, "A"), line(3, "B"))
    report = shop.keep()
    assert (report.run_id, report.customers, report.written, report.waiting) == (run_id, 2, 2, 0)
    assert shop.rules.run_id == run_id
    assert shop.rules.floors["recency"] == THRESHOLDS["recency"]
    state = unpack_state(shop.kept("A").base)
    assert (len(state.orders), state.monetary) == (2, 500_000)
    assert (shop.kept("A").segment, shop.kept("A").recent) != ("", shop.kept("A").base)
    writes = shop.states.writes
    assert shop.keep().written == 0
    assert shop.states.writes == writes


def test_events_since_the_run_stay_until_a_run_has_counted_them_and_who_is_gone_has_no_state(shop):
    shop.counted(line(1, "A"))
    shop.keep()
    assert shop.take(*map(event, range(4))).moved == 1
    moved = shop.kept("A")
    shop.counted(line(9, "B"), key="uploads/others.csv")
    assert shop.keep().written == 1  # B: nothing of A has changed
    assert shop.kept("A") == moved
    streamed = (f"e{n},A,2026-11-28T11:00:00Z,PURCHASED,25.00,s{n}" for n in range(4))
    shop.counted(*streamed, key=DAY)
    assert shop.keep().written == 1
    after = shop.kept("A")
    assert list(unpack_events(after.recent)) == []
    assert len(unpack_state(after.base).orders) == 5
    assert after.segment == after.announced == moved.segment
    assert shop.rules.last_window == (dt.date(2026, 11, 28) - dt.date(1970, 1, 1)).days
    shop.counted(line(9, "C"), key="uploads/others.csv")  # in place of B's
    assert (shop.keep().customers, shop.kept("B").base) == (2, b"")


def test_what_a_failure_left_is_made_up_for_by_the_next_call(shop):
    run_id = shop.counted(line(1, "A"), line(2, "B"))
    shop.states.busy = 1
    with pytest.raises(Retryable):
        shop.keep()
    assert not shop.data.exists(naming.label_rules_key("default"))
    report = shop.keep()
    assert (report.run_id, report.customers) == (run_id, 2)
    assert shop.kept("A").segment
    assert shop.kept("B").segment


def test_a_run_that_finishes_meanwhile_has_the_last_word(shop, monkeypatch):
    shop.counted(line(1, "A"), line(2, "B"))
    later = {}
    write = shop.states.write

    def finish(*args, **kwargs):
        if not later:  # while the first run's states are written, the next one finishes and is kept
            later["run"] = None
            later["run"] = shop.counted(
                line(3, "A"), line(4, "B"), line(5, "B"), key="uploads/more.csv",
                thresholds={**THRESHOLDS, "recency": (5, 6, 7, 8)},
            )  # fmt: skip
            shop.keep()
        return write(*args, **kwargs)

    monkeypatch.setattr(shop.states, "write", finish)
    report = shop.keep()
    assert report.run_id == shop.rules.run_id == later["run"]
    assert shop.rules.floors["recency"] == (5, 6, 7, 8)
    assert [len(unpack_state(shop.kept(one).base).orders) for one in "AB"] == [2, 3]
    assert all(json.loads(shop.kept(one).label)["run_id"] == later["run"] for one in ("A", "B"))
    assert shop.keep().written == 0
    assert Rules(shop.rules).record == shop.rules
