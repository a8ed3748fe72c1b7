"""Why labels in segment sets changed: by history, time, own events, or another rule."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from tessera.segments.movement.causes import CAUSES, SET_WORDS, Cause, SetCause
from tessera.segments.movement.record import movement_record, set_changes
from tessera.segments.movement.set_labels import Happened, LabelChain, Labels, set_moves


def labels(*values: str | None, name: str = "tier") -> Labels:
    """One customer each, without labels for None."""
    texts = sorted({each for each in values if each})
    return Labels(
        texts=[json.dumps({name: each}) for each in texts],
        codes=np.array([texts.index(each) if each else -1 for each in values]),
    )


def moves(before, between, after, *, corrected=(), quiet=(), came_or_went=None, order=()):
    count = len(before.codes)
    chain = LabelChain(before=before, between=between, after=after)
    presence = np.full(count, -1)
    for customer, cause in (came_or_went or {}).items():
        presence[customer] = CAUSES.index(cause)
    happened = Happened(
        corrected=np.isin(np.arange(count), corrected),
        quiet=np.isin(np.arange(count), quiet),
        presence=presence,
    )
    return set_moves(chain, happened, order={"tier": order})


def changes(before, between, after, **happened):
    return [
        set_changes(one.name, movement_record(one, words=SET_WORDS))
        for one in moves(before, between, after, **happened)
    ]


@pytest.mark.parametrize(
    ("between", "happened", "cause", "counts"),
    [
        ("Low", {"quiet": [0]}, "time_passing", 0),
        ("Low", {}, "own_behaviour", 0),
        ("Low", {"corrected": [0]}, "data_corrected", 1),
        ("Low", {"corrected": [0], "quiet": [0]}, "data_corrected", 1),
        ("High", {}, "rule_changed", 1),
        ("Middle", {"corrected": [0]}, "rule_changed", 1),
    ],
)
def test_the_last_step_that_changed_the_label_is_the_cause(between, happened, cause, counts):
    [tier] = changes(labels("High"), labels(between), labels("Low"), **happened)
    assert {name for name, count in tier.causes.items() if count} == {cause}
    assert tier.changed == counts


def test_first_labels_of_a_set_that_distinguished_nobody_are_expected():
    before, after = labels("Unknown", "Unknown"), labels("High", "Low")
    [tier] = changes(before, before, after, quiet=[0, 1])
    assert (tier.causes["first_labels"], tier.changed) == (2, 0)
    [tier] = changes(after, after, before, quiet=[0, 1])
    assert (tier.causes["rule_changed"], tier.changed) == (2, 2)


def test_who_ends_where_they_were_has_not_changed():
    [tier] = changes(labels("High"), labels("Low"), labels("High"), quiet=[0])
    assert (tier.customers, tier.changed, sum(tier.causes.values())) == (1, 0, 0)


def test_without_the_previous_rule_a_change_without_an_event_counts():
    before, after = labels("High", "High", "Low"), labels("Low", "Low", "Low")
    for between in (None, labels("a", "b", "c", name="other")):
        [tier] = changes(before, between, after, quiet=[0])
        assert tier.causes["rule_changed"] == tier.changed == 1
        assert tier.causes["own_behaviour"] == 1


def test_customers_of_one_run_only_are_not_compared():
    now = labels(None, "High", "Low")
    [tier] = changes(labels("Low", None, "High"), now, now)
    assert (tier.customers, tier.causes["own_behaviour"]) == (1, 1)


def test_sets_of_one_run_only_are_not_compared():
    both = dataclasses.replace(labels("x"), texts=['{"tier": "High", "new": "y"}'])
    [tier] = changes(labels("High"), both, both)
    assert (tier.name, tier.changed) == ("tier", 0)


def test_the_movement_of_a_set_counts_everybody_once_with_a_cause():
    before = labels("High", "High", "Low", "Low", None, "High", "Low")
    after = labels("High", "Low", "High", "Low", "High", None, "High")
    between = labels("High", "Low", "High", "Low", "High", None, "Low")
    [tier] = moves(
        before, between, after, quiet=[1], order=("High", "Low"),
        came_or_went={4: Cause.OWN_BEHAVIOUR, 5: Cause.TIME_PASSING},
    )  # fmt: skip
    record = movement_record(tier, words=SET_WORDS)
    assert (record.customers, record.stayed, record.moved) == (7, 2, 3)
    assert (record.entered, record.left) == (1, 1)
    assert record.labels == ("High", "Low")
    assert record.matrix == ((1, 1, 1), (2, 1, 0), (1, 0, 0))
    causes = {(move.source, move.to, move.cause): move.customers for move in record.moves}
    assert causes == {
        ("High", "Low", "time_passing"): 1,
        ("Low", "High", "own_behaviour"): 1,
        ("Low", "High", "rule_changed"): 1,
        (None, "High", "own_behaviour"): 1,
        ("High", None, "time_passing"): 1,
    }
    for row in record.segments:
        assert row.before == row.stayed + row.moved_out + row.left
        assert row.after == row.stayed + row.moved_in + row.entered
    assert {one.cause: one.words for one in record.causes} == dict(SET_WORDS)
    assert [*SET_WORDS] == [*SetCause]


def test_labels_come_in_the_sets_order_and_old_ones_last():
    [tier] = moves(labels("A", "Z"), None, labels("B", "A"), order=("B", "A"))
    assert tier.labels == ("B", "A", "Z")


def test_who_comes_or_goes_by_thresholds_or_definition_does_so_by_the_rule():
    now, then = labels("High", "Low"), labels(None, None)
    causes = {0: Cause.THRESHOLDS_MOVED, 1: Cause.DEFINITION_CHANGED}
    both = labels("High", name="tier")
    before = dataclasses.replace(both, codes=then.codes)
    [tier] = moves(before, None, now, came_or_went=causes)
    assert {move.cause for move in movement_record(tier, words=SET_WORDS).moves} == {"rule_changed"}
