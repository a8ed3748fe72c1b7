"""Files that a destination fetches itself: how many at once, and what is acknowledged when."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.destinations.loads import Position, RunLoad
from adapters.stores.ledger import Ledger
from steps.activate import at_once
from steps.activate.send import advance
from tessera.destinations.port import Item, Outcome
from tessera.destinations.vendors.redshift import destination as redshift
from tessera.errors import Retryable
from tessera.naming import AT_ONCE, destination_prefix, import_part, run_key
from tessera.records.codec import encode
from tessera.records.loads.load import ImportFile, LoadRecord, Refusal
from tests.bucket_in_memory import BucketInMemory, WriterDied
from tests.tickets import ticket_json

PREFIX = destination_prefix("default", "r1", "redshift")
PER_FILE = 3


class Fetching:
    """A destination that fetches files. It takes none of them if a wrong customer is in one."""

    def __init__(self, bucket: BucketInMemory, *, wrong: Sequence[int] = ()) -> None:
        self.bucket = bucket
        self.wrong = {f"C {number:05d}" for number in wrong}
        self.customers_at_once = 10**9
        self.held: set[str] = set()
        self.attempts: list[tuple[int, int]] = []
        self.batches = 0
        self.raises: list[BaseException] = []

    def load_files(self, files: Sequence[ImportFile], *, seconds: float) -> str:
        assert 0 < seconds < math.inf
        numbers = [int(file.key[-11:-6]) for file in files]
        self.attempts.append((numbers[0], numbers[-1] + 1))
        if self.raises:
            raise self.raises.pop()
        lines = [line for file in files for line in self.bucket.read(file.key).splitlines()]
        ids = {Item.from_line(line.decode()).customer_id for line in lines}
        if ids & self.wrong:
            return "22001"
        self.held |= ids
        return ""

    def send(self, items: Sequence[Item]) -> Outcome:
        self.batches += 1
        taken = tuple(item for item in items if item.customer_id not in self.wrong)
        self.held |= {item.customer_id for item in taken}
        wrong = (item for item in items if item.customer_id in self.wrong)
        return Outcome(
            acknowledged=taken,
            refused=tuple(Refusal(one.key, one.customer_id, "22001", "long") for one in wrong),
        )


class FetchedRun:
    """A run with import files for a destination, as MapSchema leaves them."""

    def __init__(self, files: int, **fetching: Any) -> None:
        self.bucket = BucketInMemory("identities")
        parts = []
        for number in range(files):
            ids = range(number * PER_FILE, (number + 1) * PER_FILE)
            text = "".join(
                Item(f"key-{one:05d}", f"C {one:05d}", "d" * 32, {}).to_line() for one in ids
            ).encode()
            key = PREFIX + import_part(number)
            self.bucket.write(key, text)
            parts.append(ImportFile(key, PER_FILE, len(text), ""))
        changes = files * PER_FILE
        record = LoadRecord(
            destination="redshift", as_of=dt.date(2026, 5, 1), held="", needs="",
            parts=tuple(parts), without_identity=0, segments=(), desired=changes, changes=changes,
            adds=changes,
        )  # fmt: skip
        self.bucket.write_json(f"{PREFIX}load.json", encode(record))
        self.bucket.write_json(run_key("default", "r1", "ticket.json"), ticket_json())
        self.way = Fetching(self.bucket, **fetching)
        self.ids = {f"C {number:05d}" for number in range(changes)}

    @property
    def load(self) -> RunLoad:
        return RunLoad(
            data=self.bucket, identities=self.bucket, tenant="default", run_id="r1",
            destination="redshift",
        )  # fmt: skip

    def go(self, **changes: Any) -> bool:
        fields = {"go_on": lambda: True, "pause": lambda _seconds: None} | changes
        return advance(self.load, vendor=redshift, transport=self.way, **fields)

    def acknowledged(self) -> list[str]:
        journal = Ledger(self.bucket, tenant="default", destination="redshift")
        with journal.folded() as entries:
            return [entry.customer_id for entry in entries]


def test_all_files_are_one_attempt_and_are_acknowledged_after_it(monkeypatch):
    monkeypatch.setattr(at_once, "FILES_PER_SAVE", 4)
    run = FetchedRun(10)
    assert run.go()
    assert (run.way.attempts, run.way.batches) == ([(0, 10)], 0)
    totals = run.load.totals()
    assert (totals.rows, totals.sent, totals.requests) == (30, 30, 1)
    assert len(list(run.bucket.keys(f"{PREFIX}results/"))) == 3
    assert set(run.acknowledged()) == run.ids
    assert run.go()
    assert len(run.way.attempts) == 1


def test_a_wrong_customer_costs_some_attempts_and_keeps_nobody_else_out():
    run = FetchedRun(64, wrong=[100])
    assert run.go()
    assert run.way.held == set(run.acknowledged()) == run.ids - {"C 00100"}
    assert run.way.batches <= 3  # of 64
    assert len(run.way.attempts) <= 2 * math.log2(64) + 2
    assert run.load.totals().refused == 1


def test_no_attempt_is_larger_than_the_destination_takes():
    run = FetchedRun(9)
    run.way.customers_at_once = 4 * PER_FILE + 1
    assert run.go()
    assert run.way.attempts == [(0, 4), (4, 8)]
    assert run.way.batches == 1  # the last file alone is a batch
    assert set(run.acknowledged()) == run.ids


def test_one_file_is_a_batch_and_a_destination_without_the_rights_gets_batches_alone():
    run = FetchedRun(1)
    assert run.go()
    assert (run.way.attempts, run.way.batches) == ([], 1)
    run = FetchedRun(3)
    run.way.customers_at_once = 0
    assert run.go()
    assert (run.way.attempts, run.way.batches) == ([], 3)
    assert not run.bucket.exists(PREFIX + AT_ONCE)


def test_a_destination_that_takes_no_files_is_soon_asked_no_more():
    run = FetchedRun(200)
    run.way.load_files = lambda files, **_: run.way.attempts.append(files) or "0A000"
    assert run.go()
    assert len(run.way.attempts) == 20
    assert set(run.acknowledged()) == run.ids


def test_a_busy_destination_is_asked_the_same_again():
    run = FetchedRun(8)
    run.way.raises = [Retryable("busy")]
    with pytest.raises(Retryable):
        run.go()
    assert run.acknowledged() == []
    assert run.go()
    assert run.way.attempts == [(0, 8), (0, 8)]


def test_a_process_that_ends_within_an_attempt_tries_half_next_time():
    run = FetchedRun(8)
    run.way.raises = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        run.go()
    assert run.go()
    assert run.way.attempts == [(0, 8), (0, 4), (4, 8)]


def test_an_attempt_begins_only_with_time_for_it():
    run = FetchedRun(4)
    with pytest.raises(Retryable) as caught:
        run.go(seconds_left=lambda: 200)
    assert caught.value.after_seconds
    assert run.way.attempts == []
    assert run.go(seconds_left=lambda: 800)


def test_acknowledging_goes_on_where_time_ran_out(monkeypatch):
    monkeypatch.setattr(at_once, "FILES_PER_SAVE", 2)
    run = FetchedRun(6)
    assert [run.go(go_on=lambda: False) for _ in range(3)] == [False, False, True]
    assert run.load.position() == Position(6, 0)
    assert run.way.attempts == [(0, 6)]
    assert set(run.acknowledged()) == run.ids


def deaths(run: FetchedRun) -> Iterator[None]:
    """Let the process die before each of its writes in turn, until it gets to the end."""
    for writes in range(100):
        run.bucket.changes = writes
        try:
            assert run.go()
        except WriterDied:
            run.bucket.changes = -1
            yield
        else:
            run.bucket.changes = -1
            return


def test_nobody_is_lost_or_acknowledged_too_early_wherever_it_is_killed(monkeypatch):
    monkeypatch.setattr(at_once, "FILES_PER_SAVE", 3)
    run = FetchedRun(12, wrong=[20])
    died = 0
    for _ in deaths(run):
        died += 1
        assert set(run.acknowledged()) <= run.way.held
    assert died > 5
    assert set(run.acknowledged()) == run.way.held == run.ids - {"C 00020"}
    assert run.load.totals().rows == len(run.ids)


@settings(max_examples=40)
@given(
    files=st.integers(1, 20), wrong=st.sets(st.integers(0, 59), max_size=6),
    limit=st.integers(1, 70),
)  # fmt: skip
def test_every_customer_is_acknowledged_or_refused(files, wrong, limit):
    run = FetchedRun(files, wrong=sorted(wrong))
    run.way.customers_at_once = limit
    assert run.go()
    out = run.way.wrong & run.ids
    assert set(run.acknowledged()) == run.way.held == run.ids - out
    totals = run.load.totals()
    assert (totals.rows, totals.refused) == (len(run.ids), len(out))
