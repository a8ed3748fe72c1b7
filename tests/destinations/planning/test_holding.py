"""A plan that takes too much away waits for a decision. A dry run is always held."""

from __future__ import annotations

import pytest

from tessera.destinations.planning.holding import held
from tessera.records.loads.load import PlanCounts


def _held(exits: int, known: int, *, limit: float = 0.25, dry_run: bool = False) -> str:
    return held(PlanCounts(exits=exits, known=known), exit_limit=limit, dry_run=dry_run)


@pytest.mark.parametrize(("exits", "known", "limit"), [
    (0, 0, 0.25), (20, 20, 0.25), (25, 100, 0.25), (1000, 1000, 1.0), (0, 1000, 0.0),
])  # fmt: skip
def test_what_the_limit_allows_is_sent(exits, known, limit):
    assert _held(exits, known, limit=limit) == ""


def test_more_than_the_limit_waits_and_says_what_to_do():
    text = _held(3_001, 4_338)
    assert text.startswith("Held: 3,001 of 4,338 customers (69%)")
    for word in ("upload it", "exit_limit", 'exits = "keep"'):
        assert word in text


def test_a_dry_run_sends_nothing_however_little_there_is():
    assert "dry_run" in _held(0, 0, dry_run=True)
