"""All campaigns of a quarter are measured together, once, when the quarter is over."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.planning.choosing.quarters import Quarter
from tessera.campaigns.results.quarters import QuarterResults, measure_quarter, quarter_people
from tessera.records.codec import decode, encode
from tests.campaigns.results.made import EPOCH, PLANNED, Person, assigned, group, orders_of
from tests.campaigns.results.made import purchases as rows_of

QUARTER = Quarter(2026, 4)
LEFT = (QUARTER.end - EPOCH).days - PLANNED  # days of the quarter from the first run on
SETTINGS = CampaignSettings(global_holdout=0.05, margin_rate=0.5)  # changed since the plans


def people_of(*, treated=160, held=20):
    taken = group(800, treated, prefix="t", held_out=False)
    globally = group(200, held, prefix="g", held_out=True)
    return taken, globally


def measured(taken, globally, rows, *, today=QUARTER.end, known=True, shares=(0.2, 0.2)):
    people = quarter_people([assigned(*taken)], [assigned(*globally)], quarter=QUARTER)
    purchases = rows_of(*rows) if known else None
    return measure_quarter(
        people, purchases, quarter=QUARTER, campaigns=["win-back", "news"], today=today,
        shares=shares, settings=SETTINGS,
    )  # fmt: skip


def test_all_campaigns_are_compared_with_the_people_that_none_wrote_to():
    taken, globally = people_of()
    made = measured(taken, globally, orders_of([*taken, *globally]))
    effect = made.effect.conversion
    assert (effect.treated, effect.held_out) == (800, 200)
    assert effect.difference == pytest.approx(0.1)
    assert effect.verdict == "more"
    assert made.words.startswith("More buyers")
    assert [one.figure for one in made.promised] == ["reactivation", "upsell", "churn"]
    assert made.campaigns == ("news", "win-back")
    assert decode(QuarterResults, encode(made), document="quarter") == made


def test_before_the_quarter_is_over_nothing_is_looked_at():
    taken, globally = people_of()
    made = measured(taken, globally, [], today=QUARTER.end - dt.timedelta(days=1), known=False)
    assert (made.effect, made.promised) == (None, ())
    assert made.words == "The quarter's result is known on 2027-01-01."
    early = measured(taken, globally, [], today=QUARTER.end - dt.timedelta(days=1))
    assert early.effect is None


def test_people_held_out_by_a_campaign_alone_are_among_the_treated():
    _, globally = people_of()
    own = group(800, 160, prefix="t", held_out=True)
    assert measured(own, globally, orders_of(own)).effect.conversion.treated == 800


def test_only_the_quarters_own_days_count():
    taken, globally = people_of(treated=0, held=0)
    rows = [(taken[0].name, LEFT - 1, 10.0), (taken[1].name, LEFT, 10.0)]
    assert measured(taken, globally, rows).effect.conversion.treated_buyers == 1
    later = Person("later", day=LEFT)
    people = quarter_people([assigned(*taken, later)], [assigned(*globally)], quarter=QUARTER)
    assert len(people) == 1000


def test_a_holdout_of_the_wrong_size_withholds_the_verdict():
    taken, globally = people_of()
    made = measured(taken, globally[:100], orders_of(taken))
    assert made.sizes.is_mismatch
    assert made.effect.conversion.verdict == "withheld"


@pytest.mark.parametrize(
    ("shares", "says"), [((0.2, 0.05), "(5 %, 20 %)"), ((0.2, None), "an earlier version")]
)
def test_a_quarter_is_not_judged_by_a_share_that_not_all_of_its_runs_had(shares, says):
    taken, globally = people_of()
    made = measured(taken, globally, orders_of(taken), shares=shares)
    assert made.sizes.is_mismatch
    assert made.effect.conversion.verdict == "withheld"
    assert {one.verdict for one in made.promised} == {"withheld"}
    assert says in made.words


def test_a_setting_that_was_changed_since_does_not_judge_a_quarter():
    taken, globally = people_of()
    made = measured(taken, globally, orders_of(taken))
    assert (made.sizes.expected_share, made.sizes.is_mismatch) == (0.2, False)


def test_people_whose_purchases_cannot_be_seen_do_not_count_in_a_quarter():
    taken, globally = people_of()
    strangers = [Person(f"s{n}", customer="") for n in range(12)]
    made = measured([*taken, *strangers], globally, orders_of([*taken, *globally]))
    assert made.effect.conversion.treated == 800
    assert "12 people do not count" in made.words
