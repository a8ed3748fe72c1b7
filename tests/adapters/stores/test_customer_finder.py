"""The search for a customer by id or address, in an index that Prepare writes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from adapters.aws.objects import Objects
from adapters.engines.duckdb.search_index import write_search_index
from adapters.engines.duckdb.session import connect
from adapters.stores import customer_finder
from adapters.stores.customer_finder import MOST, CustomerFinder
from adapters.stores.upload_history import UploadHistory
from adapters.tables.parquet import arrow_schema, write_table
from tessera.contracts.tables import IDENTITIES, SEARCH_INDEX
from tessera.naming import FOLDER_COMPLETE, identities_prefix

PEOPLE = {
    "k1": ("C-1", "Ann@Example.com"),
    "k2": ("c-1", "+49 (170) 123-4567"),
    "k3": ("17850", None),
    "k4": ("four", "1-78.50"),  # the digits are another customer's id
    "k5": ("five", "ÄRGER@example.com"),
}
LARGE = 3 * SEARCH_INDEX.rows_per_group


class People:
    """The identities of some tenants, each upload with its index."""

    def __init__(self, buckets: tuple[Objects, Objects], folder: Any) -> None:
        self.data, self.identities = buckets
        self._folder = folder

    def add(self, tenant: str, upload: str, people: dict[str, tuple[str, str | None]]) -> str:
        """Store identities and their index. Return the index's folder."""
        key = f"{identities_prefix(tenant, upload)}content=x/part-00000.parquet"
        empty = dict.fromkeys(IDENTITIES.names) | {"last_seen_at": 0}
        rows = [
            empty | {"customer_key": each, "customer_id": one, "address": address}
            for each, (one, address) in people.items()
        ]
        file = self._folder / "identities.parquet"
        write_table(file, pa.Table.from_pylist(rows, schema=arrow_schema(IDENTITIES)), IDENTITIES)
        self.identities.upload(file, key)
        index = self._folder / "index.parquet"
        with connect(self._folder, memory_limit_mb=256) as connection:
            write_search_index(connection, [file], index, tenant=tenant)
        history = UploadHistory(self.data, self.identities, tenant=tenant)
        folder = history.index_folder(key)
        self.identities.upload(index, f"{folder}part-00000.parquet")
        self.identities.write_json(folder + FOLDER_COMPLETE, {})
        return folder

    def finder(self) -> CustomerFinder:
        return CustomerFinder(self.data, self.identities)


@pytest.fixture
def people(buckets, tmp_path) -> People:
    return People(buckets, tmp_path)


@pytest.fixture
def finder(people) -> CustomerFinder:
    for tenant, upload in (("acme", "1" * 16), ("acme", "2" * 16), ("zenith", "3" * 16)):
        people.add(tenant, upload, {f"{tenant}-{key}": person for key, person in PEOPLE.items()})
    return people.finder()


@pytest.mark.parametrize(
    ("term", "keys"),
    [
        ("C-1", ("acme-k1",)),
        (" 17850 ", ("acme-k3",)),
        ("178-50", ("acme-k4",)),
        ("1-78.50", ("acme-k4",)),
        ("ann@example.com", ("acme-k1",)),
        ("ärger@EXAMPLE.com", ("acme-k5",)),
        ("+491701234567", ("acme-k2",)),
        ("+49 170 1234567", ("acme-k2",)),
        ("1785", ()),
        ("example.com", ()),
        ("acme-k1", ()),
        ("", ()),
        ("%", ()),
    ],
)
def test_an_id_or_address_is_matched_whole_and_in_its_tenant(finder, term, keys):
    assert finder.find("acme", term) == keys


def test_a_tenant_without_uploads_has_nobody(finder):
    assert finder.find("empty", "17850") == ()


def test_one_address_of_many_has_the_first_of_their_keys(people):
    people.add(
        "acme", "1" * 16, {f"k{n:02}": (f"c{n}", "all@example.com") for n in range(MOST + 5)}
    )
    assert people.finder().find("acme", "all@example.com") == tuple(f"k{n:02}" for n in range(MOST))


def test_identities_without_an_index_are_no_empty_answer(people, finder):
    folder = people.add("acme", "4" * 16, {"k9": ("C-9", None)})
    assert finder.find("acme", "C-9") == ("k9",)
    people.identities.delete([folder + FOLDER_COMPLETE])
    assert finder.find("acme", "C-9") is None
    assert finder.find("acme", "C-1") is None, "an answer would be of some uploads only"
    assert finder.find("zenith", "C-1") == ("zenith-k1",)


def test_an_index_of_removed_identities_does_not_count(people, finder):
    people.identities.delete([*people.identities.keys(identities_prefix("acme", "1" * 16))])
    people.identities.delete([*people.identities.keys(identities_prefix("acme", "2" * 16))])
    assert finder.find("acme", "C-1") == ()


def test_a_search_in_a_large_index_reads_a_small_part_of_it(people, monkeypatch):
    many = {f"key-{n:06}": (f"C-{n}", f"p{n}@example.com") for n in range(LARGE)}
    folder = people.add("acme", "1" * 16, many)
    [size] = [
        size for key, size in people.identities.sizes(folder).items() if key.endswith(".parquet")
    ]
    monkeypatch.setattr(customer_finder, "_WHOLE_BYTES", size - 1)
    read: list[int] = []
    read_range = Objects.read_range

    def counted(self, key, start, length, **options):
        read.append(length)
        return read_range(self, key, start, length, **options)

    monkeypatch.setattr(Objects, "read_range", counted)
    finder = people.finder()
    for number in (0, LARGE // 2, LARGE - 1):
        read.clear()
        assert finder.find("acme", f"C-{number}") == (f"key-{number:06}",)
        assert finder.find("acme", f"P{number}@example.com") == (f"key-{number:06}",)
        assert sum(read) < size
    read.clear()
    assert finder.find("acme", "nobody@example.com") == ()
    assert sum(read) < size / 4
    assert len(read) == 2, "one column of one row group for each mark"
