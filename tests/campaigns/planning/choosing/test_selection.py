"""Which customers a run is about: the audience, and on later days those who have entered it."""

from __future__ import annotations

import pytest

from tessera.campaigns.planning.choosing.selection import selected
from tessera.errors import InvalidInput
from tests.campaigns.made import schedule
from tests.campaigns.planning.made import Shopper, candidates, shopper, terms

DAILY = schedule(kind="daily")
PRESENT = schedule(kind="daily", include_present=True)
FROM_CHAMPIONS = {"set": "segment", "into": ["At Risk"], "out_of": ["Champions"]}


def who(*rows: Shopper, first: bool = False, **changes: object) -> list[str]:
    definition = terms(**changes).definition
    mask = selected(definition, candidates(rows), is_first_run=first)
    return [row.customer_key for row, is_in in zip(rows, mask, strict=True) if is_in]


def test_an_audience_is_those_with_one_of_the_labels_of_each_kind_who_meet_the_conditions():
    rows = [
        shopper("ann"),
        shopper("bo", segment="Lost"),
        shopper("cy", churn_band="Low"),
        shopper("di", monetary=9.0),
        shopper("ed", segment=None),
    ]
    audience = {
        "segments": ["At Risk", "Loyal"],
        "churn_bands": ["High", "Middle"],
        "value_tiers": ["Low"],
        "conditions": {"any": [{"column": "monetary", "from": 50}]},
    }
    assert who(*rows, audience=audience) == ["ann"]
    assert who(*rows, audience={}) == ["ann", "bo", "cy", "di", "ed"]


@pytest.mark.parametrize(
    ("plan", "first", "expected"),
    [
        (DAILY, False, ["new"]),
        (DAILY, True, ["new"]),
        (PRESENT, False, ["new"]),
        (PRESENT, True, ["new", "old"]),
    ],
)
def test_a_daily_run_is_about_those_who_have_newly_entered(plan, first, expected):
    rows = [shopper("new"), shopper("old", was_in=True), shopper("out", segment="Lost")]
    assert who(*rows, first=first, schedule=plan, again_after_days=30) == expected


def test_a_trigger_is_met_by_the_move_alone():
    rows = [
        shopper("fallen", label_before="Champions"),
        shopper("other", label_before="Loyal"),
        shopper("unknown", label_before=None),
        shopper("still", label_before="At Risk"),
        shopper("gone", label_before="Champions", segment="Lost"),
    ]
    by = {"schedule": DAILY, "again_after_days": 90}
    assert who(*rows, trigger=FROM_CHAMPIONS, **by) == ["fallen"]
    from_any = FROM_CHAMPIONS | {"out_of": []}
    assert who(*rows, trigger=from_any, **by) == ["fallen", "other", "unknown"]


def test_what_a_schedule_needs_and_a_batch_lacks_is_named():
    batch = candidates([shopper("ann")])
    object.__setattr__(batch, "was_in", None)
    definition = terms(schedule=DAILY, again_after_days=30).definition
    with pytest.raises(InvalidInput, match="no column 'was_in', which a daily schedule needs"):
        selected(definition, batch, is_first_run=False)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(InvalidInput, match="column 'address' has 2 rows, expected 1"):
        candidates_with_two_addresses()


def candidates_with_two_addresses() -> None:
    one, two = candidates([shopper("ann")]), candidates([shopper("ann"), shopper("bo")])
    type(one)(**(vars(one) | {"address": two.address}))
