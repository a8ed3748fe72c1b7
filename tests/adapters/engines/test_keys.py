"""The engine's pseudonyms are the product's, to the last character."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.engines.duckdb.outputs import make_keys
from tessera.events.pseudonym import customer_keys, hmac_blocks


@given(
    ids=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, unique=True),
    secret=st.binary(min_size=1, max_size=100),
    tenant=st.sampled_from(["default", "a", "a-shop"]),
)
@example(ids=["\\xAA", "007", "é", " 7", "", "C" * 500], secret=b"s" * 65, tenant="default")
def test_the_engine_and_the_product_make_the_same_keys(ids, secret, tenant):
    key_of = customer_keys(secret, tenant=tenant)
    with duckdb.connect() as db:
        db.execute("CREATE TABLE accepted_rows (customer_id VARCHAR)")
        db.executemany("INSERT INTO accepted_rows VALUES (?)", [[each] for each in ids * 2])
        make_keys(db, hmac_blocks(secret, tenant=tenant))
        keys = db.execute("SELECT customer_id, customer_key FROM customer_keys").fetchall()
    assert dict(keys) == {each: key_of(each) for each in ids}
    assert len(keys) == len(ids)


def test_an_error_of_the_engine_does_not_hold_the_secret():
    blocks = hmac_blocks(b"a secret that nobody may see", tenant="default")
    with duckdb.connect() as db, pytest.raises(duckdb.Error) as raised:
        make_keys(db, blocks)
    assert "secret" not in str(raised.value)
