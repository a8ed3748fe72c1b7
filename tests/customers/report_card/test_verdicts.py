"""What may be published: figures, ranks, or nothing, and why."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.report_card.verdicts import (
    RIGHT_CHANCE,
    RIGHT_TOTAL,
    Tried,
    judge,
    mean_off,
    rivals,
    total_off,
    untested,
)

CUSTOMERS = 800
RANDOM = np.random.default_rng(9)
TRUTH = RANDOM.gamma(0.7, 2.0, CUSTOMERS)
CAME = RANDOM.poisson(TRUTH).astype(float)
LUCK = RANDOM.uniform(0, 1, CUSTOMERS)
WORSE = -TRUTH


def tried(
    *,
    saves: float = 0.1,
    off_by: float | None = 0.0,
    score: np.ndarray = TRUTH,
    rival: np.ndarray = LUCK,
    noise: float = 0.5,
    most: float = RIGHT_TOTAL,
) -> Tried:
    """A forecast that loses so much less than one rule, and far less than another."""
    loss = np.ones(CUSTOMERS)
    gain = saves + noise * np.resize([1.0, -1.0], CUSTOMERS)
    return Tried(
        what="orders",
        loss=loss,
        naive={"same_rate": loss + gain, "silence": loss + 3.0},
        off_by=off_by,
        most=most,
        score=score,
        rivals={"past_orders": rival, "silence": LUCK},
        came=CAME,
    )


@pytest.mark.parametrize(
    ("case", "grade"),
    [
        (tried(), "full"),
        (tried(off_by=0.25), "full"),
        (tried(off_by=-0.25), "full"),
        (tried(off_by=0.26), "ranking"),
        (tried(off_by=-0.26), "ranking"),
        (tried(off_by=None), "ranking"),
        (tried(saves=0.02), "ranking"),  # 0.029 would be beyond chance
        (tried(saves=-0.1), "ranking"),
        (tried(saves=0.04), "full"),
        (tried(saves=0.02, score=LUCK), "none"),
        (tried(off_by=0.5, score=WORSE), "none"),
        (tried(saves=0.02, rival=CAME), "none"),  # better than one rule, and worse than another
        (tried(score=WORSE), "full"),  # figures that are proven need no ranking besides
        (tried(off_by=0.06, most=RIGHT_CHANCE), "ranking"),
        (tried(off_by=0.05, most=RIGHT_CHANCE), "full"),
    ],
)
def test_figures_need_skill_and_level_and_ranks_a_lead(case, grade):
    verdict = judge(case, days=91)
    assert verdict.grade == grade
    assert verdict.off_by == case.off_by
    assert set(verdict.savings) == {"same_rate", "silence"}
    assert set(verdict.leads) == {"past_orders", "silence"}


def test_one_reason_for_figures_against_the_rule_that_is_nearest():
    [reason] = judge(tried(), days=91).reasons
    assert reason == (
        "over 91 days that it had not seen, the forecast of orders is surely better than to assume "
        "that everybody keeps buying at the same rate: it saves 9.1 % of that rule's error (with "
        "95 % confidence at least +6.4 %)"
    )


def test_each_fault_is_a_reason():
    worse, level, ranks = judge(tried(saves=-0.1, off_by=-0.257), days=91).reasons
    assert "is not surely better than to assume that everybody keeps buying" in worse
    assert "it adds 11.1 % of that rule's error" in worse
    assert level == "the total of orders was off by \u221225.7 %, and 25 % is allowed"
    assert ranks == (
        "it ranks customers better than past orders would, so their order can be trusted"
    )


def test_reasons_say_what_a_ranking_lacks():
    def last(case: Tried) -> str:
        return judge(case, days=91).reasons[-1]

    assert last(tried(off_by=0.5, score=LUCK)) == (
        "it ranks customers no better than simple rules would"
    )
    assert last(tried(off_by=0.5, rival=CAME)) == (
        "it ranks customers by orders worse than past orders would"
    )


def test_levels_of_chances_are_points_and_nothing_is_no_level():
    chance = judge(tried(off_by=0.0521, most=RIGHT_CHANCE), days=30).reasons
    assert "orders was off by +5.2 points in the mean, and 5 are allowed" in chance
    nothing = judge(tried(off_by=None), days=30).reasons
    assert "nothing came after the cut, so the level of orders was not tested" in nothing


def test_levels_by_hand():
    assert total_off(np.array([3.0, 3]), np.array([4.0, 0])) == 0.5
    assert total_off(np.ones(2), np.zeros(2)) is None
    assert total_off(np.ones(2), np.array([1.0, -4])) is None  # refunds beyond all purchases
    assert mean_off(np.array([0.5, 0.7]), np.array([1.0, 0])) == pytest.approx(0.1)


def test_simple_rules_rank_the_silent_last():
    ranks = rivals(
        silence=np.array([5.0, 90]), past_orders=np.array([1.0, 3]), past_spend=np.array([9.0, 2])
    )
    assert {name: int(np.argmax(score)) for name, score in ranks.items()} == {
        "silence": 0, "past_orders": 1, "past_spend": 0,
    }  # fmt: skip


def test_what_was_not_tested_is_not_published():
    verdict = untested(("too few days",))
    assert (verdict.grade, verdict.reasons, verdict.off_by) == ("none", ("too few days",), None)
