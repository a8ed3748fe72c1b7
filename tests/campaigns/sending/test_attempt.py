"""One recipient, and the fault matrix: every step, and whatever may go wrong at it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tessera.campaigns.sending.attempt import LONGEST_WAIT_S, Attempts, Result
from tessera.campaigns.sending.outcomes import (
    CLAIMED,
    DEFERRED,
    FINAL,
    REFUSED,
    SENT,
    SKIPPED,
    UNKNOWN,
)
from tessera.campaigns.sending.ports import NoSlot, NotAccepted, OutgoingMessage
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.campaigns.sending.settling import CLAIM_LASTS, settled
from tessera.errors import InvalidInput, Refused, Retryable
from tests.campaigns.fakes import (
    NINE,
    Died,
    FakeComposer,
    FakeLedger,
    FakeMailer,
    FakePace,
    FakeWanted,
    Script,
    hexes,
    recipient,
)

LATER = NINE + CLAIM_LASTS


@dataclasses.dataclass
class World:
    """A worker's surroundings. They outlive it."""

    script: Script = dataclasses.field(default_factory=Script)

    def __post_init__(self):
        self.ledger = FakeLedger(script=self.script)
        self.mailer = FakeMailer(self.script)
        self.pace = FakePace(self.script)
        self.wanted = FakeWanted(script=self.script)

    def attempts(self) -> Attempts[OutgoingMessage]:
        return Attempts(
            wanted=self.wanted, composer=FakeComposer(self.script), ledger=self.ledger,
            pace=self.pace, mailer=self.mailer,
        )  # fmt: skip

    def resolve(self, accepted: dict[str, str]) -> None:
        for one in settled(self.ledger.unsettled(), accepted=accepted, at=LATER):
            self.ledger.mark(one.recipient, one.state, message_id=one.message_id)

    @property
    def states(self) -> dict[str, str]:
        return {key: row.state for key, row in self.ledger.stored.items()}


def refusal(kind: RefusalKind) -> NotAccepted:
    return NotAccepted(MailRefusal(kind, kind.name.lower()))


def test_a_recipient_is_sent_one_message():
    world = World()
    assert world.attempts().attempt(recipient(1)).result is Result.SENT
    assert world.attempts().attempt(recipient(1)).result is Result.TAKEN
    assert (world.mailer.copies, world.states) == ({hexes(1): 1}, {hexes(1): SENT})
    assert world.ledger.stored[hexes(1)].message_id == "m-1"
    assert world.ledger.history == [("c1", "m-1")]


def test_the_steps_are_in_order():
    world = World()
    world.attempts().attempt(recipient(1))
    assert world.script.passed == [
        "wanted", "compose", "before claim", "after claim", "wait", "before accept",
        "after accept", "before mark", "after mark",
    ]  # fmt: skip


def test_an_opt_out_is_seen_before_the_claim():
    world = World()
    world.wanted.reasons[hexes(1)] = "unsubscribed"
    attempt = world.attempts().attempt(recipient(1))
    assert (attempt.result, attempt.reason) == (Result.SKIPPED, "unsubscribed")
    assert (world.states, world.mailer.inbox) == ({hexes(1): SKIPPED}, [])


def test_a_claimed_recipient_is_not_skipped():
    world = World()
    world.ledger.claim(hexes(1))
    world.wanted.reasons[hexes(1)] = "unsubscribed"
    assert world.attempts().attempt(recipient(1)).result is Result.TAKEN
    assert world.states == {hexes(1): CLAIMED}


# The matrix: at which step what happens, then what the first worker answers and leaves.
CRASH = "crash"
MATRIX = [
    # step, fault, result of the attempt, state left, may it have been sent
    ("wanted", Died(), CRASH, None, False),
    ("compose", Died(), CRASH, None, False),
    ("before claim", Died(), CRASH, None, False),
    ("after claim", Died(), CRASH, CLAIMED, False),
    ("wait", Died(), CRASH, CLAIMED, False),
    ("before accept", Died(), CRASH, CLAIMED, False),
    ("after accept", Died(), CRASH, CLAIMED, True),
    ("before mark", Died(), CRASH, CLAIMED, True),
    ("after mark", Died(), CRASH, SENT, True),
    ("wanted", Retryable("busy"), CRASH, None, False),
    ("compose", InvalidInput("a field is missing"), Result.SKIPPED, SKIPPED, False),
    ("before claim", Retryable("busy"), CRASH, None, False),
    ("after claim", Retryable("lost answer"), CRASH, CLAIMED, False),
    ("wait", NoSlot("the day's quota"), Result.DEFERRED, DEFERRED, False),
    ("wait", NoSlot("paused", stops=True), Result.DEFERRED, DEFERRED, False),
    ("wait", Retryable("the quota cannot be read"), Result.DEFERRED, DEFERRED, False),
    ("wait", Refused("GetAccount is denied"), Result.DEFERRED, DEFERRED, False),
    ("before accept", refusal(RefusalKind.RATE), Result.SENT, SENT, True),
    ("before accept", refusal(RefusalKind.DAILY), Result.DEFERRED, DEFERRED, False),
    ("before accept", refusal(RefusalKind.STOP), Result.DEFERRED, DEFERRED, False),
    ("before accept", refusal(RefusalKind.MESSAGE), Result.REFUSED, REFUSED, False),
    ("before accept", refusal(RefusalKind.DOUBT), Result.DOUBT, CLAIMED, False),
    ("after accept", refusal(RefusalKind.DOUBT), Result.DOUBT, CLAIMED, True),
    ("before mark", Retryable("busy"), Result.DOUBT, CLAIMED, True),
    ("after mark", Retryable("lost answer"), Result.DOUBT, SENT, True),
]


