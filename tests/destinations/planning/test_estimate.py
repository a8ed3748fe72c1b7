"""A plan says what it will take before anything is sent."""

from __future__ import annotations

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.planning.estimate import estimate
from tessera.records.loads.load_report import Estimate

PACED = Capabilities(requests=True, batch_items=100, requests_per_minute=60)


def test_batches_are_counted_to_the_last_customer():
    counts = {0: 0, 1: 1, 100: 1, 101: 2, 1_000_000: 10_000}
    assert {n: estimate(n, capabilities=PACED).requests for n in counts} == counts


def test_the_tenants_own_pace_counts_as_it_does_when_the_customers_are_sent():
    assert estimate(6_000, capabilities=PACED).minutes == 1.0
    assert estimate(6_000, capabilities=PACED, requests_per_minute=30).minutes == 2.0
    assert estimate(6_000, capabilities=PACED, requests_per_minute=600).minutes == 0.1


def test_without_a_pace_nobody_knows_how_long():
    unpaced = Capabilities(requests=True, batch_items=10)
    assert estimate(25, capabilities=unpaced) == Estimate(3, None)
    assert estimate(25, capabilities=unpaced, requests_per_minute=30) == Estimate(3, None)


def test_what_looks_after_a_batch_counts():
    watched = Capabilities(requests=True, batch_items=100, calls_a_batch=3, requests_per_minute=60)
    assert estimate(1_000, capabilities=watched) == Estimate(30, 0.5)


def test_files_need_no_request():
    assert estimate(25, capabilities=Capabilities(requests=False)) == Estimate(0, None)
