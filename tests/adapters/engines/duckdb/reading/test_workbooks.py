"""Excel workbooks as uploads."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal

import pytest

from tessera.errors import InvalidInput
from tests.reference import DATA
from tests.workbooks import DATE, workbook

GERMAN = DATA / "golden" / "german-excel"
HEADER = ("CustomerID", "Date", "Amount")
ROWS = (HEADER, (299999.0, (DATE, 46027.5868055556), 24.9), ("00417", "2026-01-06", "7.65"))


@pytest.fixture
def book(check, tmp_path, fold):
    """Check a workbook, and fold it when asked to."""

    def read(body: bytes, *, folded: bool = False, **settings):
        path = tmp_path / "book.xlsx"
        path.write_bytes(body)
        return fold(path, **settings) if folded else check(body, name="book.xlsx", **settings)

    return read


def test_a_sheet_says_what_its_csv_says(book, fold):
    sheet = book((GERMAN / "input.xlsx").read_bytes(), folded=True)
    text = fold(GERMAN / "input.csv")
    assert sheet.events == text.events
    assert sheet.identities == text.identities
    assert [(each.line, each.code) for each in sheet.rejects] == [
        (each.line, each.code) for each in text.rejects
    ]


def test_whole_numbers_are_ids_and_dates_are_dates(book):
    folded = book(workbook(("Orders", ROWS)), folded=True)
    assert set(folded.customers) == {"299999", "00417"}
    number = folded.customers["299999"]
    assert number["first_purchase_at"] == dt.datetime(2026, 1, 5, 14, 5, tzinfo=dt.UTC)
    assert number["monetary"] == Decimal("24.9")


def test_a_workbook_of_the_1904_system_counts_days_from_there(book):
    folded = book(workbook(("Orders", ROWS[:2]), since_1904=True), folded=True)
    first = folded.customers["299999"]["first_purchase_at"]
    assert first == dt.datetime(2030, 1, 6, 14, 5, tzinfo=dt.UTC)


def test_the_first_sheet_counts_or_the_one_that_the_setting_names(book):
    body = workbook(("Orders", ROWS), ("Other & more", (HEADER, ("x", "2026-01-06", 1), ROWS[2])))
    assert set(book(body, folded=True).customers) == {"299999", "00417"}
    assert set(book(body, folded=True, sheet="Other & more").customers) == {"x", "00417"}
    with pytest.raises(InvalidInput, match=r"no sheet 'May': its sheets are Orders, Other & more"):
        book(body, sheet="May")


def test_faults_have_the_rows_of_the_sheet(book):
    rows = [("Report",), (), *ROWS, ("a\nb", "never", 1.0)]
    assert [(each.line, each.code) for each in book(workbook(("S", rows))).rejects] == [
        (6, "bad_date")
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            workbook(("S", (*ROWS, ("a", "2026-01-06", "#DIV/0!")))),
            r"cell C4 has the error #DIV/0!",
        ),
        (workbook(("S", ROWS[:1])), r"sheet 'S' has a header and no rows"),
        (workbook(("S", ())), r"sheet 'S' has nothing and no rows"),
        (workbook(("S", ROWS), extra=bytes(1 << 20)), r"expands \d+ times .* more than 20 times"),
        (b"\xd0\xcf\x11\xe0" + bytes(512), r"protected by a password, or an old \.xls file"),
        (b"CustomerID,Date,Amount\n", r"no Excel workbook although its name says so"),
        (workbook(("S", ROWS))[:-40], r"book\.xlsx is damaged"),
    ],
    ids=["formula", "header alone", "empty", "bomb", "password", "text", "cut off"],
)
def test_what_cannot_be_read_is_refused_by_name(book, body, message):
    with pytest.raises(InvalidInput, match=message):
        book(body)


def test_a_zip_of_other_files_is_no_workbook(book, tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("orders.csv", "a,b\n")
    with pytest.raises(InvalidInput, match="is a ZIP file but no Excel workbook"):
        book(path.read_bytes())
