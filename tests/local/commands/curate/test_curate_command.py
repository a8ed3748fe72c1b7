"""Exports in a folder become an upload, and the terminal shows what came out."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq
import pytest

from local.commands.curate.command import CurateOptions, curate_exports
from local.terminal import Terminal
from tessera.errors import InvalidInput

DEALS = """\
Nr;Who;Day;Money;State
1;ann;2026-01-05;10.5;won
2;bo;2026-01-06;20;lost
"""
MAPPING = """
[deals]
key = ["Nr"]
keep = "State = 'won'"
CustomerID = "Who"
Date = "Day"
Amount = "Money"
"""


@pytest.fixture
def place(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text(DEALS)
    (tmp_path / "my.toml").write_text(MAPPING)
    return tmp_path


def curated(place, **changed) -> tuple[bool, str]:
    given = {
        "name": "deals", "exports": place / "exports", "mapping": place / "my.toml",
        "out": place / "curated", "as_json": False,
    }  # fmt: skip
    printed = io.StringIO()
    done = curate_exports(CurateOptions(**(given | changed)), terminal=Terminal(printed))
    return done, printed.getvalue()


def test_a_users_own_mapping_makes_a_folder_that_can_be_run(place):
    done, printed = curated(place)

    [part] = (place / "curated").iterdir()
    assert done
    assert pq.read_table(part).to_pylist() == [
        {"CustomerID": "ann", "Date": "2026-01-05", "Amount": "10.5"}
    ]
    assert "2 rows read: 1 written, 1 omitted by keep, 0 replaced" in printed
    assert f"tessera run {place / 'curated'}" in printed


def test_the_latest_day_replaces_what_came_before_and_the_folder_is_written_again(place):
    curated(place)
    day = place / "exports" / "deals" / "2026-01-07"
    day.mkdir(parents=True)
    (day / "deals.csv").write_text("Nr;Who;Day;Money;State\n3;cy;2026-01-07;5;won\n")

    _, printed = curated(place, as_json=True)

    assert json.loads(printed[printed.index("{") :])["written"] == 1
    [part] = (place / "curated").iterdir()
    assert pq.read_table(part).column("CustomerID").to_pylist() == ["cy"]


def test_no_row_that_counts_is_no_success(place):
    (place / "exports" / "deals.csv").write_text(DEALS.replace("won", "open"))

    done, printed = curated(place)

    assert not done
    assert "No row counts" in printed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "carts"}, "no mapping for the object 'carts'"),
        ({"name": "odoo-invoices"}, r"has no export of odoo-invoices: expected odoo-invoices\.csv"),
    ],
)
def test_what_is_missing_is_named(place, changed, words):
    with pytest.raises(InvalidInput, match=words):
        curated(place, **changed)


def test_a_folder_with_other_files_is_left_alone(place):
    (place / "curated").mkdir()
    (place / "curated" / "notes.txt").write_text("mine")

    with pytest.raises(InvalidInput, match=r"has other files, such as notes\.txt"):
        curated(place)
