"""What every ledger does: the one of DynamoDB, the one in a file, and the fake of other tests."""

from __future__ import annotations

import datetime as dt
import itertools

import boto3
import pytest
from botocore.exceptions import ClientError

from adapters.campaigns.event_set import EventSet
from adapters.campaigns.keys import KEPT
from adapters.campaigns.ledger import CampaignLedger
from bench.campaigns.file_ledger import FileLedger
from tessera.campaigns.sending.outcomes import (
    CLAIMED,
    DEFERRED,
    REFUSED,
    SENT,
    SKIPPED,
    UNKNOWN,
    RecipientRow,
)
from tests.adapters.campaigns.table import campaigns_table
from tests.campaigns.fakes import NINE, FakeLedger, hexes

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def table(shared_clients):
    with campaigns_table() as name:
        yield name


@pytest.fixture
def run_id():
    return f"news-r{next(NUMBERS):03}"


@pytest.fixture
def clock():
    return [NINE]


@pytest.fixture(params=["fake", "file", "dynamodb"])
def ledger(request, clock, tmp_path, run_id):
    now = clock.__getitem__
    if request.param == "fake":
        return FakeLedger(now=lambda: now(0))
    if request.param == "file":
        return FileLedger(tmp_path / "ledger.sqlite", now=lambda: now(0))
    table = request.getfixturevalue("table")
    return CampaignLedger(table, tenant="acme", run_id=run_id, now=lambda: now(0))


def states(ledger, *numbers: int) -> dict[int, str]:
    rows = ledger.rows([hexes(n) for n in numbers])
    return {n: rows[hexes(n)].state for n in numbers if hexes(n) in rows}


def test_a_recipient_is_claimed_once(ledger):
    assert [ledger.claim(hexes(1)), ledger.claim(hexes(1)), ledger.claim(hexes(2))] == [
        True, False, True,
    ]  # fmt: skip
    assert states(ledger, 1, 2, 3) == {1: CLAIMED, 2: CLAIMED}


def test_what_was_sent_is_not_claimed_again(ledger):
    ledger.claim(hexes(1))
    assert ledger.mark(hexes(1), SENT, message_id="m-1")
    assert not ledger.claim(hexes(1))
    assert ledger.rows([hexes(1)])[hexes(1)] == RecipientRow(
        recipient=hexes(1), state=SENT, at=NINE, message_id="m-1"
    )


def test_marking_again_is_the_same(ledger):
    ledger.claim(hexes(1))
    assert ledger.mark(hexes(1), SENT, message_id="m-1")
    assert ledger.mark(hexes(1), SENT, message_id="m-1")
    assert not ledger.mark(hexes(1), REFUSED, reason="late")
    assert states(ledger, 1) == {1: SENT}


def test_a_deferred_recipient_is_claimed_again(ledger):
    ledger.claim(hexes(1))
    ledger.mark(hexes(1), DEFERRED, reason="the day's quota")
    assert ledger.rows([hexes(1)])[hexes(1)].reason == "the day's quota"
    assert [ledger.claim(hexes(1)), ledger.claim(hexes(1))] == [True, False]


def test_nothing_is_marked_that_was_not_claimed(ledger):
    assert not ledger.mark(hexes(1), SENT, message_id="m-1")
    assert states(ledger, 1) == {}


@pytest.mark.parametrize("late", [SENT, REFUSED, DEFERRED])
def test_a_late_answer_settles_a_doubt(ledger, late):
    ledger.claim(hexes(1))
    assert ledger.mark(hexes(1), UNKNOWN)
    assert not ledger.claim(hexes(1))
    assert ledger.mark(hexes(1), late, message_id="m-1" if late == SENT else "")
    assert states(ledger, 1) == {1: late}


def test_skipping_leaves_a_claim_alone(ledger):
    ledger.claim(hexes(1))
    assert not ledger.skip(hexes(1), reason="unsubscribed")
    assert ledger.skip(hexes(2), reason="unsubscribed")
    assert ledger.skip(hexes(2), reason="unsubscribed")
    assert not ledger.claim(hexes(2))
    ledger.mark(hexes(1), DEFERRED)
    assert ledger.skip(hexes(1), reason="cancelled")
    assert states(ledger, 1, 2) == {1: SKIPPED, 2: SKIPPED}


def test_rows_are_read_in_any_number(ledger):
    for n in range(120):
        ledger.claim(hexes(n))
    assert len(ledger.rows([hexes(n) for n in range(150)])) == 120
    assert len(ledger.rows([hexes(1), hexes(1)])) == 1
    assert ledger.rows([]) == {}


