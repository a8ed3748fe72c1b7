"""``tessera demo sources``: what it puts in, and that its four runs count what the database has."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from local.commands.demo import made_up
from local.commands.demo.shop import orders


def test_the_orders_have_the_money_of_the_examples_lines():
    made = [*orders()]
    assert len({order[0] for order in made}) == len(made) == 18_532
    assert sum(Decimal(order[3]) for order in made) == Decimal("8911407.90")


def test_what_is_made_up_is_the_same_each_time(tmp_path):
    written = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        made_up.write_deals(folder)
        made_up.write_clicks(folder / "clicks.jsonl", customers=["a", "b"])
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1]
    [deals] = [body for name, body in written[0].items() if name == f"{made_up.DEALS}.csv"]
    assert len([*csv.DictReader(io.StringIO(deals.decode()))]) == 240


@pytest.mark.slow
def test_four_runs_count_what_the_database_the_crm_and_the_stream_have(forked_cli, tmp_path):
    shown = forked_cli("demo", "sources", "--orders", "700", "--out", tmp_path / "out")
    assert shown.returncode == 0, shown.stderr
    assert "Orders, buyers and money are the database's own, to the cent." in shown.stdout
    lines = [line.split() for line in shown.stdout.splitlines()]
    [clicks] = [line for line in lines if line[:1] == ["stream"]]
    assert clicks[1:5] == ["3,152", "3,000", "150", "2"]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    *_, changed = [line for line in lines if line[:1] == ["database-orders"]]
    assert f"{summary['orders']:,}" == changed[5]
