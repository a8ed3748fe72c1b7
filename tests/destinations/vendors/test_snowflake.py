"""Snowflake: what our SQL means to it, what becomes of a batch, and who may send one."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify

from adapters.destinations.snowflake.errors import meaning
from adapters.destinations.snowflake.tokens import Tokens
from adapters.destinations.warehouse.errors import Wrong
from local.services.snowflake.server import ACCOUNT
from local.services.snowflake.tokens import problem
from tessera.destinations.port import Item
from tessera.destinations.requests import Response
from tessera.destinations.vendors.snowflake import api, destination, sql
from tessera.destinations.vendors.snowflake.account import SnowflakeAccount
from tessera.destinations.vendors.snowflake.tokens import fingerprint
from tessera.destinations.warehouse import tables as warehouse
from tessera.errors import InvalidInput, Refused, Retryable
from tessera.records.loads.segment import Bounds, Segment
from tests.destinations.snowflake_place import AS_OF, NAME, KeyPair, SnowflakePlace, key_pair

SEGMENT = Segment("Lost", "_RFM_Lost", "segment", "Lost", "Gone", 1, set="rfm")
OWN = Segment("Loud", "_RFM_Loud", "set", "Loud", "Loud", 1, set="loudness")
BIG = Segment(
    "Big", "_RFM_Big", "threshold", "", "Big", 1, bounds=Bounds("monetary", at_least="99.5")
)


@pytest.fixture
def place() -> Iterator[SnowflakePlace]:
    made = SnowflakePlace()
    yield made
    made.close()


def item(number: int, **fields: str) -> Item:
    values = {"customer_id": f"C {number}", "rfm_segment": "Lost", **fields}
    return Item(f"key-{number}", f"C {number}", "d" * 32, values)


# ---- the SQL, in Snowflake's dialect -------------------------------------------------------


@pytest.fixture(scope="module")
def statements() -> Mapping[str, exp.Expression]:
    """Every statement that a run may send, parsed."""
    names = [*warehouse.TABLES[warehouse.CUSTOMERS][0], "rfm_set_loudness"]
    made = [
        sql.schema_exists("TESSERA"),
        sql.columns("TESSERA"),
        sql.table_id("TESSERA"),
        *sql.room("TESSERA", {}, own=warehouse.own_columns([OWN]), has_schema=False),
        *sql.room("TESSERA", dict.fromkeys(warehouse.TABLES, ()), own={}, has_schema=True),
        sql.merge_moves("TESSERA", names, rows="[]", as_of=AS_OF),
        sql.merge_customers("TESSERA", names, rows="[]"),
        *(sql.write_segment("TESSERA", one, as_of=AS_OF) for one in (SEGMENT, BIG)),
        *(sql.count_members("TESSERA", one) for one in (SEGMENT, BIG, OWN)),
        sql.select_segment("TESSERA", SEGMENT),
        sql.delete_segment("TESSERA", SEGMENT),
    ]
    for text, values in made:
        assert text.count("?") == len(values)
    return {text: sqlglot.parse_one(text, dialect="snowflake") for text, _ in made}


def test_every_statement_is_one_that_the_dialect_knows(statements):
    for text, tree in statements.items():
        assert not isinstance(tree, exp.Command), text
        assert not [one for one in tree.walk() if isinstance(one, exp.Command)], text


def test_every_name_of_ours_is_in_upper_case_so_that_nobody_has_to_quote_it(statements):
    for text, tree in statements.items():
        for name in tree.find_all(exp.Identifier):
            assert not name.quoted or name.name == name.name.upper(), text


def test_every_column_that_is_named_exists_in_its_exact_case(statements):
    names = {**{name: table for name, (table, _) in warehouse.TABLES.items()}}
    names["customers"] = {**names["customers"], "rfm_set_loudness": "text"}
    schema = {
        "TESSERA": {
            table.upper(): {f'"{column.upper()}"': "VARCHAR" for column in columns}
            for table, columns in names.items()
        }
    }
    selects = [
        select
        for tree in statements.values()
        for select in _sources(tree)
        if "INFORMATION_SCHEMA" not in select.sql()
    ]
    assert len(selects) >= 6
    for select in selects:
        qualify(select, schema=schema, dialect="snowflake", validate_qualify_columns=True)
    wrong = sqlglot.parse_one('SELECT "rfm_segment" FROM TESSERA.CUSTOMERS', dialect="snowflake")
    with pytest.raises(OptimizeError):
        qualify(wrong, schema=schema, dialect="snowflake", validate_qualify_columns=True)


def _sources(tree: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(tree, exp.Select):
        yield tree.copy()
    elif isinstance(tree, exp.Merge):
        yield tree.args["using"].this.copy()


def test_a_date_is_read_in_one_format_and_a_number_by_its_text(statements):
    [merge] = [text for text in statements if 'INTO "TESSERA"."CUSTOMERS"' in text]
    assert "TO_DATE(CAST(GET(f.value, " in merge
    assert " AS VARCHAR) AS NUMERIC(18, 2))" in merge
    assert "TIMESTAMP" not in merge


def test_the_statements_of_the_documentation_are_ones_that_the_dialect_knows(root):
    page = (root / "docs" / "destinations.md").read_text(encoding="utf-8")
    section = page.partition("\n## Snowflake")[2].partition("\n## ")[0]
    [text] = re.findall(r"```sql\n(.*?)```", section, re.DOTALL)
    parsed = sqlglot.parse(text, dialect="snowflake")
    assert len(parsed) == 6
    assert [one for one in parsed if isinstance(one, (exp.Create, exp.Grant))] != []


# ---- a batch -------------------------------------------------------------------------------


def test_no_customer_is_in_a_statements_text_or_a_path(place):
    odd = Item("key-1", "C'); DROP TABLE x; --", "d" * 32, {"rfm_segment": "a\"\\'b"})
    assert len(place.transport.send([odd]).acknowledged) == 1
    assert not [text for text in place.state.executed if "DROP" in text]
    assert "DROP" not in "".join(one.path for one in place.state.requests)
    assert place.customers()[odd.customer_id]["rfm_segment"] == "a\"\\'b"


def test_values_keep_their_types_and_an_absent_one_is_null(place):
    place.transport.send([item(1, rfm_monetary="0.10", rfm_r="5", rfm_as_of="2026-05-01")])
    held = place.customers()["C 1"]
    assert held == {
        "customer_key": "key-1", "rfm_segment": "Lost", "rfm_monetary": Decimal("0.10"),
        "rfm_r": 5, "rfm_as_of": AS_OF,
    }  # fmt: skip


def test_a_statement_whose_answer_is_lost_runs_once(place):
    place.state.executed.clear()
    place.lost(1)
    assert len(place.transport.send([item(1)]).acknowledged) == 1
    assert len(place.state.executed) == len(set(place.state.executed)) == 2
    ids = [one.query["requestId"] for one in place.state.requests if one.query.get("retry")]
    assert len(ids) == 1


def test_a_statement_that_runs_for_long_is_waited_for_and_then_left_to_the_next_try(place):
    place.state.waits = 3
    assert place.transport.size(SEGMENT) == 0
    assert place.clock.pauses == [0.0] * 8 + [0.5, 1.0, 2.0] or place.clock.pauses[-1] == 2.0
    place.state.waits = 10_000
    with pytest.raises(Retryable, match="still busy"):
        place.transport.size(SEGMENT)
    assert place.clock.now < 2 * api.CAPABILITIES.exchange_seconds


def test_a_result_of_several_partitions_is_read_to_the_last_row(place):
    place.state.partition_rows = 7
    place.transport.check([OWN])
    assert place.transport.size(OWN) == 0
    asked = [one.query for one in place.state.requests if "partition" in one.query]
    assert len(asked) > 3


def test_a_batch_counts_only_if_every_row_of_it_was_counted(place, monkeypatch):
    monkeypatch.setattr(api, "changed", lambda _response: 1)
    outcome = place.transport.send([item(1), item(2)])
    assert {why.code for _, why in outcome.again} == {"uncounted"}
    assert not outcome.acknowledged


def test_an_id_that_a_batch_has_twice_makes_one_row(place):
    twice = [item(1), dataclasses.replace(item(1, rfm_segment="Champions"), key="key-9")]
    assert len(place.transport.send([*twice, item(2)]).acknowledged) == 3
    assert place.rows("customers", "customer_id, rfm_segment") == [
        ["C 1", "Champions"], ["C 2", "Lost"],
    ]  # fmt: skip


def test_a_table_that_is_created_again_is_another_target(place):
    before = place.transport.identity()
    place.transport.check([OWN])
    assert place.transport.identity() == before
    place.state.database.run('DROP TABLE "TESSERA"."CUSTOMERS"', ())
    with pytest.raises(InvalidInput, match="TESSERA"):
        place.transport.send([item(1)])
    place.transport.check([])
    assert place.transport.identity() != before


# ---- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"warehouse": "loading"}, InvalidInput, "no warehouse 'loading'.*SHOW WAREHOUSES"),
        ({"database": "shop"}, InvalidInput, "lacks the database 'shop'"),
        ({"role": "READER"}, Refused, "denied the role.*correct 'role'"),
        ({"user": "nobody"}, Refused, "rejected the key.*RSA_PUBLIC_KEY"),
        ({"account": "https://x.snowflakecomputing.com"}, InvalidInput, "no address"),
        ({"account": "a b"}, InvalidInput, "'a b'.*<organization>-<account>"),
        ({"account": "xy12345.eu-west-1.privatelink"}, InvalidInput, "PrivateLink"),
    ],
)
def test_a_secret_that_leads_elsewhere_says_which_field(place, changes, error, words):
    with pytest.raises(error, match=words) as caught:
        place.connect(**changes).size(SEGMENT)
    assert NAME in str(caught.value)


@pytest.mark.parametrize(
    ("code", "state", "error", "words"),
    [
        ("390101", "08001", Refused, "user is enabled"),
        ("003001", "42501", Refused, "grant the role"),
        ("002003", "02000", InvalidInput, "schema 'TESSERA'"),
        ("000904", "42000", InvalidInput, "a table or column"),
        ("090073", "22000", Refused, "resource monitor"),
        ("000630", "57014", Retryable, "warehouse's queue"),
        ("000625", "57014", Retryable, "locks"),
        ("100078", "22000", Refused, "too long"),
    ],
)
def test_a_code_says_what_to_do(code, state, error, words):
    response = Response(422, {"code": code, "sqlState": state, "message": "a text is too long"})
    raised = meaning(response, account=ACCOUNT, secret_name=NAME, personal=False)
    assert type(raised) is error
    assert words in str(raised)


def test_words_about_customers_go_no_further_than_their_refusal():
    response = Response(422, {"code": "100078", "sqlState": "22000", "message": "'Ann' is long"})
    raised = meaning(response, account=ACCOUNT, secret_name=NAME, personal=True)
    assert isinstance(raised, Wrong)
    assert "Ann" not in str(raised)
    assert (raised.code, raised.words) == ("100078", "'Ann' is long")


# ---- accounts and tokens -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "host", "subject"),
    [
        ("MyOrg-My_Account", "myorg-my-account", "MYORG-MY_ACCOUNT.ANN"),
        ("xy12345", "xy12345", "XY12345.ANN"),
        ("xy12345.eu-west-1.aws", "xy12345.eu-west-1.aws", "XY12345.ANN"),
    ],
)
def test_an_account_has_a_host_and_a_subject(identifier, host, subject):
    secret = {"account": identifier, "user": "ann", "warehouse": "W", "database": "D"}
    account = SnowflakeAccount.parse(secret)
    assert account.base_url == f"https://{host}.snowflakecomputing.com"
    assert account.subject == subject
    assert account.context == {"warehouse": "W", "database": "D"}


def test_a_token_is_what_the_documentation_says_and_is_signed_again_in_time():
    now = [1_800_000_000.0]
    tokens = Tokens(key_pair(), unix_time=lambda: now[0])
    token = tokens.of("A.ANN")
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["iss"] == f"A.ANN.{fingerprint(key_pair().public_key)}"
    assert claims["exp"] - claims["iat"] <= 3_600
    now[0] += 2_000
    assert tokens.of("A.ANN") == token
    now[0] += 1_000
    assert tokens.of("A.ANN") != token
    assert problem(token, **_verified(now[0] - 3_000)) == ""


def _verified(now: float, **changes: Any) -> dict[str, Any]:
    known = {"public_key": key_pair().public_key, "subject": "A.ANN", "unix_seconds": now}
    return known | changes


def test_the_stand_in_refuses_what_snowflake_would():
    token = Tokens(key_pair(), unix_time=lambda: 1_800_000_000).of("A.ANN")
    head, claims, signature = token.split(".")
    for wrong, changes in (
        (f"{head}.{claims}.{signature[::-1]}", {}),
        (f"{head}.{base64.urlsafe_b64encode(b'{}').decode()}.{signature}", {}),
        ("no token", {}),
        (token, {"unix_seconds": 1_800_003_600}),
        (token, {"unix_seconds": 1_799_999_000}),
        (token, {"subject": "A.BO"}),
        (token, {"public_key": KeyPair().public_key}),
    ):
        assert problem(wrong, **_verified(1_800_000_000, **changes))


def test_it_gets_what_the_other_warehouses_get():
    assert set(destination.DIALECT.types) == set(warehouse.POSTGRESQL.types)
    assert destination.CAPABILITIES.lanes == 1
    assert destination.CAPABILITIES.membership == "table"
