"""Why labels in segment sets changed: by history, time, own events, or another rule."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from tessera.segments.movement.set_labels import Happened, LabelChain, Labels, set_changes


def labels(*values: str | None, name: str = "tier") -> Labels:
    """One customer each, without labels for None."""
    texts = sorted({each for each in values if each})
    return Labels(
        texts=[json.dumps({name: each}) for each in texts],
        codes=np.array([texts.index(each) if each else -1 for each in values]),
    )


def changes(before, between, after, *, corrected=(), quiet=()):
    count = len(before.codes)
    chain = LabelChain(before=before, between=between, after=after)
    happened = Happened(
        corrected=np.isin(np.arange(count), corrected), quiet=np.isin(np.arange(count), quiet)
    )
    return set_changes(chain, happened)


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
