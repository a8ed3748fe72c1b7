"""A chunk: what is sent, what is left, and what stops the run."""

from __future__ import annotations

import pytest

from steps.campaign.send_chunk import MOST_DOUBTS, MOST_REFUSALS, close_chunk, send_chunk
from tessera.campaigns.sending.attempt import Attempts
from tessera.campaigns.sending.outcomes import CLAIMED, DEFERRED, SENT, SKIPPED
from tessera.campaigns.sending.ports import NoSlot, NotAccepted
from tessera.campaigns.sending.refusals import MailRefusal, RefusalKind
from tessera.errors import Retryable
from tests.campaigns.fakes import (
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

CHUNK = [recipient(n) for n in range(50)]


class Worker:
    def __init__(self, **faults):
        self.script = Script(
            {name.replace("_", " "): list(errors) for name, errors in faults.items()}
        )
        self.ledger, self.mailer = FakeLedger(script=self.script), FakeMailer(self.script)
        self.wanted = FakeWanted(script=self.script)
        self.state = "SENDING"

    def send(self, chunk=CHUNK, *, lanes=1, **more):
        attempts = Attempts(
            wanted=self.wanted, composer=FakeComposer(self.script), ledger=self.ledger,
            pace=FakePace(self.script), mailer=self.mailer,
        )  # fmt: skip
        return send_chunk(
            chunk, attempts=attempts, ledger=self.ledger, run_state=lambda: self.state,
            lanes=lanes, **more,
        )  # fmt: skip

    @property
    def states(self):
        return {row.state for row in self.ledger.stored.values()}


def refusal(kind: RefusalKind) -> NotAccepted:
    return NotAccepted(MailRefusal(kind, kind.name.lower()))


@pytest.mark.parametrize("lanes", [1, 8])
def test_a_chunk_is_sent_once(lanes):
    worker = Worker()
    assert worker.send(lanes=lanes).counts == {"sent": 50}
    again = worker.send(lanes=lanes)
    assert (again.counts, again.left) == ({"settled before": 50}, 0)
    assert set(worker.mailer.copies.values()) == {1}


def test_nobody_is_rendered_again_who_is_final():
    worker = Worker()
    worker.send(CHUNK[:30])
    worker.script.passed.clear()
    worker.send()
    assert worker.script.passed.count("compose") == 20


def test_a_pause_is_seen_before_the_next_recipient():
    worker = Worker()
    accepted = worker.mailer.send

    def send(message):
        if len(worker.mailer.inbox) == 9:
            worker.state = "PAUSED"
        return accepted(message)

    worker.mailer.send = send
    report = worker.send()
    assert (report.counts, report.left, report.reason, report.stops) == (
        {"sent": 10}, 40, "the run is PAUSED", False,
    )  # fmt: skip
    worker.state = "SENDING"
    assert worker.send().counts == {"settled before": 10, "sent": 40}


def test_an_opt_out_within_the_chunk_is_seen():
    worker = Worker()
    accepted = worker.mailer.send

    def send(message):
        worker.wanted.reasons[hexes(7)] = "unsubscribed"
        return accepted(message)

    worker.mailer.send = send
    assert worker.send().counts == {"sent": 49, "skipped": 1}
    assert hexes(7) not in worker.mailer.copies


def test_time_that_is_up_leaves_the_rest():
    worker, over = Worker(), iter([False] * 5 + [True] * 99)
    report = worker.send(is_over=lambda: next(over))
    assert (report.counts, report.left, report.reason) == (
        {"sent": 5}, 45, "the worker's time is up",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "stops"),
    [
        (refusal(RefusalKind.DAILY), False),
        (refusal(RefusalKind.STOP), True),
    ],
)
def test_a_refusal_that_is_not_the_messages_ends_the_chunk(fault, stops):
    worker = Worker(before_accept=[fault])
    report = worker.send()
    assert (report.counts, report.left, report.stops) == ({"deferred": 1}, 49, stops)
    assert worker.states == {DEFERRED}
    assert worker.send().counts == {"sent": 50}


def test_a_quota_that_is_used_up_ends_the_chunk():
    worker = Worker(wait=[NoSlot("the day's quota")])
    report = worker.send()
    assert (report.left, report.reason, report.stops) == (49, "the day's quota", False)


def test_a_service_that_is_away_adds_few_doubts():
    worker = Worker(before_accept=[refusal(RefusalKind.DOUBT)] * 50)
    report = worker.send()
    assert report.counts == {"in doubt": MOST_DOUBTS}
    assert (report.stops, report.reason) == (True, "5 doubts in a row: doubt")


def test_doubts_between_messages_do_not_stop_a_run():
    worker = Worker(before_accept=[refusal(RefusalKind.DOUBT)] * 4)
    assert worker.send().counts == {"in doubt": 4, "sent": 46}


def test_a_refusal_of_every_message_stops_the_run():
    worker = Worker(before_accept=[refusal(RefusalKind.MESSAGE)] * 50)
    report = worker.send()
    assert (report.counts, report.stops) == ({"refused": MOST_REFUSALS}, True)
    assert report.reason == "every message is refused: message"


def test_single_refusals_do_not_stop_a_run():
    worker = Worker()
    worker.send(CHUNK[:1])
    worker.script.faults["before accept"] = [refusal(RefusalKind.MESSAGE)] * 19
    assert worker.send().counts == {"settled before": 1, "refused": 19, "sent": 30}


@pytest.mark.parametrize("error", [Died(), Retryable("DynamoDB was busy")])
@pytest.mark.parametrize("lanes", [1, 4])
def test_an_error_ends_all_lanes_and_passes_through(error, lanes):
    worker = Worker(after_claim=[error])
    with pytest.raises(type(error)):
        worker.send(lanes=lanes)
    assert len(worker.mailer.inbox) < 50
    report = worker.send()
    assert max(worker.mailer.copies.values()) == 1
    assert len(worker.mailer.inbox) == 49
    assert report.left == 0


def test_closing_a_chunk_leaves_nobody_waiting():
    worker = Worker(before_accept=[refusal(RefusalKind.DAILY)])
    worker.send(CHUNK[:1])
    worker.ledger.claim(hexes(1))
    worker.send(CHUNK[2:3])
    assert close_chunk(CHUNK, ledger=worker.ledger, reason="cancelled") == 48
    counts = worker.ledger.tally(planned=50).counts
    assert counts == {SKIPPED: 48, CLAIMED: 1, SENT: 1}
    assert close_chunk(CHUNK, ledger=worker.ledger, reason="cancelled") == 0
