"""A person's own data: everything of theirs, readable, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest

from adapters.campaigns import keys
from adapters.erasure.campaign_rows import ItemPartitions
from steps.erase.access import person_data
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys
from tests.steps.erase.conftest import ANN, ANN_MAIL, BO_KEY, KEY, NOW, RECIPIENT, SECRET


def exported(shop, term, *, campaigns=None):
    return person_data(
        shop.data, shop.identities, tenant="default", term=term, secret=SECRET, now=NOW,
        campaigns=campaigns,
    )  # fmt: skip


def item(pk, sk, **values):
    texts = {"pk": pk, "sk": sk, "ttl": "1", **values}
    return {name: {"S": value} for name, value in texts.items()}


def document(**values):
    return json.dumps(values)


def campaign_items():
    """Two people's consents and messages in one run of a campaign."""
    bo = address_keys(SECRET, tenant="default")("bo@example.com")
    for who, key in ((RECIPIENT, KEY), (bo, BO_KEY)):
        message = document(run_id="win-back-r001", recipient=who, message_id=f"m-{who[:4]}")
        yield item(keys.history_pk("default", key), f"{NOW.isoformat()}#r", document=message)
        granted = document(recipient=who, state="granted", source="form")
        yield item(keys.consent_pk("default", who[0]), f"{who}#2026#d", document=granted, brief="x")
        yield item(keys.recipients_pk("default", "win-back-r001", who[0]), who, state="sent")
        yield item(
            keys.events_pk("default", "win-back-r001", who[0]), f"{who}#open#1", kind="open",
            recipient=who,
        )  # fmt: skip
    yield item(keys.runs_pk("default"), "win-back-r001", document=document(run="x"))


def test_a_person_gets_all_that_is_theirs_and_can_read_it(shop):
    document = exported(shop, ANN)
    assert KEY in document["customer_keys"]
    assert {one["order_id"] for one in document["events"]} == {
        "order-1", "order-3", "order-6", "order-7",
    }  # fmt: skip
    assert ANN_MAIL in {one["address"] for one in document["identities"]}
    assert [one["as_of"] for one in document["profiles"]] == ["2026-05-01"]
    assert document["destinations"] == {"klaviyo": [ANN], "webhook": [ANN]}


def test_nobody_elses_data_is_in_it(shop):
    text = json.dumps(exported(shop, ANN_MAIL))
    assert not [one for one in (BO_KEY, "bo@example.com", "order-2", "order-5") if one in text]


def test_consents_and_messages_of_campaigns_are_in_it_and_nobody_elses(shop):
    rows = exported(shop, ANN, campaigns=ItemPartitions(campaign_items()))["campaigns"]
    assert [one["state"] for one in rows["consents"]] == ["granted"]
    assert [one["run_id"] for one in rows["messages"]] == ["win-back-r001"]
    assert rows["recipients"] == [{"run": "win-back-r001", "state": "sent"}]
    assert [(one["run"], one["kind"]) for one in rows["events"]] == [("win-back-r001", "open")]
    assert {one["recipient"] for one in (*rows["consents"], *rows["events"])} == {RECIPIENT}


def test_after_an_erasure_there_is_nobody(shop):
    shop.erase(ANN)
    with pytest.raises(InvalidInput, match="has no customer") as error:
        exported(shop, ANN)
    assert ANN not in str(error.value)
