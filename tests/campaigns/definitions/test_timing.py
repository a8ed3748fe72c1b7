"""Triggers: who has entered, and who has left again."""

from __future__ import annotations

import pytest

from tessera.campaigns.definitions.timing import DayHours, EntryTrigger

FROM_CHAMPIONS = EntryTrigger(set="segment", into=("At Risk",), out_of=("Champions",))
FROM_ANY = EntryTrigger(set="segment", into=("At Risk", "Lost"))


@pytest.mark.parametrize(
    ("trigger", "before", "now", "met"),
    [
        (FROM_CHAMPIONS, "Champions", "At Risk", True),
        (FROM_CHAMPIONS, "Loyal", "At Risk", False),
        (FROM_CHAMPIONS, "", "At Risk", False),
        (FROM_CHAMPIONS, "Champions", "Loyal", False),
        (FROM_ANY, "Loyal", "Lost", True),
        (FROM_ANY, "", "Lost", True),
        (FROM_ANY, "At Risk", "Lost", False),
        (FROM_ANY, "Loyal", "", False),
    ],
)
def test_a_move_into_the_labels_meets_the_trigger(trigger, before, now, met):
    assert trigger.is_met(before=before, now=now) is met


def test_leaving_the_labels_ends_it():
    assert FROM_ANY.is_over(now="Loyal")
    assert FROM_ANY.is_over(now="")
    assert not FROM_ANY.is_over(now="At Risk")


def test_hours_past_midnight_are_known_as_such():
    assert DayHours(start="21:30", end="08:00").goes_past_midnight
    assert DayHours(start="21:30", end="08:00").minutes == (1290, 480)
    assert not DayHours(start="09:00", end="20:00").goes_past_midnight
