"""Who may send single moves at a moment, what they build on, and what the ledger makes of them."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.stores.ledger import Ledger
from adapters.stores.moves import SingleMoves
from adapters.stores.turns import LONGEST
from tessera.destinations.planning.ledger import Entry
from tessera.errors import Retryable
from tests.bucket_in_memory import BucketInMemory

NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
FIRST, SECOND = NOON - dt.timedelta(hours=8), NOON - dt.timedelta(hours=2)


class World:
    """A destination's moves, and a clock that goes on while somebody waits."""

    def __init__(self):
        self.now, self.bucket = NOON, BucketInMemory()

    def pause(self, seconds):
        self.now += dt.timedelta(seconds=seconds)

    def moves(self):
        return SingleMoves(
            self.bucket, tenant="default", destination="klaviyo",
            now=lambda: self.now, pause=self.pause,
        )  # fmt: skip

    @property
    def ledger(self):
        return Ledger(self.bucket, tenant="default", destination="klaviyo")

    def entries(self):
        with self.ledger.folded() as entries:
            return {entry.key: entry.digest for entry in entries}


@pytest.fixture
def world():
    return World()


def test_one_at_a_time_has_the_turn_and_each_gets_it(world):
    for _ in range(3):
        with world.moves().turn(wait_seconds=5):
            began = world.now
            with pytest.raises(Retryable), world.moves().turn(wait_seconds=5):
                raise AssertionError
            assert dt.timedelta(seconds=5) <= world.now - began < dt.timedelta(seconds=7)
    assert len(world.bucket.bodies) == 2


def test_a_holder_who_died_is_passed_over_and_late_words_of_it_change_nothing(world):
    dead = world.moves().turn(wait_seconds=0)
    dead.__enter__()
    with world.moves().turn(wait_seconds=LONGEST.total_seconds()):
        assert world.now >= NOON + LONGEST
        dead.__exit__(None, None, None)
        with pytest.raises(Retryable), world.moves().turn(wait_seconds=0):
            raise AssertionError


def test_two_who_take_the_same_turn_do_not_both_get_it(world):
    other, created = world.moves(), world.bucket.create

    def late(key, data):
        world.bucket.create = created
        other.turn(wait_seconds=0).__enter__()
        return created(key, data)

    world.bucket.create = late
    with pytest.raises(Retryable), world.moves().turn(wait_seconds=0):
        raise AssertionError


def test_moves_are_in_the_ledger_after_their_run_and_before_the_next_one(world):
    moves, ledger = world.moves(), world.ledger
    entries = [Entry("a", "run1", "A"), Entry("b", "run1", "B")]
    part = "r1-00000-000000-000002"
    ledger.acknowledge(entries, started_at="2026-11-29T04:00:00.000+00:00", name=part)
    moves.begin(run_id="r1", started_at=FIRST, window=20_000)
    record = moves.record()
    assert moves.acknowledged(record) == {}
    moves.acknowledge(record, [Entry("b", "move", "B"), Entry("a", "move", "A")])
    assert set(moves.acknowledged(record)) == {"a", "b"}
    part = "r2-00000-000000-000001"
    entries = [Entry("a", "run2", "A")]
    ledger.acknowledge(entries, started_at="2026-11-29T10:00:00.000+00:00", name=part)
    assert world.entries() == {"a": "run2", "b": "move"}
    assert moves.acknowledged(record) == {}


def test_a_run_leaves_those_alone_whose_events_it_does_not_count(world):
    moves = world.moves()
    assert moves.begin(run_id="r1", started_at=FIRST, window=20_785) == frozenset()
    moves.note(moves.record(), {"a": 20_786, "b": 20_787})
    assert moves.begin(run_id="r2", started_at=SECOND, window=20_786) == {"b"}
    assert moves.record().moved == {"b": 20_787}
    moves.note(moves.record(), {"c": 20_787})
    assert moves.begin(run_id="r3", started_at=NOON, window=None) == {"b", "c"}
    assert moves.begin(run_id="r4", started_at=NOON, window=20_787) == frozenset()
    assert moves.record().moved == {}


def test_those_who_were_sent_are_counted_by_the_hour(world):
    moves = world.moves()
    moves.begin(run_id="r1", started_at=FIRST, window=None)
    for count in (2, 3):
        moves.count(moves.record(), count, hour=NOON)
    assert moves.record().forwarded == 5
    moves.count(moves.record(), 1, hour=NOON + dt.timedelta(hours=1))
    assert moves.record().forwarded == 1
