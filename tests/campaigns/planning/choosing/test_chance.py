"""Draws by keyed hash: the shares that were asked for, and each apart from the others."""

from __future__ import annotations

from tessera.campaigns.planning.choosing.chance import campaign_draws, global_draws
from tessera.campaigns.planning.known import keys_of
from tests.campaigns.planning.made import KEY_OF

MANY = keys_of(KEY_OF(f"{number}@mail.example") for number in range(20_000))


def test_shares_are_met_within_chance_and_variants_do_not_depend_on_the_holdout():
    draws = campaign_draws(MANY, salt="win-back")
    held = draws.holdout < 0.1
    assert abs(held.mean() - 0.1) < 4 * (0.1 * 0.9 / len(MANY)) ** 0.5
    first = draws.variant < 0.3
    assert abs(first[held].mean() - first[~held].mean()) < 4 * (0.21 / held.sum()) ** 0.5
    assert 0 <= draws.holdout.min() < draws.holdout.max() < 1


def test_another_salt_holds_others_out_and_a_larger_share_holds_the_same_and_more():
    first, second = (campaign_draws(MANY, salt=salt).holdout for salt in ("a", "b"))
    both = ((first < 0.1) & (second < 0.1)).mean()
    assert abs(both - 0.01) < 0.003
    assert not ((first < 0.1) & ~(first < 0.2)).any()
    same = global_draws(MANY, salt="a")
    assert abs(((first < 0.1) & (same < 0.1)).mean() - 0.01) < 0.003
