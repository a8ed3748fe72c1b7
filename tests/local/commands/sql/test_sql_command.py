"""What `tessera sql` answers over a state, and how it writes it."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from local.commands.sql.command import SqlOptions, sql
from local.commands.sql.dashboard import dashboard_data
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tests.warehouse.made_rows import rows_of
from tests.warehouse.made_state import write_state

_RUNS = "SELECT run, as_of, customers, revenue FROM runs WHERE is_latest = 1 ORDER BY run"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = tmp_path_factory.mktemp("sql")
    write_state(made / "out.state")
    return made


def answered(home, text="", **options):
    printed = io.StringIO()
    asked = io.StringIO(text)
    options = SqlOptions(state=home / "out.state", out=home / "out", **options)
    sql(options, terminal=Terminal(printed), asked=asked)
    return printed.getvalue()


def test_a_table_is_for_people(home):
    lines = answered(home, query=_RUNS).splitlines()
    assert [line.split()[:3] for line in (lines[0], *lines[2:4])] == [
        ["run", "as_of", "customers"],
        ["run-c", "2026-03-01", "30"],
        ["run-d", "2026-02-28", "12"],
    ]
    assert lines[-1] == "  2 rows"


def test_csv_and_json_are_for_programs(home):
    rows = list(csv.DictReader(io.StringIO(answered(home, query=_RUNS, form="csv"))))
    assert json.loads(answered(home, query=_RUNS, form="json")) == [
        {**row, "customers": int(row["customers"])} for row in rows
    ]
    assert json.loads(answered(home, query="SELECT 1 AS a WHERE 1 = 2", form="json")) == []


def test_rows_go_to_a_file(home):
    answer = answered(home, query=_RUNS, form="csv", to=home / "runs.csv")
    assert answer == f"  Wrote {home / 'runs.csv'}\n"
    assert len((home / "runs.csv").read_text().splitlines()) == 3


def test_a_shell_reads_statements_and_commands(home):
    answer = answered(home, ".tables\n.columns trust\nSELECT\n 41 + 1;\n.help\n.quit\nSELECT 7;\n")
    assert "customer_360  One row a customer" in answer
    assert "auc double" in answer
    assert " 42\n" in answer
    assert ".columns TABLE" in answer
    assert "7" not in answer.splitlines()[-1]


def test_only_what_counts_of_uploads_is_an_event(home):
    answer = answered(home, query="SELECT count(*) AS n, max(upload) FROM events", form="csv")
    rows = sum(customers for *_, customers in [(0, 25), (0, 30), (0, 40), (0, 12)])
    assert answer.splitlines()[1] == f"{rows},u1"


def test_ids_are_there_only_when_asked_for(home):
    with pytest.raises(InvalidInput, match=r"customer_ids does not exist.*The tables are"):
        answered(home, query="SELECT * FROM customer_ids")
    with pytest.raises(InvalidInput, match=r"no customers\.parquet.*--out"):
        answered(home, query="SELECT 1", ids=True)
    (home / "out").mkdir()
    from tessera.contracts.tables import CUSTOMER_OUTPUT

    pq.write_table(rows_of(CUSTOMER_OUTPUT), home / "out" / "customers.parquet")
    answer = answered(home, query="SELECT * FROM customer_ids LIMIT 1", form="csv", ids=True)
    assert answer.startswith("customer_id,customer_key\n")


def test_the_dashboards_data_is_there(home):
    shown = list(dashboard_data(home / "out.state"))
    by_id = {one.visual.id: one.rows for one in shown}
    assert by_id["customers-all"] == [(30,)]
    assert all(by_id.values())
    assert len({one.sheet.id for one in shown}) == 7


def test_a_folder_without_runs_says_what_to_do(tmp_path):
    with pytest.raises(InvalidInput, match="no run yet"):
        answered(tmp_path, query="SELECT 1")


def test_an_unknown_table_names_those_there_are(home):
    with pytest.raises(InvalidInput, match="no table 'nothing': there are churn"):
        answered(home, ".columns nothing\n")
