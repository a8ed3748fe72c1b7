"""A whole export, as its owner has it on disk, and what comes of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tomllib

import pytest

from adapters.engines.duckdb.validate import validate_file
from local.__main__ import main
from local.commands.migrate_pinpoint import migrate
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import sets_for
from tessera.settings import RunSettings


def endpoint(number, *, address=None, **changes):
    fields = {
        "Id": f"e{number}",
        "ChannelType": "EMAIL",
        "Address": address or f"c{number}@example.com",
        "EndpointStatus": "ACTIVE",
        "OptOut": "NONE",
        "EffectiveDate": "2026-02-12T11:20:13.627Z",
        "User": {"UserId": f"C {number}"},
    }
    return json.dumps({**fields, **changes})


SEGMENTS = {
    "SegmentsResponse": {
        "Item": [
            {
                "Id": "s1",
                "Name": "Big spenders",
                "SegmentType": "DIMENSIONAL",
                "Dimensions": {
                    "Metrics": {"Spend": {"ComparisonOperator": "GREATER_THAN", "Value": 500.0}}
                },
            },
            {"Id": "s2", "Name": "Old list", "SegmentType": "IMPORT"},
        ]
    }
}


@pytest.fixture
def export(tmp_path):
    """Two files as an export job writes them, and the segments beside them."""
    folder = tmp_path / "export"
    (folder / "app-1").mkdir(parents=True)
    lines = [
        endpoint(1),
        endpoint(2, OptOut="ALL"),
        endpoint(3, User={}),
        endpoint(4, EndpointStatus="INACTIVE"),
        "",
    ]
    with gzip.open(folder / "app-1" / "part-1.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    second = [endpoint(5, address="C2@example.com"), endpoint(6, ChannelType="SMS", address="+441")]
    (folder / "app-1" / "part-2.json").write_text("\n".join(second), encoding="utf-8")
    (folder / "app-1" / "_SUCCESS").write_bytes(b"")
    (folder / "segments.json").write_text(json.dumps(SEGMENTS, indent=2), encoding="utf-8")
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_customers_are_an_upload_and_objections_are_kept_apart(export, tmp_path):
    out, printed = tmp_path / "out", io.StringIO()
    assert migrate(export, out=out, columns={"Spend": "monetary"}, terminal=Terminal(printed))
    customers = rows(out / "customers.csv")
    assert [(one["CustomerID"], one["Address"]) for one in customers] == [
        ("C 1", "c1@example.com"), ("C 6", "+441"),
    ]  # fmt: skip
    assert [
        (one["Address"], one["CustomerID"], one["OptOut"]) for one in rows(out / "opted_out.csv")
    ] == [("c2@example.com", "C 2", "ALL")]
    check = validate_file(out / "customers.csv", RunSettings())
    assert (check.accepted, dict(check.rejected)) == (2, {})
    text = printed.getvalue()
    for words in (
        "6 endpoints: 2 rows of 2 customers", "1 of them opted out", "1 omitted: no user id",
        "1 omitted: inactive", "2 omitted: somebody opted out there", "has no orders",
    ):  # fmt: skip
        assert words in text
    assert text.count("example.com") == 0


def test_segments_are_settings_and_a_report(export, tmp_path):
    out = tmp_path / "out"
    migrate(export, out=out, columns={"Spend": "monetary"}, terminal=Terminal(quiet=True))
    settings = RunSettings.parse(tomllib.loads((out / "settings.toml").read_text()))
    assert [one.label for one in sets_for(settings).thresholds] == ["Big spenders"]
    report = (out / "report.txt").read_text()
    assert "1 of 2 segments translated" in report
    assert "Old list – not translated: an imported list" in report


def test_bad_lines_are_named_with_file_and_row_and_the_rest_goes_on(export, tmp_path, capsys):
    path = export / "app-1" / "part-2.json"
    path.write_bytes(path.read_bytes() + b'\n{"Id": "x"}\n\xff\n')
    out = tmp_path / "out"
    assert main(["migrate-pinpoint", str(export), "--out", str(out)]) == 1
    errors = capsys.readouterr().err
    assert "2 lines could not be read" in errors
    assert "app-1/part-2.json row 3: the endpoint has no ChannelType" in errors
    assert "app-1/part-2.json row 4: not valid JSON" in errors
    assert len(rows(out / "customers.csv")) == 2
    assert "row 4" in (out / "report.txt").read_text()


def test_a_single_file_and_a_column_on_the_command_line(export, tmp_path):
    out = tmp_path / "out"
    arguments = [str(export / "segments.json"), "--out", str(out), "--column", "Spend=monetary"]
    assert main(["migrate-pinpoint", *arguments]) == 0
    assert '[thresholds."Big spenders"]' in (out / "settings.toml").read_text()
    assert rows(out / "customers.csv") == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nowhere", None, "does not exist"),
        ("empty.json", b"", "neither endpoints nor segments"),
        ("orders.csv", b"id,date\n1,2026-01-01\n", "orders.csv is no export of Amazon Pinpoint"),
        ("torn.gz", gzip.compress(b"{}\n" * 9, mtime=0)[:-9], "torn.gz cannot be read"),
    ],
)
def test_what_is_no_export_is_refused_by_name(tmp_path, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        migrate(path, out=tmp_path / "out", columns={}, terminal=Terminal(quiet=True))
    assert name != "orders.csv" or not (tmp_path / "out").exists()


def test_an_empty_folder_is_refused(tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(InvalidInput, match="has no file"):
        migrate(tmp_path / "x", out=tmp_path / "out", columns={}, terminal=Terminal(quiet=True))
