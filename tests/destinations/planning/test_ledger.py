"""The ledger holds what was acknowledged, whenever a load broke off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.stores.ledger import Ledger
from tessera.destinations.planning import ledger
from tessera.destinations.planning.ledger import Entry

ids = st.text(st.sampled_from('aé,\\\n\r"\u2028'), max_size=6)
entries = st.dictionaries(
    st.text("abc", min_size=1, max_size=3), st.tuples(st.text("0123", max_size=4), ids)
)


def listed(stream: dict[str, tuple[str, str]]) -> list[Entry]:
    return [Entry(key, *rest) for key, rest in sorted(stream.items())]


@given(st.lists(entries, max_size=5))
def test_the_last_stream_wins(streams):
    expected: dict[str, tuple[str, str]] = {}
    for stream in streams:
        expected |= stream
    assert list(ledger.overlay([listed(stream) for stream in streams])) == listed(expected)


@given(entries)
def test_lines_are_read_as_they_were_written_whatever_a_shop_calls_its_customers(stream):
    lines = [ledger.to_line(entry) for entry in listed(stream)]
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in lines)
    assert list(ledger.from_lines(lines)) == listed(stream)


def some(**digests: str) -> list[Entry]:
    return [Entry(key, digest, f"C {key}") for key, digest in sorted(digests.items())]


def read(store: Ledger) -> dict[str, str]:
    with store.folded() as entries:
        return {entry.key: entry.digest for entry in entries}


def test_the_journal_is_folded_once_in_the_order_of_runs(buckets):
    _, identities = buckets
    store = Ledger(identities, tenant="default", destination="fax")
    assert read(store) == {}
    store.acknowledge(some(a="2", c="2"), started_at="2026-05-02T00:00:00Z", name="r2-0")
    store.acknowledge(some(a="1", b="1"), started_at="2026-05-01T00:00:00Z", name="r1-0")
    assert read(store) == {"a": "2", "b": "1", "c": "2"}
    keys = list(identities.keys(""))
    assert keys == ["tenants/default/destinations/fax/ledger/base.csv.gz"]
    store.acknowledge(some(b="3"), started_at="2026-05-03T00:00:00Z", name="r3-0")
    assert read(store) == {"a": "2", "b": "3", "c": "2"}


def test_the_same_acknowledgement_twice_is_one(buckets):
    _, identities = buckets
    store = Ledger(identities, tenant="default", destination="fax")
    for _ in range(2):
        store.acknowledge(some(a="1"), started_at="2026-05-01T00:00:00Z", name="r1-0")
    assert len(list(identities.keys(""))) == 1


def test_destinations_and_tenants_have_ledgers_of_their_own(buckets):
    _, identities = buckets
    ours = Ledger(identities, tenant="default", destination="fax")
    ours.acknowledge(some(a="1"), started_at="2026-05-01T00:00:00Z", name="r1-0")
    assert read(Ledger(identities, tenant="other", destination="fax")) == {}
    assert read(Ledger(identities, tenant="default", destination="telex")) == {}


def test_nothing_counts_that_was_recorded_before_the_target_was_created_again(buckets):
    _, identities = buckets
    store = Ledger(identities, tenant="default", destination="fax")
    store.acknowledge(some(a="1"), started_at="2026-05-01T00:00:00Z", name="r1-00000")
    assert read(store) == {"a": "1"}  # folded into the base
    store.acknowledge(some(b="1"), started_at="2026-05-02T00:00:00Z", name="r2-00000")
    store.acknowledge(some(c="3"), started_at="2026-05-03T00:00:00Z", name="r3-00000")
    store.forget(started_at="2026-05-03T00:00:00Z", run_id="r3")
    assert read(store) == {"c": "3"}
    assert read(store) == {"c": "3"}
    assert list(identities.keys("")) == ["tenants/default/destinations/fax/ledger/base.csv.gz"]


def test_a_ledger_knows_its_target_once_it_is_bound(buckets):
    _, identities = buckets
    store = Ledger(identities, tenant="default", destination="fax")
    assert store.target() == ""
    store.bind("number 7")
    assert Ledger(identities, tenant="default", destination="fax").target() == "number 7"
    assert Ledger(identities, tenant="other", destination="fax").target() == ""
