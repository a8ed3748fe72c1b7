import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.contracts.csv_cells import safe_cell

TEXT = st.text(st.sampled_from("=+-@＝ab1.0;,|\t\r\n '\""), max_size=12)
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Max", "Max"),
        ("-12.50", "-12.50"),
        ("+12025550123", "+12025550123"),
        ("PURCHASED,a,-5,b", "PURCHASED,a,-5,b"),
        ("=1+1", "'=1+1"),
        ("-12+A1", "'-12+A1"),
        ("@SUM(1)", "'@SUM(1)"),
        (" =1+1", " '=1+1"),
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("＝1+1", "'＝1+1"),
        ("\tx", "'\tx"),
        ("a-b", "a-b"),
    ],
)
def test_formulas_become_text_and_numbers_stay(text, safe):
    assert safe_cell(text) == safe


@given(TEXT)
def test_no_piece_begins_a_formula_however_a_spreadsheet_splits_it(text):
    for piece in re.split(r"[;,|\t\r\n]", safe_cell(text)):
        stripped = piece.strip()
        assert not stripped.startswith(tuple("=+-@＝")) or NUMBER.fullmatch(stripped)


@given(TEXT)
def test_a_cell_survives_the_file(text):
    file = io.StringIO(newline="")
    csv.writer(file).writerow([safe_cell(text), "end"])
    file.seek(0)
    assert next(csv.reader(file)) == [safe_cell(text), "end"]
