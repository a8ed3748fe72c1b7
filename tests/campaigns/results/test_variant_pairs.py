"""Variants against each other: corrected together, only where their people are alike."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.assignments import PurchaseRows
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.measuring import measure
from tessera.campaigns.results.variant_comparison import VariantComparison
from tests.campaigns.made import document, schedule, variant
from tests.campaigns.results.made import (
    PLANNED,
    Person,
    assigned,
    group,
    orders_of,
    purchases,
)

TODAY = dt.date(2027, 1, 15)
A_AND_B = [variant("a", 0.5), variant("b", 0.5)]


def got(name: str, people: int, buyers: int) -> list[Person]:
    return group(people, buyers, prefix=name, held_out=False, variant=name)


def held(people: int) -> list[Person]:
    return group(people, people // 10, prefix="h", held_out=True)


def results(people: list[Person], *rows: tuple[str, int, float], **changes: object):
    share = sum(one.held_out for one in people) / len(people)
    wanted = {"holdout": {"share": share}, "audience": {}, "variants": A_AND_B} | changes
    return measure(
        [assigned(*people)],
        purchases(*orders_of(people), *rows),
        definition=parse_definition(document(**wanted)),
        today=TODAY,
        settings=CampaignSettings(margin_rate=0.4),
    )


def only(made: CampaignResults) -> VariantComparison:
    (pair,) = made.variants
    return pair


def test_two_variants_are_compared_with_each_other_in_buyers_orders_and_money():
    people = [*got("a", 1000, 100), *got("b", 1000, 160), *held(400)]
    pair = only(results(people))
    assert (pair.variant, pair.against) == ("b", "a")
    assert (pair.people, pair.buyers, pair.against_people, pair.against_buyers) == (
        1000, 160, 1000, 100,
    )  # fmt: skip
    assert pair.difference.value == pytest.approx(0.06)
    assert 0 < pair.difference.low < 0.06 < pair.difference.high
    assert pair.lift.value == pytest.approx(0.6)
    assert (pair.verdict, pair.orders.verdict, pair.revenue.verdict) == ("more", "more", "more")
    assert pair.revenue.difference.value == pytest.approx(0.6)
    assert pair.margin.value == pytest.approx(0.24)
    assert pair.margin.low == pytest.approx(0.4 * pair.revenue.difference.low)
    assert pair.words.startswith("More buyers with b than with a: +6.00 points (+3")


def test_what_is_better_is_a_part_of_what_to_do_next():
    people = [*got("a", 1000, 100), *got("b", 1000, 160), *held(400)]
    assert results(people).next_step.words.endswith("Variant b brings more buyers than a.")


def test_one_variant_has_nothing_to_compare_with():
    people = [*got("a", 100, 10), *held(20)]
    assert results(people, variants=[variant("a")]).variants == ()


def test_what_chance_explains_is_inconclusive():
    people = [*got("a", 1000, 100), *got("b", 1000, 110), *held(400)]
    made = results(people)
    assert only(made).verdict == "inconclusive"
    assert only(made).words == (
        "Inconclusive, b against a: +1.00 points (-1.70 to +3.70) of buyers, which chance alone "
        "can give."
    )
    assert "Variant" not in made.next_step.words


def test_more_than_two_variants_are_corrected_for_all_pairs_which_a_note_says():
    shares = [variant("a", 0.4), variant("b", 0.4), variant("c", 0.2)]
    people = [*got("a", 1000, 100), *got("b", 1000, 130), *got("c", 500, 50), *held(400)]
    made = results(people, variants=shares)
    assert [(one.variant, one.against) for one in made.variants] == [
        ("b", "a"), ("c", "a"), ("c", "b"),
    ]  # fmt: skip
    first = made.variants[0]
    assert first.p_value < 0.05 < first.adjusted_p_value == pytest.approx(3 * first.p_value)
    assert (first.verdict, first.orders.verdict) == ("inconclusive", "inconclusive")
    assert first.difference.low > 0
    assert any(note.startswith("3 pairs of variants are compared") for note in made.notes)


def test_variants_of_other_segments_are_not_compared_which_a_note_says():
    lists = [variant("a", 0.5, "Lost"), variant("b", 0.5, "Lost"), variant("news")]
    people = [*got("a", 300, 60), *got("b", 300, 30), *got("news", 300, 90), *held(100)]
    made = results(people, variants=lists)
    assert [(one.variant, one.against) for one in made.variants] == [("b", "a")]
    assert "Variants of different segments are not compared" in made.notes[-1]


def test_sizes_that_the_shares_do_not_give_withhold_the_verdicts():
    people = [*got("a", 1000, 100), *got("b", 700, 300), *held(400)]
    pair = only(results(people))
    assert (pair.verdict, pair.orders.verdict, pair.revenue.verdict) == ("withheld",) * 3
    assert pair.words == "Withheld, b against a: the sizes of the groups do not fit their shares."


def test_few_buyers_give_no_revenue_and_a_reason():
    people = [*got("a", 500, 99), *got("b", 500, 120), *held(200)]
    pair = only(results(people))
    assert (pair.revenue, pair.margin, pair.limit) == (None, None, None)
    assert pair.orders is not None
    assert "from 100 buyers of each variant on, and there are 120 and 99" in pair.revenue_note


def test_a_daily_campaign_is_compared_by_wider_intervals_from_30_buyers_on():
    daily = {"schedule": schedule(kind="daily"), "again_after_days": 1}
    people = [*got("a", 1000, 100), *got("b", 1000, 130), *held(400)]
    once, always = only(results(people)), only(results(people, **daily))
    assert always.difference.value == once.difference.value
    assert always.difference.low < once.difference.low
    assert always.revenue.p_value > once.revenue.p_value
    few = [*got("a", 1000, 29), *got("b", 1000, 60), *held(400)]
    assert only(results(few, **daily)).words.startswith("Too early, b against a")


def test_nobody_with_a_variant_is_inconclusive():
    pair = only(results([*got("a", 5, 1), *held(2)]))
    assert (pair.verdict, pair.difference) == ("inconclusive", None)
    assert "nobody who counts has got one of the two yet" in pair.words


def test_a_large_refund_decides_no_more_than_a_large_order():
    people = [*got("a", 1000, 100), *got("b", 1000, 160), *held(400)]
    plain = only(results(people)).revenue.difference
    pair = only(results(people, ("bno999", 4, -1e6), ("ano999", 4, -3.0)))
    assert pair.limited == 1
    assert pair.revenue.mean < -900
    assert pair.revenue.difference.value == pytest.approx(plain.value - 0.010 + 0.003, abs=1e-9)
    assert pair.revenue.verdict == "more"
    assert "counts as this much, for 1 people, and refunds above it likewise" in pair.revenue_note


def _trial(chance: np.random.Generator, people: int, *, days: int) -> tuple[Assigned, PurchaseRows]:
    """Return people of two variants. With b 30 % buy, with a 25 %, by their own past."""
    is_b = chance.random(people) < 0.5
    past = chance.lognormal(3.0, 0.8, people)
    buyers = np.flatnonzero(chance.random(people) < np.where(is_b, 0.30, 0.25))
    keys = np.char.mod("%032x", np.arange(people)).astype("S36")
    day = PLANNED + chance.integers(0, days, people)
    made = Assigned(
        recipient=keys.astype("S32"),
        customer_key=keys,
        day=day,
        is_held_out=np.arange(people) % 10 == 0,
        variant=np.where(is_b, "b", "a").astype(np.object_),
        churn_band=np.full(people, "", np.object_),
        value_tier=np.full(people, "", np.object_),
    )
    amounts = past[buyers] * chance.lognormal(0.0, 0.4, len(buyers))
    person = np.concatenate([np.arange(people), buyers])
    return made, PurchaseRows(
        customer_key=keys[person],
        day=day[person] + np.repeat([-200, 3], [people, len(buyers)]),
        amount=np.concatenate([past, amounts]),
        is_order=np.ones(len(person), np.bool_),
    )


def test_intervals_have_the_true_difference_in_them_in_95_of_100_campaigns():
    definition = parse_definition(document(audience={}, variants=A_AND_B, holdout={"share": 0.1}))
    chance, hits, campaigns = np.random.default_rng(18), {"buyers": 0, "orders": 0}, 200
    explained = []
    for _ in range(campaigns):
        people, rows = _trial(chance, 1200, days=1)
        pair = only(measure([people], rows, definition=definition, today=TODAY))
        for name, made in (("buyers", pair.difference), ("orders", pair.orders.difference)):
            hits[name] += made.low <= 0.05 <= made.high
        explained.append(pair.revenue.variance_removed if pair.revenue else 0.0)
    # 2.5 standard errors of a share of 200 around 95 %.
    assert all(0.911 <= one / campaigns <= 0.989 for one in hits.values())
    assert min(explained) > 0.03


def test_pairs_are_a_part_of_the_results_that_earlier_versions_had_not():
    fields = {one.name: one for one in dataclasses.fields(CampaignResults)}
    assert fields["variants"].default == ()
