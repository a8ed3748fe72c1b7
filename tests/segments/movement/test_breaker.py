"""What makes a run wait beside its segments: its day, other sets' labels, and money."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from tessera.records.run_of_day import RunOfDay
from tessera.records.scoring.movement import Breaker, MoneyChanges, Movement, SetChanges
from tessera.segments.movement.breaker import BreakerLimits, GuardedChanges, verdict
from tessera.segments.movement.money import money_changes

STILL = Movement(
    customers=10, stayed=10, moved=0, entered=0, left=0, labels=("Recent",), matrix=((10,),),
    segments=(), causes=(), moves=(),
)  # fmt: skip
BEFORE = RunOfDay(run_id="r0", as_of=dt.date(2026, 1, 10))
LIMITS = BreakerLimits(share=0.3, days=92)


def judge(
    as_of: str = "2026-01-11",
    *,
    limits: BreakerLimits = LIMITS,
    sets: tuple[SetChanges, ...] = (),
    money: MoneyChanges | None = None,
) -> Breaker:
    changes = GuardedChanges(movement=STILL, sets=sets, money=money)
    day = dt.date.fromisoformat(as_of)
    return verdict(changes, previous=BEFORE, as_of=day, limits=limits)


@pytest.mark.parametrize("as_of", ["2026-01-10", "2026-04-12"])
def test_a_day_within_the_limit_does_not_wait(as_of):
    assert not judge(as_of).waits


def test_a_mistyped_day_far_ahead_waits_and_says_why():
    breaker = judge("2062-01-10")
    assert breaker.waits
    assert breaker.days == 13_149
    assert breaker.reason == (
        "Activation waits for an approval: this run describes 2062-01-10, 13,149 days after the "
        "previous run r0 (2026-01-10), more than the 92 of 'as_of_limit_days'. Every recency would "
        "grow by as much."
    )


def test_a_day_before_the_previous_run_waits_though_nothing_can_be_compared():
    breaker = verdict(None, previous=BEFORE, as_of=dt.date(2025, 1, 1), limits=LIMITS, why="later")
    assert breaker.waits
    assert "the previous run r0 describes 2026-01-10, a later day" in breaker.reason


@pytest.mark.parametrize("why", ["itself", "expired"])
def test_a_run_that_cannot_be_compared_says_so_and_not_that_it_is_the_first(why):
    breaker = verdict(None, previous=BEFORE, as_of=BEFORE.as_of, limits=LIMITS, why=why)
    assert not breaker.waits
    assert "There is no previous run" not in breaker.reason
    assert "r0" in breaker.reason
    first = verdict(None, previous=None, as_of=BEFORE.as_of, limits=LIMITS)
    assert first.reason == "There is no previous run to compare with, so nothing waits."


def test_an_expired_run_still_limits_the_day():
    day = dt.date(2062, 1, 1)
    assert verdict(None, previous=BEFORE, as_of=day, limits=LIMITS, why="expired").waits


def test_the_labels_of_any_set_make_a_run_wait():
    calm = SetChanges(name="churn_band", customers=10, changed=3)
    causes = {"time_passing": 5, "data_corrected": 1, "rule_changed": 3}
    turned = SetChanges(name="value_tier", customers=10, changed=4, causes=causes)
    assert not judge(sets=(calm,)).waits
    breaker = judge(sets=(calm, turned))
    assert breaker.waits
    assert "4 of 10 customers (40.0 %) would change their label in the set value_tier" in (
        breaker.reason
    )
    assert breaker.reason.endswith(
        "1 because the history before the previous run was corrected, 3 because the model, its "
        "thresholds or the settings changed."
    )
    assert "churn_band" not in breaker.reason


def test_everybodys_money_doubling_makes_a_run_wait_though_nobody_moves():
    money = MoneyChanges(customers=10, changed=10, before="100.00", after="200.00")
    breaker = judge(money=money)
    assert breaker.waits
    assert "the money of 10 of 10 customers (100.0 %) differs" in breaker.reason
    assert "100.00 in total then, 200.00 by today's history" in breaker.reason
    assert not judge(money=dataclasses.replace(money, changed=3)).waits


def test_all_reasons_are_given():
    money = MoneyChanges(customers=10, changed=10, before="100.00", after="200.00")
    sets = (SetChanges(name="value_tier", customers=10, changed=4),)
    reason = judge("2062-01-10", sets=sets, money=money).reason
    for part in ("as_of_limit_days", "value_tier", "200.00"):
        assert part in reason


def test_a_limit_of_one_switches_everything_off():
    money = MoneyChanges(customers=10, changed=10, before="100.00", after="200.00")
    off = BreakerLimits(share=1.0, days=1)
    assert not judge("2062-01-10", limits=off, money=money).waits


def test_money_changes_beyond_a_hundredth_count():
    changes = money_changes(
        np.array([10_000, 10_000, 10_000, 0, 5_000]),
        corrected=np.array([1_010_000, 1_011_000, 2_000_000, 100, 0]),
        known=np.array([True, True, True, True, False]),
    )
    assert changes == MoneyChanges(customers=4, changed=3, before="300.00", after="402.11")
