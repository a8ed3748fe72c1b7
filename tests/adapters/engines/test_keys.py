"""The engine's pseudonyms are the product's, to the last character."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.engines.duckdb.outputs import make_id_keys, make_keys
from tessera.events.persons.ids import normal_id
from tessera.events.pseudonym import ID_KINDS, customer_keys, hmac_blocks, id_blocks, id_keys

FEW = settings(max_examples=25)  # each opens an engine


@FEW
@given(
    ids=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, unique=True),
    secret=st.binary(min_size=1, max_size=100),
    tenant=st.sampled_from(["default", "a", "a-shop"]),
)
@example(ids=["\\xAA", "007", "é", " 7", "", "C" * 500], secret=b"s" * 65, tenant="default")
def test_the_engine_and_the_product_make_the_same_keys(ids, secret, tenant):
    key_of = customer_keys(secret, tenant=tenant)
    ids = [*{normal_id(each) for each in ids}]
    with duckdb.connect() as db:
        db.execute("CREATE TABLE persons (customer_id VARCHAR)")
        db.executemany("INSERT INTO persons VALUES (?)", [[each] for each in ids])
        make_keys(db, hmac_blocks(secret, tenant=tenant))
        keys = db.execute("SELECT customer_id, customer_key FROM customer_keys").fetchall()
    assert dict(keys) == {each: key_of(each) for each in ids}
    assert len(keys) == len(ids)


@FEW
@given(
    ids=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True),
    column=st.sampled_from(sorted(ID_KINDS)),
)
@example(ids=["1001", "#1001", "é"], column="order_id")
def test_the_engine_and_the_product_make_the_same_keys_of_orders(ids, column):
    key_of = id_keys(b"a secret", tenant="default", column=column)
    with duckdb.connect() as db:
        db.execute(f"CREATE TABLE accepted_rows ({column} VARCHAR)")
        db.executemany("INSERT INTO accepted_rows VALUES (?)", [[each] for each in [*ids, None]])
        count = make_id_keys(db, column, id_blocks(b"a secret", tenant="default", column=column))
        keys = db.execute(f"SELECT id, key FROM {column}_keys").fetchall()
    assert count == len(ids)
    assert dict(keys) == {each: key_of(each) for each in ids}
    assert all(len(key) == 24 for _, key in keys)


def test_an_order_an_event_and_a_customer_of_one_name_have_unrelated_keys():
    secret = b"a secret"
    keys = {id_keys(secret, tenant="default", column=column)("7") for column in ID_KINDS}
    keys |= {id_keys(secret, tenant="other", column="order_id")("7")}
    keys |= {customer_keys(secret, tenant="default")("7").replace("-", "")[:24]}
    assert len(keys) == 4


def test_an_error_of_the_engine_does_not_hold_the_secret():
    blocks = hmac_blocks(b"a secret that nobody may see", tenant="default")
    with duckdb.connect() as db, pytest.raises(duckdb.Error) as raised:
        make_keys(db, blocks)
    assert "secret" not in str(raised.value)