@pytest.mark.parametrize(
    "case",
    MATRIX,
    ids=[f"{step}-{type(fault).__name__}-{n}" for n, (step, fault, *_) in enumerate(MATRIX)],
)
@pytest.mark.parametrize("events", ["none", "one", "twice"])
def test_no_fault_sends_twice_or_loses_anybody(case, events):
    step, fault, result, left, accepted = case
    world = World(Script({step: [fault]}))
    try:
        answered = world.attempts().attempt(recipient(1)).result
    except (Died, Retryable):
        answered = CRASH
    assert (answered, world.states.get(hexes(1))) == (result, left)
    assert len(world.mailer.inbox) == accepted

    world.attempts().attempt(recipient(1))  # the chunk is executed again
    reported = (
        {}
        if events == "none"
        else {message.tags["recipient"]: "m-1" for message in world.mailer.inbox}
    )
    for _ in range(2 if events == "twice" else 1):
        world.resolve(reported)
    world.attempts().attempt(recipient(1))  # and once more, after settling

    assert max(world.mailer.copies.values(), default=0) <= 1
    state = world.states[hexes(1)]
    assert state in FINAL
    sent = hexes(1) in world.mailer.copies
    if state in (REFUSED, SKIPPED):
        assert not sent
    elif state == UNKNOWN:
        assert not sent or events == "none"
    else:
        assert sent


def test_the_rate_is_waited_for_ten_minutes_at_most():
    refusals = [refusal(RefusalKind.RATE) for _ in range(100)]
    world = World(Script({"before accept": refusals}))
    attempt = world.attempts().attempt(recipient(1))
    assert (attempt.result, attempt.ends, attempt.stops) == (Result.DEFERRED, True, False)
    assert LONGEST_WAIT_S - 30 < sum(world.pace.holds) <= LONGEST_WAIT_S
    assert world.pace.holds[:6] == [1, 2, 4, 8, 16, 30]


@pytest.mark.parametrize(
    ("kind", "ends", "stops"),
    [
        (RefusalKind.DAILY, True, False),
        (RefusalKind.STOP, True, True),
        (RefusalKind.MESSAGE, False, False),
        (RefusalKind.DOUBT, False, False),
    ],
)
def test_a_refusal_says_whether_others_are_attempted(kind, ends, stops):
    world = World(Script({"before accept": [refusal(kind)]}))
    attempt = world.attempts().attempt(recipient(1))
    assert (attempt.ends, attempt.stops) == (ends, stops)
    after = world.attempts().attempt(recipient(2))
    assert after.result is Result.SENT


@pytest.mark.parametrize(
    ("error", "stops"),
    [(Retryable("busy"), False), (Refused("denied"), True), (NoSlot("paused", stops=True), True)],
)
def test_without_a_slot_nothing_is_in_doubt(error, stops):
    world = World(Script({"wait": [error]}))
    attempt = world.attempts().attempt(recipient(1))
    assert (attempt.result, attempt.ends, attempt.stops) == (Result.DEFERRED, True, stops)
    assert world.states == {hexes(1): DEFERRED}


def test_a_hold_that_fails_is_no_doubt():
    world = World(Script({"before accept": [refusal(RefusalKind.RATE)]}))

    def hold(*, seconds):
        raise Retryable("DynamoDB was busy")

    world.pace.hold = hold
    assert world.attempts().attempt(recipient(1)).result is Result.SENT


def test_a_deferred_recipient_is_sent_a_message_another_day():
    world = World(Script({"before accept": [refusal(RefusalKind.DAILY)]}))
    world.attempts().attempt(recipient(1))
    assert world.attempts().attempt(recipient(1)).result is Result.SENT
    assert world.mailer.copies == {hexes(1): 1}


def test_a_young_claim_stays():
    world = World(Script({"before accept": [Died()]}))
    with pytest.raises(Died):
        world.attempts().attempt(recipient(1))
    early = LATER - dt.timedelta(seconds=1)
    assert settled(world.ledger.unsettled(), accepted={}, at=early) == []


def test_an_event_that_comes_late_proves_a_doubt():
    world = World(Script({"after accept": [Died()]}))
    with pytest.raises(Died):
        world.attempts().attempt(recipient(1))
    world.resolve({})
    assert world.states == {hexes(1): UNKNOWN}
    world.resolve({hexes(1): "m-1"})
    assert world.states == {hexes(1): SENT}
    assert world.ledger.stored[hexes(1)].message_id == "m-1"
