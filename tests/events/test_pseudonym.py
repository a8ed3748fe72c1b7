"""Pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from hypothesis import given
from hypothesis import strategies as st

from tessera.events.persons.ids import normal_id
from tessera.events.pseudonym import address_keys, customer_keys, fingerprint

SECRET = b"a secret that no customer knows"


@given(st.text())
def test_a_key_is_a_version_8_uuid_of_the_keyed_hash(customer_id):
    key = uuid.UUID(customer_keys(SECRET, tenant="shop")(customer_id))
    normal = normal_id(customer_id)
    digest = hmac.digest(SECRET, b"shop\0" + normal.encode(), hashlib.sha256)
    assert (key.version, key.variant) == (8, uuid.RFC_4122)
    assert key.bytes[:6] == digest[:6]
    assert key.bytes[9:] == digest[9:16]


def test_tenant_secret_and_every_character_of_the_id_matter():
    keys = {
        customer_keys(secret, tenant=tenant)(customer_id)
        for secret in (SECRET, SECRET + b"!")
        for tenant in ("a", "a1")
        for customer_id in ("7", "07", "A7", "1\0007")
    }
    assert len(keys) == 16
    assert fingerprint(SECRET) != fingerprint(SECRET + b"!")


def test_two_spellings_of_an_id_have_one_key():
    key = customer_keys(SECRET, tenant="shop")
    assert key("Ann@Mail.example ") == key("ann@mail.example")
    assert key("Zoe\u0308") == key("Zoë")
    assert key("Zoë") != key("ZOË")


def test_the_key_of_an_address_is_unrelated_to_that_of_the_same_text_as_an_id():
    address = "ann@mail.example"
    key = address_keys(SECRET, tenant="shop")(address)
    digest = hmac.digest(SECRET, b"ADDRESS\0shop\0" + address.encode(), hashlib.sha256)
    assert key == digest.hex()[:32]
    assert key != address_keys(SECRET, tenant="shop2")(address)
    assert key[:8] != customer_keys(SECRET, tenant="shop")(address)[:8]
