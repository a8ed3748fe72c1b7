"""What makes a run wait: moves between segments that neither customers nor time explain."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from tessera.errors import InvalidInput
from tessera.records.codec import encode
from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.movement import Breaker, Move, Movement
from tessera.segments.movement.breaker import BreakerLimits, GuardedChanges, check_limit, verdict
from tessera.segments.movement.record import movement_record
from tests.segments.movement.constructed import NOBODY, compare


def mixed():
    """Ten customers: three moved by thresholds, one by time, one left by a correction."""
    still, slid = [(90, 1, 5)] * 5, [(28, 1, 5)]
    return compare(
        then=[(25, 1, 5)] * 3 + slid + still + [(5, 1, 5)],
        corrected=[(25, 1, 5)] * 3 + slid + still + [NOBODY],
        aged_to=[(25, 1, 5)] * 3 + [(35, 1, 5)] + still + [NOBODY],
        now=[(25, 1, 5)] * 3 + [(35, 1, 5)] + still + [NOBODY],
        is_=20,
    )


TODAY = dt.date(2026, 5, 1)
BEFORE = RunOfDay(run_id="r0", as_of=dt.date(2026, 4, 30))


def judge(record: Movement, *, limit: float) -> Breaker:
    """Judge a movement since yesterday."""
    limits = BreakerLimits(share=limit, days=92)
    return verdict(GuardedChanges(movement=record), previous=BEFORE, as_of=TODAY, limits=limits)


def test_the_breaker_waits_above_its_limit_and_says_why():
    record = movement_record(mixed())
    breaker = judge(record, limit=0.3)
    assert breaker.waits
    assert (breaker.share, breaker.changed, breaker.customers) == (0.4, 4, 10)
    assert breaker.reason == (
        "Activation waits for an approval: 4 of 10 customers (40.0 %) would change segment for "
        "other causes than their own behaviour or time, more than the limit of 30 %. 1 because "
        "the history before the previous run was corrected, 3 because other customers moved the "
        "thresholds. The largest moves: Recent to Away, 3 customers; gone from Recent, 1 customer."
    )
    assert json.loads(json.dumps(encode(breaker)))["movements"][0]["customers"] == 3


def test_the_breaker_lets_a_run_pass_at_its_limit():
    breaker = judge(movement_record(mixed()), limit=0.4)
    assert not breaker.waits
    assert breaker.reason.endswith("which is within the limit of 40 %.")


def test_the_breaker_is_off_at_one_and_silent_on_a_first_run():
    everyone = compare(then=[(25, 1, 5)], now=[(25, 1, 5)], is_=20)
    assert not judge(movement_record(everyone), limit=1).waits
    assert judge(movement_record(everyone), limit=0.99).waits
    assert not verdict(
        None, previous=None, as_of=TODAY, limits=BreakerLimits(share=0, days=1)
    ).waits


def test_a_share_that_floats_write_badly_is_still_within_its_limit():
    move = Move(source="Away", to="Recent", cause="definition_changed", customers=29)
    hundred = dataclasses.replace(movement_record(mixed()), customers=100, moves=(move,))
    assert not judge(hundred, limit=0.29).waits
    assert judge(hundred, limit=0.28).waits


def test_newcomers_by_late_data_are_named_as_such():
    moves = compare(then=[NOBODY], corrected=[(5, 1, 5)], now=[(5, 1, 5)])
    assert "new in Recent, 1 customer." in judge(movement_record(moves), limit=0).reason


@pytest.mark.parametrize("limit", [-0.1, 1.1, float("nan")])
def test_a_limit_is_a_share(limit):
    with pytest.raises(InvalidInput, match="from 0 to 1"):
        check_limit(limit)


def test_nobody_at_all():
    moves = compare(then=[], now=[])
    record = movement_record(moves)
    assert record.customers == 0
    assert not judge(record, limit=0).waits
