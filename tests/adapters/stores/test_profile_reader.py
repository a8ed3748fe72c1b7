"""Profiles by key, in pages, with a bound on what one page reads."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adapters.stores.profile_reader import ProfileReader

FILES = (("aa", "ab", "ba"), ("ca", "cb", "cc", "da"))
LABELS = {key: "odd" if place % 2 else "even" for place, key in enumerate(sum(FILES, ()))}


class Files:
    """Parquet files in memory, two rows a group. It counts what is read."""

    def __init__(self) -> None:
        self.objects = {}
        for place, keys in enumerate(FILES):
            labels = [LABELS[key] for key in keys]
            sets = [json.dumps({"tier": f'{one} "one"', "x": one}) for one in labels]
            table = pa.table({"customer_key": keys, "segment": labels, "labels": sets})
            file = io.BytesIO()
            pq.write_table(table, file, row_group_size=2)
            self.objects[f"p/part-{place}.parquet"] = file.getvalue()
        self.objects["p/_SUCCESS"] = b""

    def sizes(self, prefix):
        return {key: len(data) for key, data in self.objects.items() if key.startswith(prefix)}

    def read_range(self, key, start, size, *, version_id=None):
        return self.objects[key][start : start + size]


@pytest.fixture
def reader():
    return ProfileReader(Files())


def keys(page):
    return [row["customer_key"] for row in page.rows]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 9])
def test_pages_of_any_size_are_everybody_once_in_order(reader, limit):
    after, read = "", []
    while after is not None:
        page = reader.page("p/", after=after, where={}, limit=limit)
        read += keys(page)
        after = page.after
    assert read == list(LABELS)


def test_only_matching_rows_are_returned(reader):
    page = reader.page("p/", where={"segment": "odd"}, limit=9)
    assert keys(page) == [key for key, label in LABELS.items() if label == "odd"]
    inside = reader.page("p/", where={"labels.x": "odd"}, limit=9)
    assert keys(inside) == keys(page)
    assert reader.page("p/", where={"labels.tier": "odd"}, limit=9).rows == []
    assert keys(reader.page("p/", where={"labels.tier": 'odd "one"'}, limit=9)) == keys(page)


def test_a_page_ends_after_so_many_groups_and_the_next_one_goes_on(reader):
    reader = ProfileReader(Files(), most_groups=2)
    page = reader.page("p/", where={"segment": "nobody"}, limit=9)
    assert (page.rows, page.after) == ([], "ba")
    rest = reader.page("p/", after="ba", where={"segment": "odd"}, limit=9)
    assert (keys(rest), rest.after) == (["ca", "cc"], None)


def test_a_row_is_read_by_its_key(reader):
    for key, label in LABELS.items():
        assert reader.row("p/", key)["segment"] == label
    for key in ("", "ac", "zz"):
        assert reader.row("p/", key) is None
    assert reader.row("elsewhere/", "aa") is None


def test_all_rows_are_read_by_column(reader):
    tables = list(reader.columns("p/", ["segment"]))
    assert pa.concat_tables(tables).column("segment").to_pylist() == list(LABELS.values())


def test_the_first_rows_of_values_have_the_columns_asked_for(reader):
    def first(among, most_groups=9):
        return reader.first_rows(
            "p/", ["segment", "category"], by="customer_key", among=among, most_groups=most_groups
        )

    rows = {
        key: {"customer_key": key, "segment": LABELS[key], "category": None} for key in ("ab", "da")
    }
    assert first(["ab", "da", "zz"]) == rows
    assert first(["ab", "da"], most_groups=1) == {"ab": rows["ab"]}
    assert first([]) == {}


def test_a_column_that_an_earlier_version_did_not_write_is_empty(reader):
    row = reader.row("p/", "cb", columns=["segment", "sessions"])
    assert row == {"segment": LABELS["cb"], "sessions": None}
    table = pa.concat_tables(reader.columns("p/", ["customer_key", "last_view_days"]))
    assert table.column("last_view_days").null_count == len(LABELS)


def test_all_rows_of_a_key_are_read_over_groups_and_files(monkeypatch):
    monkeypatch.setattr("tests.adapters.stores.test_profile_reader.FILES",
                        (("aa", "ab", "ab", "ab"), ("ab", "cc")))  # fmt: skip
    reader = ProfileReader(Files())
    assert [len(reader.rows("p/", key)) for key in ("aa", "ab", "cc", "zz")] == [1, 4, 1, 0]
    assert reader.rows("elsewhere/", "ab") == []
