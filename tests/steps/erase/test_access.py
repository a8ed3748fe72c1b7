"""A person's own data: everything of theirs, readable, and nothing of anybody else."""

from __future__ import annotations

import json

import pytest

from steps.erase.access import person_data
from tessera.errors import InvalidInput
from tessera.events.pseudonym import customer_keys
from tests.steps.erase.conftest import ANN, ANN_MAIL, BO_KEY, KEY, NOW, SECRET


def exported(shop, term):
    key_of = customer_keys(SECRET, tenant="default")
    return person_data(
        shop.data, shop.identities, tenant="default", term=term, key_of=key_of, now=NOW
    )


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


def test_after_an_erasure_there_is_nobody(shop):
    shop.erase(ANN)
    with pytest.raises(InvalidInput, match="has no customer") as error:
        exported(shop, ANN)
    assert ANN not in str(error.value)
