"""Sets that read the labels of other sets: values, order of computation, circles, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.gap_rule import STATES
from tessera.errors import InvalidInput
from tessera.segments.sets.catalog import with_references
from tessera.segments.sets.conditions import DAYS, GAP_STATES
from tessera.segments.sets.labels import labels_for
from tests.segments.sets.documents import NAN, TEXTS, document, sets_of

PLAIN = {**document(), "name": "plain", "prefix": "Plain"}
LOST = 8  # a position of the preset


def by(name, when):
    """A set whose label In has this condition."""
    texts = {"name": name, "prefix": name.title(), "meaning": "Some."}
    label = {"label": "In", "when": when, **TEXTS}
    return {**texts, "label": [label], "otherwise": {"label": "Out", **TEXTS}}


def of(name, *two):
    """A combined set, whose label Both is given where both have In."""
    both = {"label": "Both", "pairs": [["In", "In"]], **TEXTS}
    texts = {"name": name, "prefix": name.title(), "meaning": "Some.", "of": list(two)}
    return {**texts, "label": [both], "otherwise": {"label": "Not", **TEXTS}}


def codes(*documents, name, **columns):
    arrays = {column: np.array(values) for column, values in columns.items()}
    rfm = np.full(len(next(iter(arrays.values()))), LOST)
    return labels_for(arrays, sets_of(*documents), rfm=rfm)[name].codes.tolist()


def test_a_condition_reads_the_labels_of_another_set():
    high = {"set": "plain", "in": ["High"]}
    assert codes(by("a", high), PLAIN, name="a", x=[20.0, 5.0, NAN]) == [0, 1, 1]
    others = {"set": "plain", "not_in": ["High"]}
    assert codes(by("a", others), PLAIN, name="a", x=[20.0, 5.0, NAN]) == [1, 0, 0]


def test_sets_are_computed_in_the_order_of_their_references_and_shown_in_the_given_one():
    first = by("a", {"all": [{"set": "c", "in": ["Both"]}, {"column": "frequency", "from": 2}]})
    both = of("c", "d", "e")
    rich, often = by("d", {"column": "monetary", "from": 9}), by("e", {"set": "d", "in": ["In"]})
    sets = sets_of(first, both, often, rich)
    columns = {"monetary": np.array([9.0, 9.0, 1.0]), "frequency": np.array([2.0, 1.0, 2.0])}
    labelled = labels_for(columns, sets, rfm=np.full(3, LOST))
    assert labelled["c"].codes.tolist() == [0, 0, 1]
    assert labelled["a"].codes.tolist() == [0, 1, 1]
    assert list(labelled) == [one.name for one in sets.beside] == ["a", "e", "d", "c"]


def test_a_condition_reads_the_segments_as_a_set():
    assert codes(by("a", {"set": "rfm", "in": ["Lost"]}), name="a", x=[1.0]) == codes(
        by("a", {"column": "segment", "in": ["Lost"]}), name="a", x=[1.0]
    )


@pytest.mark.parametrize(
    ("documents", "circle"),
    [
        ([by("a", {"set": "a", "in": ["In"]})], "'a' → 'a'"),
        (
            [by("a", {"set": "b", "in": ["In"]}), of("b", "c", "rfm"), of("c", "a", "rfm")],
            "'a' → 'b' → 'c' → 'a'",
        ),
        ([of("c", "c", "rfm")], "'c' → 'c'"),
    ],
)
def test_a_circle_is_refused_with_its_sets(documents, circle):
    with pytest.raises(InvalidInput, match=f"labels in a circle: {circle}"):
        sets_of(*documents)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ({"set": "gone", "in": ["High"]}, "reads the set 'gone', which the run does not have"),
        ({"set": "plain", "in": ["Hihg"]}, "over the set 'plain': 'Hihg' is unknown, expected"),
        ({"column": "segment", "in": ["Losst"]}, "over 'segment': 'Losst' is unknown, expected"),
    ],
)
def test_a_label_that_nobody_could_have_is_refused(when, message):
    with pytest.raises(InvalidInput, match=message):
        sets_of(by("a", when), PLAIN)


def test_the_sets_that_a_set_reads_stand_before_it():
    own = {
        one["name"]: one for one in (of("c", "d", "rfm"), by("d", {"set": "plain", "in": ["High"]}))
    }
    own["plain"] = PLAIN
    assert with_references("c", own=own) == ("plain", "d", "c")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"column": "r_score", "in": [1, 5]}, [0, 1, 0, 1]),
        ({"column": "r_score", "not_in": [1, 5]}, [1, 0, 1, 1]),
    ],
)
def test_numbers_can_be_listed_and_an_empty_cell_is_in_no_list(when, expected):
    assert codes(by("a", when), name="a", r_score=[5.0, 3.0, 1.0, NAN]) == expected


def test_the_three_scores_are_listed_as_texts():
    when = {"column": "rfm_score", "in": ["555", "111"]}
    assert codes(by("a", when), name="a", rfm_score=[555.0, 111.0, 511.0, NAN]) == [0, 0, 1, 1]


def test_the_day_of_the_next_order_is_a_day():
    assert {"next_order_from", "next_order_at", "next_order_to"} < set(DAYS)
    day = float(np.datetime64("2026-07-01").astype(int))
    when = {"column": "next_order_at", "from": "2026-07-01", "below": "2026-07-02"}
    assert codes(by("a", when), name="a", next_order_at=[day, day + 1, NAN]) == [0, 1, 1]


def test_the_states_of_gaps_are_those_of_the_rule():
    assert GAP_STATES == STATES
