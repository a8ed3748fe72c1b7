"""What a check of a file says, and what it refuses before reading one."""

from __future__ import annotations

import gzip
import io
import json
import tomllib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from local.commands.validate.command import propose_mapping, validate
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tests.reference import DATA
from tests.workbooks import workbook


def test_it_says_the_decimal_mark_and_the_currency(tmp_path):
    file, settings = tmp_path / "a.csv", tmp_path / "settings.toml"
    file.write_text("customer_id;date;amount;currency\na;2024-01-01;2,50;EUR\n")
    settings.write_text("clusters = 3\n", encoding="utf-8-sig")
    out = io.StringIO()
    assert validate(file, settings=settings, terminal=Terminal(out))
    assert "decimal comma, EUR" in out.getvalue()


def test_it_says_which_export_a_file_is_and_why():
    file, out = DATA / "golden" / "shopify" / "input.csv", io.StringIO()
    assert validate(file, settings=None, terminal=Terminal(out))
    assert "mapping     Shopify's orders export: its header has Name, " in out.getvalue()
    assert "money       net sales, without tax and shipping\n" in out.getvalue()
    assert "2 × cancelled_order" in out.getvalue()


def test_a_named_mapping_wins_over_recognition():
    file, out = DATA / "golden" / "shopify" / "input.csv", io.StringIO()
    validate(file, settings=None, mapping="none", terminal=Terminal(out))
    assert "mapping     a plain file: setting 'mapping' is 'none'" in out.getvalue()
    with pytest.raises(InvalidInput, match="setting 'mapping' is 'shopfy': expected one of"):
        validate(file, settings=None, mapping="shopfy", terminal=Terminal(out))


def test_it_writes_a_proposed_mapping_that_a_second_check_reads(tmp_path):
    file, out, terminal = tmp_path / "a.csv", tmp_path / "my.toml", Terminal(io.StringIO())
    file.write_text("Who,Wann,Netto\nann@example.com,2026-01-05,2.50\n")
    with pytest.raises(InvalidInput, match="validate --propose"):
        validate(file, settings=None, terminal=terminal)
    assert propose_mapping(file, settings=None, out=out, terminal=terminal)
    assert validate(file, settings=out, terminal=terminal)
    with pytest.raises(InvalidInput, match="exists already"):
        propose_mapping(file, settings=None, out=out, terminal=terminal)


ROWS = (
    ("Who", "Wann", "Netto", "Beleg-Nr"),
    ("ann@example.com", "2026-01-05", "2.50", "R-1"),
    ("bo@example.com", "2026-01-06", "12.50", "R-2"),
)
TEXT = "".join(",".join(row) + "\n" for row in ROWS)


def parquet() -> bytes:
    file = io.BytesIO()
    columns = zip(*ROWS[1:], strict=True)
    pq.write_table(pa.table(dict(zip(ROWS[0], map(list, columns), strict=True))), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.csv", TEXT.encode()),
        ("a.csv.gz", gzip.compress(TEXT.encode())),
        ("a.xlsx", workbook(("Orders", ROWS))),
        ("a.parquet", parquet()),
    ],
    ids=["csv", "gzip", "xlsx", "parquet"],
)
def test_it_proposes_the_same_for_a_table_in_a_file_of_any_kind(tmp_path, name, body):
    (tmp_path / name).write_bytes(body)
    terminal = Terminal(io.StringIO())
    proposed = {}
    for file in (tmp_path, tmp_path / name):  # a folder's parts are alike
        out = tmp_path / f"_{file.name}.toml"
        assert propose_mapping(file, settings=None, out=out, terminal=terminal)
        proposed[file] = tomllib.loads(out.read_text())["columns"]
        assert validate(tmp_path / name, settings=out, terminal=terminal)
    columns = {"customer_id": "Who", "date": "Wann", "amount": "Netto", "order_id": "Beleg-Nr"}
    assert [*proposed.values()] == [columns, columns]


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("a.xlsx", TEXT.encode(), "no Excel workbook although its name says so"),
        ("a.parquet", TEXT.encode(), "no readable Parquet file"),
        ("a.csv.gz", b"\x1f\x8bno", "not valid gzip"),
    ],
    ids=["xlsx", "parquet", "gzip"],
)
def test_a_damaged_file_gets_no_proposal(tmp_path, name, body, message):
    file, out = tmp_path / name, tmp_path / "my.toml"
    file.write_bytes(body)
    with pytest.raises(InvalidInput, match=message):
        propose_mapping(file, settings=None, out=out, terminal=Terminal(io.StringIO()))
    assert not out.exists()


