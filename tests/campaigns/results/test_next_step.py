"""What to do next follows from the verdicts, and says why."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.campaigns.results.campaign_results import GroupSizes
from tessera.campaigns.results.effects import ConversionEffect, EffectEstimate, EffectSlice
from tessera.campaigns.results.next_step import next_step

SIZES = GroupSizes(people=2000, held_out=200, expected_share=0.1, p_value=1.0, is_mismatch=False)
LIFT = EffectEstimate(value=0.02, low=-0.2, high=0.3)
SMALL = EffectEstimate(value=0, low=-0.1, high=0.04)
EFFECT = ConversionEffect(
    treated=1800, held_out=200, treated_buyers=100, held_out_buyers=10, difference=0.005,
    low=-0.02, high=0.03, p_value=0.7, adjusted_p_value=0.7, verdict="inconclusive", lift=LIFT,
)  # fmt: skip


def slice_of(verdict="inconclusive", by="all", group="", **changes):
    conversion = dataclasses.replace(EFFECT, verdict=verdict, **changes)
    return EffectSlice(by=by, group=group, conversion=conversion, revenue=None, revenue_note="")


def step(*slices, sizes=SIZES, waiting=0):
    return next_step(slices, sizes=sizes, waiting=waiting, inference="fixed_horizon")


HIGH, LOW = (lambda verdict, name=name: slice_of(verdict, "churn_band", name)
             for name in ("High", "Low"))  # fmt: skip


@pytest.mark.parametrize(
    ("slices", "waiting", "expected", "groups", "says"),
    [
        ([slice_of("more"), HIGH("more")], 5, "go_on", ("High",), "clearest for those with churn"),
        ([slice_of("more"), HIGH("more"), LOW("less")], 0, "send_to_some", ("Low",), "fewer"),
        ([slice_of("less")], 5, "stop", (), "bought less often than the held out"),
        ([slice_of(), HIGH("more"), LOW("inconclusive")], 0, "send_to_some", ("High",), "worked"),
        ([slice_of()], 1, "wait", (), "1 person are not over"),
        (
            [slice_of(lift=EffectEstimate(value=0, low=-0.1, high=0.04))],
            0,
            "stop",
            (),
            "+4.0% fits",
        ),
        ([slice_of()], 0, "enlarge", (), "with about 170,000 people"),
        ([slice_of(held_out_buyers=0)], 0, "enlarge", (), "nobody of the held out has bought"),
        ([slice_of("more", "all"), slice_of("more", "variant", "a")], 0, "go_on", (), "wear off."),
    ],
)
def test_the_step_follows_from_the_verdicts(slices, waiting, expected, groups, says):
    made = step(*slices, waiting=waiting)
    assert (made.step, made.groups) == (expected, groups)
    assert says in made.words


def test_groups_that_are_not_alike_are_checked_first():
    sizes = dataclasses.replace(SIZES, is_mismatch=True)
    assert step(slice_of("withheld"), sizes=sizes, waiting=9).step == "check"


def test_half_held_out_cannot_be_enlarged():
    sizes = dataclasses.replace(SIZES, expected_share=0.5)
    assert "larger holdout" not in step(slice_of(), sizes=sizes).words
