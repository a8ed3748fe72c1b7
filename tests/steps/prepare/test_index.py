"""The search index that Prepare leaves beside identities."""

from __future__ import annotations

import pytest

from adapters.engines.duckdb.prepare import DuckDBPrepare
from adapters.stores.customer_finder import CustomerFinder
from tessera import naming
from tessera.contracts.tables import SEARCH_INDEX

HEADER = "CustomerID,Date,Amount,Address,ChannelType\n"
ANN = "ann,2026-01-10,10,ann@example.com,EMAIL\nann,2026-01-11,10,+49 170 1234567,SMS\n"
BO = "bo,2026-01-12,20,bo@example.com,EMAIL\n"
SEARCH = naming.search_prefix("default")


@pytest.fixture
def search(shop):
    """Return the ids of the customers that a term has."""

    def ids(term: str) -> list[str] | None:
        people = shop.rows(shop.identities, naming.identities_prefix("default"))
        id_of = {row["customer_key"]: row["customer_id"] for row in people}
        keys = CustomerFinder(shop.data, shop.identities).find("default", term)
        return None if keys is None else [id_of[key] for key in keys]

    return ids


def test_every_customer_can_be_searched_by_id_and_address(shop, search):
    shop.upload("one.csv", HEADER + ANN + BO)
    for term, customer in (
        ("ann", "ann"), ("ANN@example.com", "ann"), ("+49(170)1234567", "ann"), ("bo", "bo"),
    ):  # fmt: skip
        assert search(term) == [customer]
    assert search("cy") == []
    [complete] = [key for key in shop.identities.sizes(SEARCH) if not key.endswith(".parquet")]
    entries = len(shop.rows(shop.identities, SEARCH))
    assert shop.identities.read_json(complete) == {"entries": entries}
    assert entries == 6  # two ids, three addresses, of which one is a number too


def test_the_index_names_nobody_and_is_sorted(shop):
    shop.upload("one.csv", HEADER + ANN + BO)
    rows = shop.rows(shop.identities, SEARCH)
    assert {*rows[0]} == {*SEARCH_INDEX.names}
    assert [row["mark"] for row in rows] == sorted(row["mark"] for row in rows)
    stored = b"".join(shop.identities.read(key) for key in shop.identities.sizes(SEARCH))
    assert b"example" not in stored


def test_the_same_upload_gives_the_same_bytes(new_shop):
    one, other = new_shop(), new_shop()
    for shop, rows in ((one, ANN + BO), (other, BO + ANN)):
        shop.upload("one.csv", HEADER + rows)
    one, other = (
        [shop.identities.read(key) for key in shop.identities.sizes(SEARCH)]
        for shop in (one, other)
    )
    assert one == other


def test_a_replaced_upload_forgets_who_is_no_longer_in_it(shop, search):
    shop.upload("one.csv", HEADER + ANN + BO)
    shop.upload("two.csv", HEADER + BO)
    shop.upload("one.csv", HEADER + BO)
    assert search("ann") == []
    assert search("bo@example.com") == ["bo"]
    assert len({key.rpartition("/")[0] for key in shop.identities.sizes(SEARCH)}) == 2


def test_an_upload_of_a_run_that_failed_cannot_be_searched(shop, search):
    shop.upload("one.csv", HEADER + BO)
    before = shop.stored()
    shop.upload("one.csv", HEADER + ANN, ending="failed")
    assert shop.stored() == before
    assert search("ann") == []
    assert search("bo") == ["bo"]


def test_while_a_run_stores_an_upload_the_one_before_it_counts(shop, search):
    shop.upload("one.csv", HEADER + BO)
    shop.upload("one.csv", HEADER + ANN, ending="stopped")
    assert search("ann") == []
    assert search("bo") == ["bo"]


def test_identities_of_an_earlier_version_get_their_index_by_the_next_run(shop, search):
    shop.upload("one.csv", HEADER + ANN)
    shop.upload("two.csv", HEADER + BO)
    written = shop.stored()
    shop.identities.delete_prefix(SEARCH)
    assert search("bo") is None
    shop.run()
    assert search("bo") == ["bo"]
    assert shop.stored() == written


def test_an_index_that_was_written_half_is_written_again(shop, search, monkeypatch):
    def die(self, people, *, folder):
        self._workspace.identities.write(folder + "part-00007.parquet", b"half of it")
        raise OSError("the machine went away")

    with monkeypatch.context() as patched:
        patched.setattr(DuckDBPrepare, "index", die)
        with pytest.raises(OSError, match="went away"):
            shop.upload("one.csv", HEADER + ANN)
    shop.upload("one.csv", HEADER + ANN)
    assert search("ann") == ["ann"]
    assert not [key for key in shop.identities.sizes(SEARCH) if "00007" in key]
