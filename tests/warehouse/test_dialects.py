"""The SQL in each engine's dialect, by sqlglot: what it does not know it takes for a command."""

from __future__ import annotations

import pytest
import sqlglot

from tessera.dashboards.sheets import DATASETS
from tessera.warehouse.queries import create, query
from tessera.warehouse.redshift.statements import LoadedTable, load, setup
from tessera.warehouse.views import VIEWS

# Words of Redshift that no parser of ours knows. They have no more than their names filled in.
COMMANDS = ("catalog", "stream")
ENGINES = {"athena": "athena", "duckdb": "duckdb", "postgresql": "postgres", "redshift": "redshift"}


def kind(text: str, *, dialect: str) -> str:
    return type(sqlglot.parse_one(text, read=dialect)).__name__


@pytest.mark.parametrize("engine", ENGINES)
def test_each_view_is_sql_of_each_engine(engine):
    for view in VIEWS:
        text = create(view, dialect=engine, named="star.{}".format)
        assert kind(text, dialect=ENGINES[engine]) == "Create", view.name


def test_what_a_dashboard_asks_is_sql_of_athena():
    for data in DATASETS:
        text = query(data.view, named='"tessera_dev"."{}"'.format)
        assert kind(text, dialect="athena") == "Select", data.name


def test_statements_are_sql_of_redshift():
    table = LoadedTable.parse("database-orders=EventID,CustomerID")
    made = setup(database="d", stream_name="s", customers_schema="crm")
    parsed = {
        text.split(maxsplit=1)[0]: kind(text, dialect="redshift")
        for one in [*made, *load(table, tenant="acme", manifest="s3://b/m", rows=1)]
        if one.name not in COMMANDS
        for text in one.texts
    }
    assert parsed == {
        "CREATE": "Create", "DELETE": "Delete", "COPY": "Copy", "INSERT": "Insert", "DROP": "Drop",
        "SELECT": "Select",
    }  # fmt: skip
