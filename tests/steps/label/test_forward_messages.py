"""Which messages are forwarded, and which come again."""

from __future__ import annotations

import dataclasses
import json

import pytest

from steps.label.forward import ForwardReport
from steps.label.forward_messages import MessageForwarding, messages_of
from tessera.environments.labels import ForwardMovesEnvironment
from tessera.errors import Retryable


def messages(*bodies):
    records = [
        {"messageId": str(number), "body": json.dumps(body)} for number, body in enumerate(bodies)
    ]
    return messages_of({"Records": records})


class Forwards:
    """Notes what it is asked to forward. Some destinations are busy."""

    def __init__(self, *, busy=()):
        self.asked, self.busy = [], busy

    def forward(self, tenant, keys, *, finished_run, to, activation):
        if to.destination in self.busy:
            raise Retryable("busy")
        self.asked.append((tenant, to.destination, set(keys), finished_run))
        return ForwardReport(forwarded=len(set(keys)))


@pytest.fixture
def taking(monkeypatch):
    @dataclasses.dataclass
    class Place:
        destination: str

    monkeypatch.setattr(
        "steps.label.forward_messages.SingleMoves",
        lambda _bucket, *, tenant, destination: Place(destination),
    )
    monkeypatch.setattr("steps.label.forward_messages.Objects.shared", lambda _name: None)
    names = [field.name for field in dataclasses.fields(ForwardMovesEnvironment)]
    environment = ForwardMovesEnvironment(
        **{**dict.fromkeys(names, "x"), "destinations": "klaviyo,braze"}
    )

    def take(forwards, *bodies, suspended=()):
        forwarding = MessageForwarding(
            forwards, environment=environment, env={}, is_active=lambda one: one not in suspended
        )
        return forwarding.take(messages(*bodies))

    return take


MOVED = {"tenant": "acme", "customer_key": "k1"}
AGAIN = {"tenant": "acme", "customer_key": "k1"}
OTHER = {"tenant": "beta", "customer_key": "k2"}
FINISHED = {"tenant": "acme", "run_id": "r1"}


def test_a_customer_who_moved_twice_is_forwarded_once_to_each_destination(taking):
    forwards = Forwards()
    outcome = taking(forwards, MOVED, AGAIN, OTHER)
    assert forwards.asked == [
        ("acme", "klaviyo", {"k1"}, False),
        ("acme", "braze", {"k1"}, False),
        ("beta", "klaviyo", {"k2"}, False),
        ("beta", "braze", {"k2"}, False),
    ]
    assert outcome.report.forwarded == 4
    assert not outcome.failed


def test_a_finished_run_has_no_customer_of_its_message(taking):
    forwards = Forwards()
    taking(forwards, FINISHED)
    assert forwards.asked[0] == ("acme", "klaviyo", set(), True)


def test_messages_of_a_busy_destination_come_again_and_others_get_them(taking):
    forwards = Forwards(busy=["klaviyo"])
    outcome = taking(forwards, MOVED, OTHER)
    assert {asked[1] for asked in forwards.asked} == {"braze"}
    assert outcome.failed == ["0", "1"]
    assert outcome.problem == "klaviyo: busy"


def test_nothing_is_sent_for_a_suspended_tenant_and_it_is_counted(taking):
    forwards = Forwards()
    outcome = taking(forwards, MOVED, AGAIN, FINISHED, OTHER, suspended=["acme"])
    assert {asked[0] for asked in forwards.asked} == {"beta"}
    assert outcome.report.left == 1
    assert not outcome.failed
