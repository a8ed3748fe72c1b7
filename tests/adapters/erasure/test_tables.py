"""What of people goes from the tables: their labels and rows of campaigns, but for opt-outs."""

from __future__ import annotations

import datetime as dt
import json

import boto3
import pytest

from adapters.campaigns.keys import (
    ONE,
    consent_pk,
    events_pk,
    history_pk,
    message_pk,
    recipients_pk,
    runs_pk,
)
from adapters.campaigns.versioned import VersionedRecords
from adapters.erasure.campaign_rows import CampaignPartitions, campaign_rows
from adapters.erasure.tables import CampaignItems, CampaignRows, LabelItems
from tessera.campaigns.sending.states import CampaignRun
from tests.adapters.campaigns.table import campaigns_table
from tests.bucket_in_memory import WriterDied

ANN, BO = "0040bc54-8bb7-8c91-bbd5-0c4674de8444", "1140bc54-8bb7-8c91-bbd5-0c4674de8444"
MAIL, OLD, OTHER = "a" * 32, "b" * 32, "c" * 32  # hashes of ann's two addresses, and of bo's
TENANT, RUN = "acme", "win-back-r001"


@pytest.fixture(scope="module")
def table():
    with campaigns_table() as name:
        client = boto3.client("dynamodb")
        client.create_table(
            TableName="labels", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "customer", "AttributeType": "S"}],
        )  # fmt: skip
        yield name


def put(table, pk, sk, **values):
    texts = {"pk": pk, "sk": sk, **values}
    item = {name: {"S": value} for name, value in texts.items()}
    boto3.client("dynamodb").put_item(TableName=table, Item=item)


def write_person(table, customer, recipient, *, message, states=("granted",)):
    document = json.dumps({"recipient": recipient, "message_id": message, "run_id": RUN})
    put(table, history_pk(TENANT, customer), f"2026#{RUN}#{message}", document=document)
    put(table, message_pk(message), ONE, tenant=TENANT, recipient=recipient)
    put(
        table, recipients_pk(TENANT, RUN, recipient[0]), recipient, state="sent",
        message_id=message,
    )  # fmt: skip
    put(table, events_pk(TENANT, RUN, recipient[0]), f"{recipient}#open#1", kind="open")
    for number, state in enumerate(states):
        row = json.dumps({"recipient": recipient, "state": state})
        put(table, consent_pk(TENANT, recipient[0]), f"{recipient}#{number}#d", document=row)


@pytest.fixture
def rows(table):
    """Ann has got a message at each of two addresses, of which she left one. Bo has one."""
    for pk, sk in left(table):
        place = {"pk": {"S": pk}, "sk": {"S": sk}}
        boto3.client("dynamodb").delete_item(TableName=table, Key=place)
    put(table, runs_pk(TENANT), RUN, document="{}")
    write_person(table, ANN, MAIL, message="m1", states=("granted", "withdrawn"))
    write_person(table, ANN, OLD, message="m2", states=("complained",))
    write_person(table, BO, OTHER, message="m3")
    return CampaignItems(table)


def left(table):
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    return {(item["pk"]["S"], item["sk"]["S"]): item for item in items}


def test_a_run_expects_no_more_than_its_chunks_have_until_it_has_ended(table, rows):
    runs = VersionedRecords(table, pk=runs_pk(TENANT), kind=CampaignRun)
    at = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
    for name, state in (("sends", "SENDING"), ("ended", "FINISHED")):
        made = CampaignRun(
            tenant=TENANT, run_id=name, state=state, starts_at=at, latest_start=at, deadline=at,
            changed_at=at, recipients=10,
        )  # fmt: skip
        runs.change(name, lambda _, made=made: made)
        rows.resize(TENANT, name, recipients=9)
    rows.resize(TENANT, "unknown", recipients=9)
    assert {name: runs.read(name).recipients for name in ("sends", "ended")} == {
        "sends": 9, "ended": 10,
    }  # fmt: skip
    assert runs.read("unknown") is None


