"""Events, consent and versioned records in DynamoDB."""

from __future__ import annotations

import datetime as dt
import itertools

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.campaigns.consent_rows import ConsentRows
from adapters.campaigns.event_set import EventSet
from adapters.campaigns.ledger import CampaignLedger
from adapters.campaigns.versioned import VersionedRecords
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.events.figures import figures
from tessera.campaigns.events.reading import KINDS, read_event
from tessera.campaigns.sending.pace import PaceState
from tessera.errors import Retryable
from tests.adapters.campaigns.table import campaigns_table
from tests.campaigns.events.ses_events import NINE, ses_event
from tests.campaigns.fakes import hexes

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def table(shared_clients):
    with campaigns_table() as name:
        yield name


@pytest.fixture
def run():
    return f"news-r{next(NUMBERS):03}"


def event(detail_type: str, n: int, at_s: float = 0, *, run: str):
    at = NINE + dt.timedelta(seconds=at_s)
    return read_event(
        ses_event(detail_type, recipient=hexes(n), message_id=f"m-{n}", at=at, run=run)
    )


def items(table, run):
    client = boto3.client("dynamodb")
    pages = (
        client.query(
            TableName=table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"acme#EVENT#{run}#{digit}"}},
        )
        for digit in "0123"
    )
    return [item for page in pages for item in page["Items"]]


def test_events_are_read_back(table, run):
    events = [event(name, n, 40 * n, run=run) for n in range(20) for name in sorted(KINDS)]
    store = EventSet(table)
    store.add(events)
    assert set(store.of_run("acme", run)) == set(events)
    assert list(store.of_run("acme", "other-r001")) == []
    assert {one.recipient[0] for one in store.of_partition("acme", run, "3")} == {"3"}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(KINDS)), st.integers(0, 3), st.integers(0, 3)),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_replay_and_order_change_nothing_in_the_table(table, drawn, chance):
    run = f"replay-r{next(NUMBERS):03}"
    events = [event(*one, run=run) for one in drawn]
    again = [*events, *events]
    chance.shuffle(again)
    store = EventSet(table)
    store.add(events)
    before = items(table, run)
    store.add(again)
    assert items(table, run) == before
    assert figures(store.of_run("acme", run)) == figures(events)


def test_only_events_of_recipients_that_are_still_in_a_run_are_known(table, run):
    """An erasure deletes the row of a recipient, so that what comes later is of nobody."""
    events = [event("Email Opened", n, run=run) for n in (1, 2, 2)]
    store, ledger = EventSet(table), CampaignLedger(
        table, tenant="acme", run_id=run, now=lambda: NINE
    )  # fmt: skip
    assert store.of_known([]) == store.of_known(events) == []
    ledger.claim(hexes(2))
    assert store.of_known(events) == events[1:]


def test_any_event_proves_that_a_message_was_accepted(table, run):
    store = EventSet(table)
    store.add(
        [
            event("Email Bounced", 1, run=run),
            event("Email Sent", 2, run=run),
            event("Email Sent", 17, run=run),
        ]
    )
    proofs = store.accepted("acme", run, [hexes(1), hexes(2), hexes(3)])
    assert proofs == {hexes(1): "m-1", hexes(2): "m-2"}


def test_a_record_is_changed_to_its_newest_version(table, run):
    records = VersionedRecords(table, pk=f"PACE {run}", kind=PaceState)
    other = VersionedRecords(table, pk=f"PACE {run}", kind=PaceState)
    assert records.read("-") is None

    calls = []

    def add(state):
        calls.append(state)
        if len(calls) == 1:  # another worker is faster
            other.change("-", lambda _: PaceState(granted=10))
        return PaceState(granted=(state.granted if state else 0) + 1)

    assert records.change("-", add) == PaceState(granted=11)
    assert calls == [None, PaceState(granted=10)]
    assert records.all() == [PaceState(granted=11)]


def test_a_record_that_others_always_change_first_is_given_up(table, monkeypatch):
    monkeypatch.setattr("adapters.campaigns.versioned._PAUSE_S", 0)
    records = VersionedRecords(table, pk=f"PACE {run}", kind=PaceState)
    other = VersionedRecords(table, pk=f"PACE {run}", kind=PaceState)

    def add(state):
        other.change("-", lambda one: PaceState(granted=(one.granted if one else 0) + 1))
        return PaceState(granted=-1)

    with pytest.raises(Retryable, match="too many workers change"):
        records.change("-", add)


def test_a_thousand_events_are_written_in_forty_calls(table, run):
    store, calls = EventSet(table), []
    client = boto3.client("dynamodb")
    events = [event("Email Sent", n, run=run) for n in range(1_000)]

    class Counting:
        def batch_write_item(self, **wanted):
            calls.append(wanted)
            return client.batch_write_item(**wanted)

    store = EventSet(table, dynamodb=Counting())
    store.add(events)
    assert len(calls) == 40


def row(n: int, at_s: int, **more) -> ConsentRow:
    given = {"state": "withdrawn", "source": "unsubscribe_link"}
    at = NINE + dt.timedelta(seconds=at_s)
    return ConsentRow(recipient=hexes(n), at=at, **given | more)


def test_rows_of_consent_are_only_added(table, run):
    store = ConsentRows(table)
    opted_out, bounced = row(1, 0), row(1, 5, state="bounced", source="provider")
    store.add(run, [opted_out])
    store.add(run, [bounced, opted_out, row(2, 0)])
    assert store.of_recipient(run, hexes(1)) == [opted_out, bounced]
    assert store.of_recipient("other", hexes(1)) == []


def test_a_tenants_rows_come_by_recipient(table, run):
    store = ConsentRows(table)
    store.add(run, [row(n, at) for n in range(20) for at in (0, 1)])
    recipients = [one.recipient for one in store.of_tenant(run)]
    assert recipients == sorted(recipients)
    assert len(recipients) == 40
