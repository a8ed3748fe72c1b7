"""The messages of a customer in DynamoDB, the newest first."""

from __future__ import annotations

import datetime as dt

import pytest

from adapters.campaigns.event_set import EventSet
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.message_history import MessageHistory
from tessera.campaigns.events.reading import MessageEvent
from tests.adapters.campaigns.table import campaigns_table
from tests.campaigns.fakes import NINE, hexes, recipient

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def table():
    with campaigns_table() as name:
        yield name


def send(table, number, *, run, at, tenant="acme", **more):
    ledger = CampaignLedger(table, tenant=tenant, run_id=run, now=lambda: at)
    ledger.remember(recipient(number, **more), message_id=f"m-{run}")


def test_a_customer_has_the_messages_of_all_runs_the_newest_first(table):
    for number, run in enumerate(("spring-r001", "summer-r001", "spring-r002")):
        send(table, 1, run=run, at=NINE + number * DAY)
    send(table, 2, run="spring-r001", at=NINE)
    history = MessageHistory(table)
    sent = history.of_customer("acme", "c1", limit=2)
    assert [one.run_id for one in sent] == ["spring-r002", "summer-r001"]
    assert sent[0].sent_at == NINE + 2 * DAY
    assert sent[0].recipient == hexes(1)
    assert history.of_customer("zenith", "c1", limit=2) == []


def test_a_receiver_who_is_no_customer_has_no_history(table):
    send(table, 3, run="vip-r001", at=NINE, customer_key="")
    assert MessageHistory(table).of_customer("acme", "", limit=1) == []


def test_no_address_is_kept(table):
    send(table, 4, run="spring-r001", at=NINE)
    [sent] = MessageHistory(table).of_customer("acme", "c4", limit=1)
    assert "@" not in str(sent)


def test_what_happened_to_a_message_is_found_by_its_recipient(table):
    events = EventSet(table)
    made = [
        MessageEvent(
            kind=kind, tenant="acme", run="spring-r001", recipient=hexes(number),
            message_id=f"m-{number}", at=NINE,
        )
        for kind in ("ACCEPTED", "DELIVERED") for number in (1, 17)
    ]  # fmt: skip
    events.add(made)
    kinds = {one.kind for one in events.of_recipient("acme", "spring-r001", hexes(1))}
    assert kinds == {"ACCEPTED", "DELIVERED"}
    assert list(events.of_recipient("acme", "spring-r002", hexes(1))) == []
