"""Files as shops really have them: which rows count, and what the others cost."""

from __future__ import annotations

import pytest

from adapters.engines.prepare import check_customers
from tests.reference import case

HEADER = "CustomerID,Date,Amount,City\n"
PLAIN = "".join(f"c{n},2026-01-05,1.50,Köln\n" for n in range(300))


def test_one_stray_byte_costs_no_customer(check, fold):
    path = case("49-one-stray-byte-in-a-city")
    checked, folded = check(path.read_bytes()), fold(path)
    assert (checked.accepted, checked.rejected) == (197, {})
    assert len(folded.customers) == 62
    assert {row["customer_id"] for row in folded.identities} == set(folded.customers)
    cities = {row["customer_id"]: row["city"] for row in folded.identities}
    assert (cities["STRAY1"], cities["C0000"]) == ("München", "Köln")


@pytest.mark.parametrize("late", [False, True], ids=["in the first rows", "after a megabyte"])
def test_rows_in_a_second_encoding_are_read_where_they_only_describe(fold, late):
    """Files of two tools, joined: what a row means must be text, the rest is read."""
    rows = PLAIN * (400 if late else 1)
    body = (HEADER + rows).encode() + "x,2026-01-05,2,Münster\nü,2026-01-05,2,Hof\n".encode(
        "cp1252"
    )
    folded = fold(body)
    assert [reject.code for reject in folded.rejects] == ["bad_encoding"]
    assert {row["city"] for row in folded.identities} == {"Köln", "Münster"}
    assert {row["customer_id"] for row in folded.identities} == set(folded.customers)


def test_windows_1252_in_a_cell_that_only_describes_is_noticed_after_a_megabyte(fold):
    rows = "".join(f"c{n},2026-01-05,1.50,Hof\n" for n in range(20_000))
    folded = fold(f"{HEADER}{rows}x,2026-01-05,1.50,Köln\n".encode("cp1252"))
    assert folded.rejects == []
    assert {row["customer_id"]: row["city"] for row in folded.identities}["x"] == "Köln"


def test_customers_without_an_identity_stop_the_job():
    check_customers(with_events=62, identified=62)
    with pytest.raises(AssertionError, match="62 customers have events, but 61 have an identity"):
        check_customers(with_events=62, identified=61)


def test_rows_of_commas_alone_are_skipped_and_counted(check):
    checked = check(case("07-excel-comma-only-rows").read_bytes())
    assert (checked.read, checked.accepted) == (1441, 194)
    assert (checked.ignored, checked.rejected) == ({"blank_row": 1247}, {})


def test_blank_cells_may_be_missing_at_the_end_of_a_row(check, fold):
    path = case("08-trailing-blank-cells-left-out")
    checked = check(path.read_bytes())
    assert (checked.accepted, checked.rejected) == (194, {})
    assert len(fold(path).customers) == 60


@pytest.mark.parametrize(
    ("row", "rejected"),
    [
        ("a,2026-01-05,2", {}),
        ("a,2026-01-05", {"wrong_columns": 1}),
        ("a,2026-01-05,2,x,y", {"wrong_columns": 1}),
        ("a,2026-01-05,2,x,", {}),
    ],
)
def test_only_cells_that_may_be_blank_may_be_missing(check, row, rejected):
    assert check(f"{HEADER}{PLAIN}{row}\n").rejected == rejected


def test_titles_above_the_header_are_no_header(check):
    checked = check(case("35-report-title-above-header").read_bytes())
    assert (checked.accepted, checked.rejected) == (194, {})
    quoted = f'"Sales\nof 2026",,,\n\n{HEADER}{PLAIN}b,never,1,x\n'
    checked = check(quoted)
    assert (checked.accepted, [reject.line for reject in checked.rejects]) == (300, [305])


@pytest.mark.parametrize("first", ["Total", "Summe:", "Razem", "total général "])
def test_a_row_of_totals_is_no_sale(check, first):
    rows = f"{first},,450.00,\n{first},,450.00\n,,{first},\n"
    checked = check(f"{HEADER}{PLAIN}{rows}{first},2026-01-05,1,Hof\n")
    assert (checked.accepted, checked.ignored) == (301, {"totals_row": 3})


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_that_were_joined_repeat_their_header(check, mark):
    checked = check(f"\ufeff{HEADER}{PLAIN}{mark}{HEADER}{PLAIN}{mark}x,2026-01-05,1,Hof\n")
    assert (checked.accepted, checked.ignored) == (601, {"repeated_header": 1})
    assert checked.rejected == {}


def test_a_huge_cell_is_named_as_what_it_is(check):
    checked = check(f"{HEADER}{PLAIN}b,2026-01-05,1,{'x' * 2_100_000}\nc,2026-01-05,1,Hof\n")
    assert (checked.accepted, checked.rejected) == (301, {"cell_too_long": 1})
    assert checked.rejects[0].line == 302