def test_all_of_a_person_goes_but_opt_outs_and_nothing_of_others(table, rows):
    """An earlier address is known by a message alone: its hash leads to the rest."""
    gone = rows.erase(TENANT, customer_keys=[ANN], recipients=[MAIL])
    # two messages in the history and by id, two recipients, two events, one consent
    assert gone == CampaignRows(deleted=9, kept_opt_outs=2)
    kept = left(table)
    assert not [place for place in kept if ANN in str(place)]
    theirs = {place for place, item in kept.items() if MAIL in str(item) or OLD in str(item)}
    assert theirs == {
        (consent_pk(TENANT, "a"), f"{MAIL}#1#d"), (consent_pk(TENANT, "b"), f"{OLD}#0#d"),
    }  # fmt: skip
    assert len([place for place, item in kept.items() if OTHER in str(item)]) == 5
    assert (message_pk("m3"), ONE) in kept


def test_erasing_again_deletes_nothing_and_counts_the_same_opt_outs(rows):
    rows.erase(TENANT, customer_keys=[ANN], recipients=[MAIL, OLD])
    again = rows.erase(TENANT, customer_keys=[ANN], recipients=[MAIL, OLD])
    assert again == CampaignRows(deleted=0, kept_opt_outs=2)


class DyingItems(CampaignItems):
    """The table, whose writer dies after so many deletions."""

    left = 0

    def _delete(self, place):
        if not self.left:
            raise WriterDied
        self.left -= 1
        return super()._delete(place)


@pytest.mark.parametrize("after", range(9))
def test_after_a_crash_the_history_still_leads_to_every_address(table, rows, after):
    dying = DyingItems(rows.table)
    dying.left = after
    with pytest.raises(WriterDied):
        dying.erase(TENANT, customer_keys=[ANN], recipients=[MAIL])
    rows.erase(TENANT, customer_keys=[ANN], recipients=[MAIL])
    kept = {place for place, item in left(table).items() if MAIL in str(item) or OLD in str(item)}
    assert kept == {
        (consent_pk(TENANT, "a"), f"{MAIL}#1#d"), (consent_pk(TENANT, "b"), f"{OLD}#0#d"),
    }  # fmt: skip


def test_a_shared_address_keeps_its_consent_and_what_the_other_one_was_sent(table, rows):
    put(table, runs_pk(TENANT), "spring-r001", document="{}")
    put(
        table, recipients_pk(TENANT, "spring-r001", MAIL[0]), MAIL, state="sent", message_id="m9"
    )  # fmt: skip
    put(table, message_pk("m9"), ONE, tenant=TENANT, recipient=MAIL)
    rows.erase(TENANT, customer_keys=[ANN], recipients=[], shared={MAIL})
    kept = left(table)
    assert (consent_pk(TENANT, "a"), f"{MAIL}#0#d") in kept
    assert (recipients_pk(TENANT, "spring-r001", "a"), MAIL) in kept
    assert (message_pk("m9"), ONE) in kept
    assert (recipients_pk(TENANT, RUN, "a"), MAIL) not in kept
    assert (message_pk("m1"), ONE) not in kept


def test_another_tenants_rows_stay(table, rows):
    before = left(table)
    assert rows.erase("other", customer_keys=[ANN], recipients=[MAIL]).deleted == 0
    assert left(table) == before


def test_a_persons_rows_are_read_from_the_table_too(table, rows):
    read = campaign_rows(CampaignPartitions(table), TENANT, customer_keys=[ANN], recipients=[MAIL])
    assert [one["state"] for one in read["consents"]] == ["granted", "withdrawn", "complained"]
    assert [one["message_id"] for one in read["messages"]] == ["m1", "m2"]
    assert len(read["recipients"]) == len(read["events"]) == 2


def test_a_live_label_goes_by_tenant_and_key(table):
    client = boto3.client("dynamodb")
    for customer in (f"acme/{ANN}", f"acme/{BO}", f"other/{ANN}"):
        client.put_item(TableName="labels", Item={"customer": {"S": customer}})
    labels = LabelItems("labels")
    assert (labels.erase("acme", ANN), labels.erase("acme", ANN)) == (1, 0)
    kept = {item["customer"]["S"] for item in client.scan(TableName="labels")["Items"]}
    assert kept == {f"acme/{BO}", f"other/{ANN}"}
