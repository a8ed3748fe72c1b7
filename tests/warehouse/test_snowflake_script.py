"""The script that people run in Snowflake, as far as sqlglot knows its dialect."""

from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot import exp

from tessera import naming
from tessera.shipped_files import read_text
from tessera.warehouse.redshift.statements import ORDER_COLUMNS


@pytest.fixture(scope="module")
def script() -> str:
    return re.sub(r"--.*", "", read_text("tessera.warehouse", "snowflake/orders.sql"))


@pytest.fixture(scope="module")
def statements(script) -> list[exp.Expression]:
    """The statements, and those inside the task beside them."""
    head, inside = re.split(r"\bBEGIN\b", script)
    body, rest = re.split(r"\bEND;", inside)
    task = head[head.index("CREATE TASK") :]
    text = head.replace(task, "") + body + rest
    return [one for one in sqlglot.parse(text, dialect="snowflake") if one]


def test_each_statement_is_one_that_the_dialect_knows(statements):
    kinds = [type(one).__name__ for one in statements]
    assert kinds.count("Command") == 2, kinds  # REMOVE, and ALTER TASK
    assert kinds.count("Copy") == 2


def test_the_view_has_the_columns_of_an_order_with_texts_and_exact_money(script, statements):
    [view] = [one for one in statements if isinstance(one, exp.Create) and one.kind == "VIEW"]
    columns = {one.alias: one.this for one in view.expression.selects}
    assert tuple(columns) == ORDER_COLUMNS
    for name in ("EventID", "CustomerID", "OrderID"):
        assert columns[name].to.is_type("varchar")
    assert columns["Amount"].to.sql("snowflake") == "DECIMAL(18, 2)"
    date = """TO_VARCHAR(CONVERT_TIMEZONE('UTC', ordered_at), 'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"')"""
    assert f'{date} AS "Date"' in script


def test_old_parts_go_first_and_the_object_that_starts_a_run_comes_last(script):
    order = [script.index(text) for text in ("REMOVE @", "orders_for_tessera\n", "/_SUCCESS")]
    parts = script.index("/data FROM")
    assert order[0] < parts < order[2]
    assert "HEADER = TRUE" in script
    assert script.count(f"/{naming.SNOWFLAKE_ORDERS}/") == 2
    key = f"uploads/default/{naming.SNOWFLAKE_ORDERS}/{naming.FOLDER_COMPLETE}"
    assert naming.upload_folder(key) == key.removesuffix(naming.FOLDER_COMPLETE)
    assert naming.upload_source(naming.upload_folder(key)) == naming.SNOWFLAKE_ORDERS
