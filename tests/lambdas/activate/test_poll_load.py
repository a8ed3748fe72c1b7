"""PollLoad: parts are sent, acknowledged and never forgotten."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable

import pytest

from adapters.destinations.aws.customer_profiles import CustomerProfilesTransport
from lambdas.poll_load.handler import handler
from steps.activate import send
from tessera.destinations.planning import load as loading
from tessera.destinations.port import Outcome
from tessera.errors import Retryable


class Context:
    """A function's time. Each look at the clock costs a second."""

    def __init__(self, seconds: int = 10_000) -> None:
        self._milliseconds = seconds * 1000

    def get_remaining_time_in_millis(self) -> int:
        self._milliseconds -= 1000
        return self._milliseconds


def ids(start: int, end: int) -> list[str]:
    return [f"{number:05}" for number in range(start, end)]


def accounts(profiles) -> set[str]:
    domain = profiles.domains["amazon-connect-shop"]
    return {profile["AccountNumber"] for profile in domain.profiles.values()}


def run_to_the_end(event, *, seconds: int = 10_000) -> list[dict]:
    replies = []
    while not replies or replies[-1]["status"] != "DONE":
        replies.append(handler(event, Context(seconds)))
        assert len(replies) < 100
    return replies


def test_every_part_is_sent_and_acknowledged(loaded_run, profiles):
    loaded_run.write(ids(0, 25), ids(25, 30))
    reply = handler(loaded_run.event, Context())
    assert reply == {
        "status": "DONE",
        "wait_seconds": 0,
        "progress": {"changes": 30, "rows": 30, "sent": 30, "refused": 0, "requests": 4},
    }
    assert accounts(profiles) == set(ids(0, 30))
    assert loaded_run.acknowledged() == [f"key-{number}" for number in ids(0, 30)]


def test_a_load_goes_on_where_time_ran_out(loaded_run, profiles):
    loaded_run.write(ids(0, 45), ids(45, 60))
    replies = run_to_the_end(loaded_run.event, seconds=62)
    assert [reply["progress"]["rows"] for reply in replies] == [20, 40, 60]
    assert profiles.calls["BatchPutProfileObject"] == 7
    assert loaded_run.acknowledged() == [f"key-{number}" for number in ids(0, 60)]


def test_nobody_is_lost_or_sent_twice_beyond_one_save_wherever_it_is_killed(
    loaded_run, profiles, monkeypatch
):
    monkeypatch.setattr(send, "ROWS_PER_SAVE", 20)
    for killed_at in range(1, 7):
        loaded_run.identities.delete_prefix("")
        profiles.domains["amazon-connect-shop"].profiles.clear()
        profiles.calls.clear()
        loaded_run.write(ids(0, 45), ids(45, 60))
        with monkeypatch.context() as patched:
            patched.setattr(CustomerProfilesTransport, "send", killer(killed_at))
            with pytest.raises(KeyboardInterrupt):
                run_to_the_end(loaded_run.event)
        run_to_the_end(loaded_run.event)
        assert accounts(profiles) == set(ids(0, 60))
        assert loaded_run.acknowledged() == [f"key-{number}" for number in ids(0, 60)]
        assert profiles.calls["BatchPutProfileObject"] <= 7 + 2


def killer(at: int) -> Callable[..., Outcome]:
    """Let the process die after the service has applied that request."""
    send, count = CustomerProfilesTransport.send, itertools.count(1)

    def dying(transport, items):
        outcome = send(transport, items)
        if next(count) == at:
            raise KeyboardInterrupt
        return outcome

    return dying


def test_refused_customers_are_listed_and_not_acknowledged(loaded_run, profiles, monkeypatch):
    monkeypatch.setattr(loading, "_FIRST_PAUSE_SECONDS", 0)
    loaded_run.write(["a", "b", "c"])
    profiles.faults.fail_item("key-b", code=400, message="=odd")
    profiles.faults.fail_item("key-c", code=503, message="@later")
    reply = handler(loaded_run.event, Context())
    assert reply["progress"]["refused"] == 2
    lines = list(csv.reader(io.StringIO(loaded_run.read("refused.csv").decode(), newline="")))
    assert lines == [
        ["customer_id", "code", "message"],
        ["b", "400", "'=odd"],
        ["c", "503", "'@later"],
    ]
    assert loaded_run.acknowledged() == ["key-a"]


def test_a_busy_service_is_retryable_and_the_next_call_goes_on(loaded_run, profiles, monkeypatch):
    loaded_run.write(ids(0, 30))
    profiles.faults.fail_next(9, "ThrottlingException")
    with pytest.raises(Retryable):
        handler(loaded_run.event, Context())
    assert handler(loaded_run.event, Context())["status"] == "DONE"
    assert len(loaded_run.acknowledged()) == 30


def test_replies_name_nobody(loaded_run):
    loaded_run.write(["ann", "bo"])
    reply = str(handler(loaded_run.event, Context()))
    assert "ann" not in reply
    assert "@" not in reply


def test_what_was_sent_before_stays_when_the_run_starts_anew(loaded_run, profiles):
    loaded_run.write(ids(0, 20))
    handler(loaded_run.event, Context())
    loaded_run.identities.delete_prefix("tenants/default/runs/")
    loaded_run.write(ids(20, 25))
    handler(loaded_run.event, Context())
    assert loaded_run.acknowledged() == [f"key-{number}" for number in ids(0, 25)]
