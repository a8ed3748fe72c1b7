"""Purchase histories through the whole system: what comes out is what went in."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from local.app.system import System
from tessera import naming
from tests import reference
from tests.histories import event_file

HISTORIES = ("boutique", "cdnow-sample", "grocer", "rfm-orders")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each history's event file. One is uploaded as plain CSV, the others packed."""
    folder = tmp_path_factory.mktemp("files")
    packed = {name: event_file(name.replace("-", "_"), folder) for name in HISTORIES}
    return {**packed, "rfm-orders": reference.plain_events("rfm_orders", folder)}


@pytest.fixture(scope="module")
def runs(system: System, files: dict[str, Path]) -> dict[str, str]:
    """The folder of each history's run. Each has its own tenant, and they run together."""
    started = {}
    for name in HISTORIES:
        before = frozenset(system.executions())
        key = system.upload(files[name], tenant=name)
        started[name] = system.execution_of(key, after=before)
    folders = {}
    for name, execution in started.items():
        assert system.wait(execution)["status"] == "SUCCEEDED", system.error_of(execution)
        run = system.run_of(execution)
        assert run is not None
        folders[name] = naming.run_prefix(*run)
    return folders


@pytest.mark.parametrize("name", HISTORIES)
def test_every_row_customer_and_cent_is_there(
    system: System, files: dict[str, Path], runs: dict[str, str], name: str
):
    rows, folder = reference.records(files[name]), runs[name]
    export = f"{folder}destinations/export/"
    summary = system.read_json(system.data_bucket, folder + naming.SUMMARY)
    text = system.read(system.identities_bucket, export + "customers.csv").decode()
    customers = list(csv.DictReader(io.StringIO(text, newline="")))

    counted = summary["rows"]
    refused = sum(counted["rejected"].values()) + sum(counted["ignored"].values())
    assert counted["read"] == counted["accepted"] + refused == len(rows)
    # "0" is nobody's id: those rows belong to their address.
    ids = {row["CustomerID"] if row["CustomerID"] != "0" else row["Address"] for row in rows}
    assert {row["customer_id"] for row in customers} == ids
    money = sum(Decimal(row["UnitPrice"]) * Decimal(row["Quantity"]) for row in rows)
    assert sum(Decimal(row["monetary"]) for row in customers) == money


@pytest.mark.parametrize("name", HISTORIES)
def test_its_segments_are_complete_and_counted_at_the_destination(
    system: System, runs: dict[str, str], name: str
):
    destinations = f"{runs[name]}destinations/"
    listed = system.read_json(system.identities_bucket, destinations + "export/segments.json")[
        "segments"
    ]
    report = system.read_json(
        system.identities_bucket, f"{destinations}customer_profiles/{naming.LOAD_REPORT}"
    )
    summary = system.read_json(system.data_bucket, runs[name] + naming.SUMMARY)
    for kind in ("segment", "cluster"):
        sizes = [one["customers"] for one in listed if one["kind"] == kind]
        assert sum(sizes) == summary["customers"], kind
    placed = {one["name"]: one["size"] for one in report["segments"]}
    assert placed == {one["name"]: one["customers"] for one in listed if one["name"] in placed}
    assert placed


def test_each_has_a_page_of_its_own(system: System, runs: dict[str, str]):
    pages = {
        name: system.read(system.data_bucket, folder + naming.REPORT).decode()
        for name, folder in runs.items()
    }
    assert all("</html>" in page for page in pages.values())
    assert len(set(pages.values())) == len(HISTORIES)
