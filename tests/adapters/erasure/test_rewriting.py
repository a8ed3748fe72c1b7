"""Files without a person: the right rows go, and all other bytes stay."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.erasure.rewriting import Rewriter
from tessera.destinations.port import Contact
from tessera.erasure.identifying import IdentifyingHeaders, usual_headers
from tessera.erasure.people import KnownPerson, Needles
from tessera.settings import RunSettings

KEY = "0040bc54-8bb7-8c91-bbd5-0c4674de8444"
OTHER = "1140bc54-8bb7-8c91-bbd5-0c4674de8444"
ANN = KnownPerson(customer_key=KEY, ids=("12",), contacts=(Contact("EMAIL", "ann@example.com"),))
HEADERS = IdentifyingHeaders(anywhere=usual_headers())
HEAD = "CustomerID;Quantity;Note;Email\n"


@pytest.fixture
def rewrite(tmp_path):
    rewriter = Rewriter(Needles.of([ANN]), headers=HEADERS, settings=RunSettings())

    def rewritten(key: str, body: bytes) -> tuple[int, bytes, str]:
        source, target = tmp_path / "source", tmp_path / "target"
        target.unlink(missing_ok=True)
        source.write_bytes(body)
        done = rewriter.rewrite(key, source, target)
        if done is None:
            return 0, body, ""
        return done.rows, target.read_bytes() if target.exists() else b"", done.action

    return rewritten


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_loses_records_by_id_or_address_in_any_encoding(rewrite, encoding):
    kept = HEAD + '13;12;"ünd ""12""\nmore";bo@example.com\r\n'
    text = kept + '12;1;"two\nlines";\n' + "14;1;x;ANN@example.com\n"
    rows, body, action = rewrite("uploads/a.csv", text.encode(encoding))
    assert (rows, action) == (2, "rewritten")
    assert body == kept.encode(encoding)


def test_a_packed_table_stays_packed(rewrite):
    rows, body, _ = rewrite("uploads/a.csv.gz", gzip.compress((HEAD + "12;1;;\n13;1;;\n").encode()))
    assert (rows, gzip.decompress(body).decode()) == (1, HEAD + "13;1;;\n")


def test_a_ledger_loses_lines_by_key(rewrite):
    lines = f"{KEY},d,,12\n{OTHER},d,,13\n"
    key = "tenants/a/destinations/webhook/ledger/base.csv.gz"
    rows, body, _ = rewrite(key, gzip.compress(lines.encode()))
    assert (rows, gzip.decompress(body).decode()) == (1, f"{OTHER},d,,13\n")


def test_rejected_rows_go_by_a_cell_of_the_row(rewrite):
    file = io.StringIO()
    rows = [["line", "row"], ["12", "13;1;never"], ["14", "12;1;never"]]
    csv.writer(file).writerows(rows)
    removed, body, _ = rewrite("tenants/a/runs/r/rejects.csv.gz", gzip.compress(
        file.getvalue().encode()))  # fmt: skip
    assert removed == 1
    assert b"13;1;never" in gzip.decompress(body)


@pytest.mark.parametrize("compression", ["zstd", "snappy", "none"])
def test_parquet_loses_rows_and_keeps_groups_types_and_compression(rewrite, tmp_path, compression):
    table = pa.table(
        {
            "customer_key": [OTHER] * 3 + [KEY] * 2 + [OTHER],
            "n": pa.array([1, 2, 3, 4, 5, 6], pa.int16()),
        }
    )
    path = tmp_path / "in"
    pq.write_table(table, path, row_group_size=2, compression=compression)
    rows, body, _ = rewrite("tenants/a/profiles/p.parquet", path.read_bytes())
    after = pq.ParquetFile(io.BytesIO(body))
    assert rows == 2
    assert after.read().column("n").to_pylist() == [1, 2, 3, 6]
    assert after.schema_arrow.field("n").type == pa.int16()
    named = {"none": "UNCOMPRESSED"}.get(compression, compression.upper())
    assert after.metadata.row_group(0).column(0).compression == named


def test_parquet_of_others_goes_by_ids_as_numbers_and_by_addresses(rewrite, tmp_path):
    table = pa.table(
        {"customer_id": [12, 13, 14], "pieces": [1, 12, 1], "mail": [None, "x", "Ann@Example.com"]}
    )
    pq.write_table(table, tmp_path / "in")
    rows, body, _ = rewrite("tenants/a/raw/x/1.parquet", (tmp_path / "in").read_bytes())
    assert rows == 2
    assert pq.read_table(io.BytesIO(body)).column("customer_id").to_pylist() == [13]


@pytest.mark.parametrize(
    "key", ["uploads/a.parquet", "tenants/a/raw/x/1.parquet", "tenants/a/crm/deals/1.parquet"]
)
@pytest.mark.parametrize("more", [{}, {"pieces": [1, 12, 1]}])
def test_a_customer_key_of_others_is_the_shops_own_id(rewrite, tmp_path, key, more):
    pq.write_table(pa.table({"customer_key": ["12", "13", KEY], **more}), tmp_path / "in")
    rows, body, _ = rewrite(key, (tmp_path / "in").read_bytes())
    assert rows == 2
    assert pq.read_table(io.BytesIO(body)).column("customer_key").to_pylist() == ["13"]


@pytest.mark.parametrize(
    ("theirs", "other"),
    [
        ("Ann <ANN@example.com>, at noon", "joann@example.com"),
        ("caf\\u00e9 ann\\u0040example.com", "ann@example.com.au"),
        (f"seen {KEY} twice", f"seen {OTHER} twice"),
        (b"mail ann@example.com", b"\xff\xfe 12"),
        (["x", "ann@example.com"], ["x"]),
        ({"customer_id": 12, "n": 1}, {"customer_id": 13, "n": 12}),
        ([{"to": {"email": "ann@example.com"}}], [{"to": {"email": "bo@example.com"}}]),
    ],
)
def test_parquet_goes_by_what_is_inside_a_cell(rewrite, tmp_path, theirs, other):
    table = pa.table({"n": [1, 2, 3, 4], "note": [other, theirs, None, other]})
    pq.write_table(table, tmp_path / "in", row_group_size=3)
    rows, body, _ = rewrite("uploads/a.parquet", (tmp_path / "in").read_bytes())
    assert rows == 1
    assert pq.read_table(io.BytesIO(body)).column("n").to_pylist() == [1, 3, 4]


def test_two_columns_of_one_name_are_both_searched(rewrite, tmp_path):
    columns = [pa.array([12, 13, 14]), pa.array([1, 1, 12]), pa.array(["x", "y", "z"])]
    table = pa.Table.from_arrays(columns, ["customer_id", "customer_id", "x"])
    pq.write_table(table, tmp_path / "in")
    rows, body, _ = rewrite("uploads/a.parquet", (tmp_path / "in").read_bytes())
    assert rows == 2
    assert pq.ParquetFile(io.BytesIO(body)).read().column(2).to_pylist() == ["y"]


def test_what_has_no_rows_is_deleted_as_a_whole(rewrite):
    assert rewrite("uploads/a.bin", b"x ann@example.com y") == (1, b"", "deleted")
    assert rewrite("uploads/a.bin", b"x joann@example.com y")[0] == 0


@given(
    st.lists(st.tuples(st.sampled_from(["12", "13", "120", ""]), st.text('a12;"\n ,', max_size=8)))
)
def test_others_stay_byte_for_byte(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("text")
    lines = []
    for name, note in rows:
        file = io.StringIO()
        csv.writer(file, delimiter=";", lineterminator="\n").writerow([name, "1", note, "x"])
        lines.append((name, file.getvalue()))
    source, target = folder / "source", folder / "target"
    source.write_bytes((HEAD + "".join(line for _, line in lines)).encode())
    rewriter = Rewriter(Needles.of([ANN]), headers=HEADERS, settings=RunSettings())
    done = rewriter.rewrite("uploads/a.csv", source, target)
    gone = sum(name == "12" for name, _ in lines)
    assert (done.rows if done else 0) == gone
    if gone:
        assert target.read_text() == HEAD + "".join(line for name, line in lines if name != "12")


def packed_orders() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"customer_id": [12, 13] * 99}), file, compression="none")
    return file.getvalue()


def archive_with_a_password() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "ann")
    body = bytearray(file.getvalue())
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("uploads/a.zip", archive_with_a_password()),
        ("uploads/a.parquet", packed_orders()[:-9]),
        ("uploads/a.parquet", b"PAR1" + bytes(60) + packed_orders()[64:]),
        ("uploads/a.parquet.gz", gzip.compress(packed_orders())),
        ("uploads/a.csv.gz", gzip.compress(HEAD.encode() * 9)[:-12]),
        ("uploads/a.orc", b"ORC" + bytes(60)),
        ("uploads/a.avro", b"Obj\x01" + bytes(60)),
        ("uploads/a.csv", b"\x28\xb5\x2f\xfd" + bytes(60)),
        ("uploads/a.csv.zst", b"\x28\xb5\x2f\xfd" + bytes(60)),
    ],
)
def test_a_file_that_hides_who_is_in_it_is_not_clean(rewrite, key, body):
    assert rewrite(key, body)[2] == "unread"


def test_parquet_by_another_name_is_parquet(rewrite):
    rows, body, _ = rewrite("uploads/part-00000", packed_orders())
    assert (rows, pq.read_table(io.BytesIO(body)).num_rows) == (99, 99)