@pytest.mark.parametrize(
    ("shop", "message"),
    [
        ("shopify", "is Shopify's orders export, which is read without a proposal"),
        ("paypal-languages", "known in English and German only. Set the language"),
    ],
)
def test_a_known_export_gets_no_proposal(tmp_path, shop, message):
    file, out = DATA / "golden" / shop / "input.csv", tmp_path / "my.toml"
    with pytest.raises(InvalidInput, match=message):
        propose_mapping(file, settings=None, out=out, terminal=Terminal(io.StringIO()))
    assert not out.exists()


def test_a_known_export_that_lacks_a_column_gets_a_proposal(tmp_path):
    file, out = tmp_path / "a.csv", tmp_path / "my.toml"
    header = "ID,Purchase Date,Bill-to Name,Grand Total (Base),E-Mail"
    file.write_text(header + "\n1,2026-01-05,Ann Bo,2.50,ann@example.com\n")
    propose_mapping(file, settings=None, out=out, terminal=Terminal(io.StringIO()))
    assert tomllib.loads(out.read_text())["columns"]["customer_id"] == "E-Mail"


def test_errors_in_settings_name_the_users_file(tmp_path):
    file, settings = tmp_path / "a.csv", tmp_path / "my.toml"
    file.write_text("customer_id,date,amount\na,2024-01-01,2.50\n")
    settings.write_text("clusters = 3\nclusters = 4\n")
    with pytest.raises(InvalidInput, match=r"settings file .*my\.toml is not valid TOML.*line 2"):
        validate(file, settings=settings, terminal=Terminal(io.StringIO()))
    settings.write_text("cluster = 3\n")
    with pytest.raises(InvalidInput, match=r"settings file .*my\.toml: unknown setting 'cluster'"):
        validate(file, settings=settings, terminal=Terminal(io.StringIO()))
    with pytest.raises(InvalidInput, match=r"settings file .*none\.toml can't be read"):
        validate(file, settings=tmp_path / "none.toml", terminal=Terminal(io.StringIO()))


@pytest.mark.parametrize(
    ("settings", "says"),
    [('preset = "nope"', "nope"), ('destinations = ["nowhere"]', "nowhere"), ("", "no rows")],
)
def test_it_refuses_what_a_run_refuses(tmp_path, settings, says):
    file, path = tmp_path / "a.csv", tmp_path / "settings.toml"
    file.write_text("customer_id,date,amount\n")
    path.write_text(settings)
    with pytest.raises(InvalidInput, match=says):
        validate(file, settings=path, terminal=Terminal(io.StringIO()))


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (
            'segment_sets = ["tiers"]\n',
            r"my\.toml: segment set 'tiers' is unknown: expected one of",
        ),
        (
            'segment_sets = ["value_tier", "value_at_risk"]\n',
            "combines the set 'churn_band', which the run does not have",
        ),
    ],
)
def test_a_wrong_segment_set_is_an_error_before_the_file_is_read(tmp_path, sets, message):
    file, settings = tmp_path / "a.csv", tmp_path / "my.toml"
    file.write_text("customer_id,date,amount\na,2024-01-01,2.50\n")
    settings.write_text(sets)
    with pytest.raises(InvalidInput, match=message):
        validate(file, settings=settings, terminal=Terminal(io.StringIO()))


def test_faults_are_shown_by_kind_before_the_figures_by_month(tmp_path):
    file = tmp_path / "a.csv"
    bad = "".join(f"b,2024-02-{day:02},oops\n" for day in range(1, 8))
    file.write_text(f"customer_id,date,amount\na,2024-01-01,2.50\n{bad}")
    out = io.StringIO()
    assert not validate(file, settings=None, terminal=Terminal(out))
    text = out.getvalue()
    assert text.count("bad_amount") == 1
    assert "7 × bad_amount (rejected)" in text
    assert "First at a.csv line 3, column 'amount': 'oops'" in text
    assert "What to do: " in text
    assert "2024-01-01 to 2024-01-01: 1 customers, 1 orders, 2.50 net of refunds" in text
    assert text.index("bad_amount") < text.index("Month")


def test_json_has_the_faults_and_figures_and_nothing_else(tmp_path):
    file, out, results = tmp_path / "a.csv", io.StringIO(), io.StringIO()
    file.write_text("customer_id,date,amount,currency\na,2024-01-01,2.50,EUR\na,2024-01-02,x,EUR\n")
    accepted = validate(file, settings=None, as_json=True, terminal=Terminal(out, results=results))
    facts = json.loads(results.getvalue())
    assert facts["accepted_by_a_run"] is accepted is False
    assert facts["kinds"][0]["cell"] == "x"
    assert facts["contents"]["months"] == [
        {"month": "2024-01", "customers": 1, "orders": 1, "net": "2.50"}
    ]
    assert facts["currency"] == "EUR"
