"""What a campaign changed: verdicts by interval, in plain words, and withheld where needed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.effects import EffectSlice
from tessera.campaigns.results.measuring import measure
from tessera.records.codec import decode, encode
from tests.campaigns.made import document, schedule, variant
from tests.campaigns.results.made import (
    EPOCH,
    PLANNED,
    Person,
    assigned,
    group,
    orders_of,
    purchases,
)

TODAY = dt.date(2027, 1, 15)


def results(people: list[Person], *rows: tuple[str, int, float], **changes: Any) -> CampaignResults:
    changes = {"holdout": {"share": 0.5}} | changes
    definition = parse_definition(document(**changes))
    today = changes.pop("today", TODAY)
    return measure([assigned(*people)], purchases(*rows), definition=definition, today=today)


def slice_of(made: CampaignResults, by: str, name: str = "") -> EffectSlice:
    return next(one for one in made.slices if (one.by, one.group) == (by, name))


def two_groups(buyers: int, held_out_buyers: int, *, size: int = 1000, **more: str) -> list[Person]:
    band = more.get("band", "")
    return [
        *group(size, buyers, prefix=f"t{band}", held_out=False, **more),
        *group(size, held_out_buyers, prefix=f"h{band}", held_out=True, **more),
    ]


def test_a_clear_difference_is_named_with_its_interval():
    people = two_groups(150, 80)
    made = slice_of(results(people, *orders_of(people)), "all")
    effect = made.conversion
    assert (effect.treated, effect.held_out) == (1000, 1000)
    assert (effect.treated_buyers, effect.held_out_buyers) == (150, 80)
    assert effect.verdict == "more"
    assert effect.low is not None
    assert 0 < effect.low < 0.07 < effect.high
    assert effect.lift.value == pytest.approx(0.875)
    assert 0 < effect.lift.low < 0.875 < effect.lift.high
    assert made.words.startswith("More buyers among those who were written to: +7.00")


def test_fewer_buyers_are_named_as_such():
    people = two_groups(80, 150)
    assert slice_of(results(people, *orders_of(people)), "all").conversion.verdict == "less"


def test_what_chance_explains_is_inconclusive_and_says_how_many_people_it_would_take():
    people = two_groups(85, 80)
    made = slice_of(results(people, *orders_of(people)), "all")
    assert made.conversion.verdict == "inconclusive"
    assert made.words == (
        "Inconclusive: +0.50 points (-1.93 to +2.93) of buyers, which chance alone can give. "
        "To see a tenth more buyers takes about 37,000 people."
    )


@pytest.mark.parametrize("people", [[], [Person("ann")], [Person("bo", held_out=True)]])
def test_without_people_in_both_groups_nothing_is_known(people):
    made = slice_of(results(people), "all")
    assert (made.conversion.difference, made.conversion.verdict) == (None, "inconclusive")
    assert "no people in one of the two groups" in made.words


def test_revenue_is_compared_from_100_held_out_buyers_on():
    few = two_groups(150, 99)
    made = slice_of(results(few, *orders_of(few)), "all")
    assert made.revenue is None
    assert "from 100 buyers in each group on, and there are 99 held-out" in made.revenue_note
    enough = two_groups(150, 100)
    made = slice_of(results(enough, *orders_of(enough)), "all")
    assert made.revenue is not None
    assert made.revenue.difference == pytest.approx(0.5)
    assert made.revenue.incremental == pytest.approx(500)
    assert made.revenue.low < 0.5 < made.revenue.high


def test_a_large_holdout_does_not_stand_in_for_treated_buyers():
    people = [
        *group(100, 11, prefix="t", held_out=False),
        *group(900, 120, prefix="h", held_out=True),
    ]
    made = slice_of(results(people, *orders_of(people), holdout={"share": 0.9}), "all")
    assert (made.revenue, made.orders) == (None, None)
    assert "there are 11 treated ones" in made.revenue_note


def test_a_daily_result_begins_with_as_many_who_did_not_buy():
    daily = {"schedule": schedule(kind="daily"), "again_after_days": 1}
    people = two_groups(971, 940)
    made = slice_of(results(people, *orders_of(people), **daily), "all")
    assert (made.conversion.difference, made.conversion.lift) == (None, None)
    assert "29 and 60 others" in made.words
    people = two_groups(970, 940)
    made = slice_of(results(people, *orders_of(people), **daily), "all")
    assert made.conversion.difference is not None


def test_one_huge_order_does_not_decide_about_revenue_and_the_cut_is_named():
    people = two_groups(150, 100)
    huge = [(people[0].name, 3, 1e6)]
    made = slice_of(results(people, *orders_of(people), *huge), "all")
    assert made.revenue is not None
    assert made.revenue.treated_mean > 1000
    assert made.revenue.difference < 20
    assert (made.revenue.limited, made.revenue.limit) == (1, 10.0)
    assert "Revenue above 10.00 counts as this much, for 1 people" in made.revenue_note


def test_bands_are_compared_within_themselves_and_corrected_for_each_other():
    people = two_groups(120, 90, band="High") + two_groups(90, 90, band="Low")
    made = results(people, *orders_of(people))
    high = slice_of(made, "churn_band", "High").conversion
    assert 0.025 < high.p_value < 0.05
    assert high.adjusted_p_value == pytest.approx(2 * high.p_value)
    assert high.verdict == "inconclusive"
    assert slice_of(made, "churn_band", "Low").conversion.treated == 1000


def test_an_unknown_band_is_a_group_too():
    people = two_groups(9, 5, size=50, band="")
    assert slice_of(results(people), "churn_band", "unknown").conversion.treated == 50


def test_variants_share_the_held_out_people_who_could_have_got_them():
    people = [
        *group(300, 60, prefix="a", held_out=False, variant="a"),
        *group(300, 30, prefix="b", held_out=False, variant="b"),
        *group(200, 20, prefix="ha", held_out=True, variant="a"),
        *group(100, 10, prefix="hb", held_out=True, variant="b"),
        *group(50, 5, prefix="n", held_out=False, variant="news"),
        *group(40, 4, prefix="hn", held_out=True, variant="news"),
    ]
    made = results(
        people,
        *orders_of(people),
        audience={},
        holdout={"share": 0.34},
        variants=[variant("a", 0.5, "Lost"), variant("b", 0.5, "Lost"), variant("news")],
    )
    shown = {name: slice_of(made, "variant", name).conversion for name in ("a", "b", "news")}
    assert [shown[name].held_out for name in ("a", "b", "news")] == [300, 300, 40]
    assert [shown[name].verdict for name in ("a", "b", "news")] == [
        "more", "inconclusive", "inconclusive",
    ]  # fmt: skip


def test_groups_of_the_wrong_size_have_no_verdict():
    people = two_groups(150, 80)
    made = results(people, *orders_of(people), holdout={"share": 0.4})
    assert made.sizes.is_mismatch
    assert {one.conversion.verdict for one in made.slices} == {"withheld"}
    assert "1,000 of 2,000 people are held out, and 40% should be" in made.notes[0]
    assert "Withheld" in slice_of(made, "all").words
    assert {one.verdict for one in made.promised} == {"withheld"}
    assert made.next_step.step == "check"


def test_people_count_when_their_days_are_over_and_the_others_are_named():
    people = [*two_groups(10, 5, size=20), Person("late", day=20), Person("later", day=30)]
    made = measure(
        [assigned(*people)],
        purchases(*orders_of(people)),
        definition=parse_definition(document(holdout={"share": 0.5})),
        today=EPOCH + dt.timedelta(days=PLANNED + 50),
    )
    assert slice_of(made, "all").conversion.treated == 21
    assert made.waiting == 1
    assert made.inference == "always_valid"
    assert made.next_step.step == "wait"
    assert any("was to write once, and has run again" in note for note in made.notes)
    assert "begins with 30 buyers in each group" in slice_of(made, "all").words
    assert "1 people do not count yet" in made.notes[0]


def test_results_are_a_document():
    people = two_groups(150, 100)
    made = results(people, *orders_of(people))
    assert decode(CampaignResults, encode(made), document="figures") == made


def test_people_whose_purchases_cannot_be_seen_do_not_count():
    people = two_groups(150, 80)
    strangers = [Person(f"s{n}", held_out=n % 2 == 0, customer="") for n in range(1400)]
    made = results([*people, *strangers], *orders_of(people))
    effect = slice_of(made, "all").conversion
    assert (effect.treated, effect.held_out, effect.verdict) == (1000, 1000, "more")
    assert (made.sizes.people, made.waiting) == (3400, 0)
    assert made.notes[0].startswith("1,400 people do not count, because they have no customer id")
