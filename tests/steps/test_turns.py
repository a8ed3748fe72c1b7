"""A tenant's runs take turns in the order of their start, and each says why it waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.stores.run_queue import QueueEntry
from steps.check_upload.turns import ahead_of, wait_seconds, why_waiting


class Turns:
    """The runs table and its queue, in memory."""

    def __init__(self):
        self.running, self.holder, self.places = set(), None, {}

    def is_running(self, arn):
        return arn in self.running

    def take_turn(self, tenant, *, execution_arn, started_at):
        if self.holder in self.running and self.holder != execution_arn:
            return False
        self.holder = execution_arn
        return True

    def enter(self, entry):
        self.places[entry.place] = entry

    def leave(self, entry):
        self.places.pop(entry.place, None)

    def before(self, entry):
        return [self.places[place] for place in sorted(self.places) if place < entry.place]

    def ask(self, number):
        """Return how many runs come before the one that began then. None: it has the turn."""
        entry = QueueEntry(tenant="acme", execution_arn=f"run-{number}", began_ms=number)
        return ahead_of(entry, runs=self, queue=self, started_at="now")


@pytest.fixture
def turns():
    made = Turns()
    made.running = {f"run-{number}" for number in range(10)}
    return made


def test_the_first_works_and_the_others_wait_in_the_order_of_their_start(turns):
    assert turns.ask(0) is None
    assert turns.ask(3) == 1
    assert turns.ask(2) == 1
    assert turns.ask(3) == 2  # it asked first, and began later
    turns.running.remove("run-0")
    assert turns.ask(3) == 2
    assert turns.ask(2) is None
    assert turns.ask(2) is None  # a retry keeps its turn
    assert turns.ask(3) == 1


def test_an_execution_that_was_aborted_loses_its_place(turns):
    turns.ask(0)
    for number in (1, 2, 3):
        turns.ask(number)
    turns.running -= {"run-0", "run-1", "run-2"}
    assert turns.ask(3) is None
    assert turns.places == {}


@given(dice=st.randoms(use_true_random=False), count=st.integers(2, 8))
def test_whatever_the_order_of_asking_nobody_overtakes_and_everybody_works(dice, count):
    turns, worked = Turns(), []
    waiting = list(range(count))
    turns.running = {f"run-{number}" for number in waiting}
    for number in waiting:
        turns.enter(QueueEntry(tenant="acme", execution_arn=f"run-{number}", began_ms=number))
    while waiting:
        number = dice.choice(waiting)
        if turns.ask(number) is None:
            worked.append(number)
            waiting.remove(number)
            turns.running.remove(f"run-{number}")
    assert worked == sorted(worked)


@pytest.mark.parametrize(
    ("ahead", "max_runs", "seconds"),
    [(1, 2, 15), (2, 2, 30), (3, 2, 45), (2, 3, 15), (1, 1, 30), (101, 2, 900)],
)
def test_a_run_beyond_the_limit_asks_less_often(ahead, max_runs, seconds):
    assert wait_seconds(ahead, max_runs=max_runs) == seconds


def test_a_thousand_waiting_runs_ask_hardly_more_often_than_ten():
    def calls_a_second(count):
        return sum(1 / wait_seconds(min(ahead, 101), max_runs=2) for ahead in range(1, count))

    assert calls_a_second(10) < 0.3
    assert calls_a_second(1000) < 1.5


def test_the_third_run_says_that_the_limit_makes_it_wait():
    assert "'max_runs'" not in why_waiting(1, tenant="acme", max_runs=2)
    assert why_waiting(2, tenant="acme", max_runs=2) == (
        "2 runs of tenant 'acme' come first, one at a time. It waits outside the limit: "
        "'max_runs' is 2"
    )
