"""What a file's first bytes show, and the errors about files that are no uploads."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest

from tessera.errors import InvalidInput
from tessera.settings import RunSettings
from tessera.sources.first_rows import sample_of
from tessera.sources.sniff import sniff

SETTINGS = RunSettings()
BODY = "CustomerID,Date,Unit Price\nZoë,2024-01-01,2\n"


def sniffed(body: bytes, **settings):
    return sniff(body, name="uploads/a.csv", settings=RunSettings.parse(settings))


@pytest.mark.parametrize(
    ("body", "encoding", "delimiter", "line_end"),
    [
        (BODY.encode(), "utf-8", ",", "\n"),
        (b"\xef\xbb\xbf" + BODY.encode(), "utf-8", ",", "\n"),
        (BODY.encode("utf-16"), "utf-16", ",", "\n"),
        (BODY.encode("utf-16-le"), "utf-16", ",", "\n"),
        (BODY.encode("cp1252"), "windows-1252", ",", "\n"),
        (BODY.replace(",", ";").replace("\n", "\r\n").encode(), "utf-8", ";", "\r\n"),
        (BODY.replace(",", "\t").replace("\n", "\r").encode(), "utf-8", "\t", "\r"),
        (gzip.compress(BODY.encode(), mtime=0), "utf-8", ",", "\n"),
    ],
)
def test_encoding_delimiter_and_line_ends(body, encoding, delimiter, line_end):
    seen = sniffed(body)
    assert (seen.encoding, seen.delimiter, seen.line_end) == (encoding, delimiter, line_end)
    assert seen.columns == {"customer_id": 0, "date": 1, "unit_price": 2}
    assert sample_of(seen.sample, seen.columns)["customer_id"] == ["Zoë"]


def test_a_start_that_breaks_off_inside_a_row_or_a_character_is_enough():
    body = (BODY + "Zoë,2024-01-01,2\n" * 30_000).encode()
    for size in range(256 << 10, (256 << 10) + 20):
        assert sniffed(body[:size]).encoding == "utf-8"
    packed = gzip.compress(body, compresslevel=1, mtime=0)
    assert sniffed(packed[: len(packed) // 2]).delimiter == ","


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"a,2024-01-01,5\nb,2024-01-02,6\n", "no header row"),
        (b"CustomerID,When,UnitPrice\n", "lacks Date"),
        (b"Costumer,Date,UnitPrice\n", "is it 'Costumer'"),
        (b"CustomerID,Date,Colour\n", "lacks UnitPrice (or Amount)"),
        (b"CustomerID,customer id,Date,Amount\n", "two columns"),
        (b"\x1f\x8bnot gzip at all", "not valid gzip"),
    ],
)
def test_files_that_are_no_uploads_are_named_with_what_to_do(body, says):
    with pytest.raises(InvalidInput) as error:
        sniffed(body)
    assert says in str(error.value)
    assert "uploads/a.csv" in str(error.value)


def test_a_first_row_that_is_data_is_not_quoted():
    body = b"ann@example.com,Ann,2024-01-01,+12125550100,Custmer ID\n"
    with pytest.raises(InvalidInput) as error:
        sniffed(body)
    for cell in ("ann@example.com", "'Ann'", "2024-01-01", "+12125550100"):
        assert cell not in str(error.value)
    with pytest.raises(InvalidInput) as other:
        sniffed(b"EMAIL,ann@example.com,Ann,2024-01-01\n")  # one cell is a header of ours by chance
    assert "ann" not in str(other.value).casefold()
    assert "5 cells, of which 'Custmer ID' look like column names" in str(error.value)


def test_own_columns_name_any_header():
    seen = sniffed(b"who,when,paid\nx,2024-01-01,1\n",
                 columns={"customer_id": "WHO", "date": "when", "amount": "Paid"})  # fmt: skip
    assert seen.columns == {"customer_id": 0, "date": 1, "amount": 2}
    with pytest.raises(InvalidInput, match="expected our columns"):
        sniffed(b"who\n", columns={"person": "who"})


def test_own_columns_that_a_file_lacks_are_named():
    with pytest.raises(InvalidInput) as error:
        sniffed(BODY.encode(), columns={"customer_id": "Nope"})
    says = "setting 'columns' names 'Nope' for customer_id, which the file lacks. Correct"
    assert says in str(error.value)


def test_what_a_header_lacks_is_described_in_sentences():
    with pytest.raises(InvalidInput) as error:
        sniffed(b"CustomerID,Date,Colour\n")
    assert "lacks UnitPrice (or Amount). Of its 3 columns we know: " in str(error.value)


def test_a_function_can_sniff_without_numpy_or_an_engine(root):
    code = "import sys, tessera.sources.sniff; print({'numpy', 'duckdb'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
