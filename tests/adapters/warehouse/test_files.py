"""The views over files: what they hold is what the profiles hold, and nothing can be written."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from adapters.tables.parquet import write_table
from adapters.warehouse.files import TablePart, opened
from tessera.contracts.tables import PROFILES
from tessera.errors import InvalidInput
from tessera.warehouse.views import BASES, VIEWS
from tests.warehouse import made_rows

TYPES = {"string": "VARCHAR", "int": "INTEGER"}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The files of each run's profiles, as a run writes them, and no other base's."""
    folder = tmp_path_factory.mktemp("runs")
    profiles = made_rows.bases()["profiles"]
    made = []
    for tenant, as_of, run, _ in made_rows.RUNS:
        rows = profiles.filter(pc.equal(profiles["run"], run)).select(PROFILES.names)
        file = write_table(folder / f"{run}.parquet", rows, PROFILES)
        values = {"tenant": tenant, "as_of": as_of.isoformat(), "run": run}
        made.append(TablePart(files=(file,), values=values))
    latest = [
        TablePart(values={"tenant": tenant, "as_of": as_of.isoformat(), "run": run})
        for tenant, as_of, run, _ in made_rows.RUNS
        if made_rows.LATEST[tenant] == run
    ]
    known = {"profiles": made, "latest_runs": latest}
    return {one.name: known.get(one.name, []) for one in BASES}


@pytest.fixture(scope="module")
def made(parts):
    with opened(parts) as warehouse:
        yield warehouse


def one(warehouse, statement):
    return list(warehouse.query(statement).rows)


@pytest.mark.parametrize("table", [*BASES, *VIEWS], ids=lambda one: one.name)
def test_columns_have_the_types_of_their_contract(table, made):
    described = one(made, f"SELECT column_name, data_type FROM information_schema.columns "
                    f"WHERE table_name = '{table.name}' ORDER BY ordinal_position")  # fmt: skip
    expected = [(c.name, TYPES.get(c.type, c.type.upper())) for c in table.columns]
    assert described == expected


def test_the_latest_run_of_each_tenant_is_the_one_that_finish_run_names(made):
    latest = one(made, "SELECT tenant, run FROM runs WHERE is_latest = 1 ORDER BY 1")
    assert latest == [("acme", "run-d"), ("default", "run-c")]


def test_totals_are_those_of_the_profiles(made, parts):
    profiles = pq.read_table(parts["profiles"][1].files[0])
    money, customers = pc.sum(profiles["monetary"]).as_py(), profiles.num_rows
    where = "WHERE run = 'run-c'"
    assert one(made, f"SELECT sum(revenue), sum(customers) FROM segments {where} "
               "AND segment_set = 'rfm'") == [(money, customers)]  # fmt: skip
    assert one(made, f"SELECT sum(revenue), count(*) FROM customers {where}") == [
        (money, customers)
    ]
    bought = profiles.filter(pc.greater(profiles["frequency"], 0))
    for view in ("revenue", "churn"):
        assert one(made, f"SELECT sum(revenue), sum(buyers) FROM {view} {where}") == [
            (pc.sum(bought["monetary"]).as_py(), bought.num_rows)
        ]


def test_a_column_that_an_earlier_version_did_not_write_is_empty(parts, tmp_path):
    part = parts["profiles"][0]
    old = pq.read_table(part.files[0]).drop_columns(["views_30d", "labels"])
    pq.write_table(old, tmp_path / "old.parquet")
    earlier = TablePart(files=(tmp_path / "old.parquet",), values=part.values)
    with opened({**parts, "profiles": [earlier]}) as warehouse:
        assert one(warehouse, "SELECT count(*), count(views_30d) FROM profiles") == [(25, 0)]


def test_a_base_that_is_absent_has_no_views(parts):
    of_runs = {name: parts[name] for name in ("profiles", "latest_runs")}
    with opened(of_runs) as warehouse:
        assert {"runs", "customers", "revenue"} < warehouse.tables.keys()
        assert not {"trust", "movement", "orders"} & warehouse.tables.keys()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SELECT * FROM custmers", "custmers does not exist.*The tables are churn, clicks"),
        ("SELECT nothing FROM runs", "nothing"),
        ("SELEC 1", "syntax error"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("", "0 statements"),
        ("DROP VIEW runs", "only SELECT"),
        ("SET enable_external_access = true", "only SELECT"),
        ("COPY (SELECT 1) TO 'x.csv'", "only SELECT"),
        ("ATTACH 'x.db'", "only SELECT"),
        ("SELECT * FROM read_text('/etc/hostname')", "disabled by configuration"),
    ],
)
def test_a_statement_that_cannot_be_answered_says_why(statement, words, made):
    with pytest.raises(InvalidInput, match=words):
        one(made, statement)


def test_a_text_is_split_into_its_statements(made):
    assert made.split("SELECT 1; SELECT ';'") == ["SELECT 1;", "SELECT ';'"]


def test_values_keep_their_digits(made):
    [(money, day)] = one(made, "SELECT revenue, as_of FROM runs WHERE run = 'run-a'")
    assert isinstance(money, Decimal)
    assert day == made_rows.AS_OF - dt.timedelta(days=7)