def test_unsettled_rows_have_their_time(ledger, clock):
    later = NINE + dt.timedelta(minutes=1)
    ledger.claim(hexes(1))
    clock[0] = later
    for n, state in ((2, SENT), (3, UNKNOWN), (4, DEFERRED), (5, REFUSED)):
        ledger.claim(hexes(n))
        ledger.mark(hexes(n), state)
    unsettled = {row.recipient: (row.state, row.at) for row in ledger.unsettled()}
    assert unsettled == {hexes(1): (CLAIMED, NINE), hexes(3): (UNKNOWN, later)}


def test_a_tally_counts_every_recipient_of_the_plan(ledger):
    for n, state in ((1, SENT), (2, SENT), (3, DEFERRED), (4, None)):
        ledger.claim(hexes(n))
        if state:
            ledger.mark(hexes(n), state)
    tally = ledger.tally(planned=6)
    assert dict(tally.counts) == {SENT: 2, DEFERRED: 1, CLAIMED: 1}
    assert (tally.untouched, tally.waiting, tally.unsettled) == (2, 3, 4)


def test_a_tally_has_the_last_change_and_the_last_deferral(ledger, clock):
    assert ledger.tally(planned=1).moved_at is None
    for n, reason in ((1, "the rate"), (2, "the day's quota")):
        clock[0] = NINE + dt.timedelta(minutes=n)
        ledger.claim(hexes(n))
        ledger.mark(hexes(n), DEFERRED, reason=reason)
    tally = ledger.tally(planned=2)
    assert (tally.moved_at, tally.last_deferral) == (clock[0], "the day's quota")


# ---- DynamoDB alone ----------------------------------------------------------------------------


def test_runs_and_tenants_share_nothing(table, run_id):
    def of(tenant, run):
        return CampaignLedger(table, tenant=tenant, run_id=run, now=lambda: NINE)

    assert of("acme", run_id).claim(hexes(1))
    assert of("acme", f"{run_id}1").claim(hexes(1))
    assert of("zenith", run_id).claim(hexes(1))


def test_rows_are_removed_after_400_days(table, run_id):
    ledger = CampaignLedger(table, tenant="acme", run_id=run_id, now=lambda: NINE)
    ledger.claim(hexes(1))
    ledger.mark(hexes(1), SENT, message_id=f"m-{run_id}")
    items = [
        item for item in boto3.client("dynamodb").scan(TableName=table)["Items"]
        if run_id in repr(item)
    ]  # fmt: skip
    assert len(items) == 2
    assert {item["ttl"]["N"] for item in items} == {str(int((NINE + KEPT).timestamp()))}


def test_a_message_leads_to_its_recipient(table, run_id):
    ledger = CampaignLedger(table, tenant="acme", run_id=run_id, now=lambda: NINE)
    ledger.claim(hexes(1))
    ledger.mark(hexes(1), SENT, message_id=f"m-{run_id}")
    assert EventSet(table).owner(f"m-{run_id}") == ("acme", run_id, hexes(1))
    assert EventSet(table).owner("m-x") is None


class LosesAnswers:
    """A client whose first answer to a write is lost after the write, as the SDK sees it."""

    def __init__(self, client):
        self._client, self._lost = client, False

    def __getattr__(self, name):
        return getattr(self._client, name)

    def put_item(self, **wanted):
        if not self._lost:
            self._lost = True
            self._client.put_item(**wanted)
        return self._client.put_item(**wanted)  # the SDK's second attempt


def test_a_claim_whose_answer_was_lost_is_ours_all_the_same(table, run_id):
    client = LosesAnswers(boto3.client("dynamodb"))
    ledger = CampaignLedger(table, tenant="acme", run_id=run_id, now=lambda: NINE, dynamodb=client)
    assert ledger.claim(hexes(1))
    assert not ledger.claim(hexes(1))


def test_an_error_of_dynamodb_is_not_taken_for_a_claim(table, run_id):
    class Busy(LosesAnswers):
        def put_item(self, **wanted):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    ledger = CampaignLedger(
        table, tenant="acme", run_id=run_id, now=lambda: NINE,
        dynamodb=Busy(boto3.client("dynamodb")),
    )  # fmt: skip
    with pytest.raises(Exception, match="DynamoDB was busy"):
        ledger.claim(hexes(1))
