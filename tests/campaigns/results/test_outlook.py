"""What a campaign could show before it is sent."""

from __future__ import annotations

import dataclasses

import pytest

from tessera.campaigns.results.outlook import LIFTS, SHARES, OutlookTerms, outlook

ONCE = OutlookTerms(people=20_000, is_weekly=False, conversion=0.05, lift=0.2, result_days=28)
WEEKLY = dataclasses.replace(ONCE, people=2_000, is_weekly=True)


def made(terms):
    return outlook(terms, conversion_from="given")


def test_a_larger_holdout_shows_a_smaller_effect_with_fewer_people():
    rows = made(ONCE).rows
    assert [row.detectable_lift for row in rows] == sorted(
        (row.detectable_lift for row in rows), reverse=True
    )
    for row in rows:
        assert [cell.lift for cell in row.cells] == list(LIFTS)
        people = [cell.people for cell in row.cells]
        assert people == sorted(people, reverse=True)


def test_a_chosen_holdout_stands_among_the_usual_ones():
    shares = [row.share for row in made(dataclasses.replace(ONCE, holdout=0.15)).rows]
    assert shares == sorted({*SHARES, 0.15})
    assert made(dataclasses.replace(ONCE, holdout=0.1)) == made(ONCE)


def test_one_campaign_knows_after_its_days_what_its_people_can_show_and_nothing_else():
    for row in made(ONCE).rows:
        for cell in row.cells:
            assert cell.weeks == (4.0 if cell.lift >= row.detectable_lift else None)


def test_with_people_every_week_an_effect_is_known_some_week():
    (cell,) = (one for one in made(WEEKLY).rows[-1].cells if one.lift == 0.5)
    assert cell.weeks == pytest.approx(cell.people / 2_000 + 4, rel=0.1)
    assert made(WEEKLY).inference == "always_valid"
    assert made(ONCE).inference == "fixed_horizon"


def test_within_a_year_counts_whose_days_of_result_are_over_by_then():
    late = dataclasses.replace(WEEKLY, result_days=7 * 26)
    for row in made(late).rows:
        assert row.detectable_lift > made(WEEKLY).rows[-1].detectable_lift
        for cell in row.cells:
            # People are rounded upwards, by a tenth at most.
            if cell.lift >= row.detectable_lift:
                assert cell.weeks <= 52.01
            else:
                assert cell.weeks > 51.9
    nobody = made(dataclasses.replace(WEEKLY, result_days=365))
    assert (nobody.smallest_share, nobody.rows[0].detectable_lift > 19) == (None, True)


def test_the_smallest_holdout_is_named_or_that_there_is_none():
    share = made(ONCE).smallest_share
    assert share is not None
    assert 0.2 < share < 0.5
    assert made(dataclasses.replace(ONCE, lift=0.01)).smallest_share is None
