"""Definitions: the presets are complete and disjoint, and a wrong one is refused with its cells."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.errors import InvalidInput
from tessera.naming import PROSPECT, segment_names
from tessera.segments.cells import every_cell
from tessera.segments.definition import PRESETS, definition_for, load_preset, parse
from tessera.settings import RunSettings
from tests import reference


def segment(label, *cells):
    return {"label": label, "cells": list(cells), "meaning": "Some.", "action": "Write."}


def document(*segments, **more):
    return {"name": "mine", "meaning": "Mine.", "scale": 2, "segment": list(segments), **more}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_gives_every_cell_exactly_one_segment(preset):
    definition = load_preset(preset)
    cells = [cell for one in definition.segments for cell in one.cells]
    assert sorted(cells) == every_cell(definition.scale)
    assert definition.name == preset
    assert all(
        one.meaning.endswith(".") and one.action.endswith(".") for one in definition.everyone
    )


@pytest.mark.parametrize(
    ("preset", "labels"), [("classic-11", 11), ("grid-10", 10), ("nine", 9), ("aws-guidance", 4)]
)
def test_a_preset_has_as_many_labels_as_its_name_says(preset, labels):
    definition = load_preset(preset)
    assert len(definition.segments) == labels
    assert len(segment_names(one.label for one in definition.everyone)) >= labels


def test_classic_is_the_published_table():
    published = reference.rows("oracles/published/eleven_segments")
    ours = {one.label: " ".join(one.cells) for one in load_preset("classic-11").segments}
    assert ours == {row["segment"]: row["cells"] for row in published}


def test_the_guidances_segments_are_its_rules_with_the_overlap_in_dormant():
    by_label = {one.label: set(one.cells) for one in load_preset("aws-guidance").segments}
    cells = {tuple(map(int, cell)): cell for cell in every_cell(4)}
    champions = {name for (r, f, m), name in cells.items() if min(r, f, m) >= 3}
    dormant = {name for (r, f, m), name in cells.items() if max(r, f, m) <= 2}
    volatile = {name for (r, f, m), name in cells.items() if r < 1.5 and f > 1.5 and m > 1.5}
    assert dormant & volatile == {"122"}
    assert by_label["Champions"] == champions
    assert by_label["Dormant"] == dormant
    assert by_label["Volatile"] == volatile - dormant
    assert len(by_label["In Between"]) == 40


def test_prospects_are_there_unless_everyone_is_scored():
    assert load_preset("classic-11").everyone[-1].label == PROSPECT
    assert PROSPECT not in [one.label for one in load_preset("aws-guidance").everyone]


def test_settings_name_a_preset_or_bring_a_definition():
    assert definition_for(RunSettings(preset="nine")).name == "nine"
    own = document(segment("High", "2**"), segment("Low", "1**"))
    settings = RunSettings.parse({"definition": own})
    assert definition_for(RunSettings.parse(settings.to_dict())).name == "mine"
    with pytest.raises(InvalidInput, match="expected one of classic-11, grid-10"):
        definition_for(RunSettings(preset="eleven"))


def test_a_gap_lists_its_cells():
    with pytest.raises(InvalidInput, match=r"no segment to 3 cells: 122, 212, 222: add"):
        parse(document(segment("A", "**1"), segment("B", "112")))


def test_otherwise_takes_the_gap():
    rest = {"label": "Rest", "meaning": "The rest.", "action": "None."}
    definition = parse(document(segment("A", "**1"), segment("B", "112"), otherwise=rest))
    assert definition.segments[-1].cells == ("122", "212", "222")


def test_an_overlap_lists_its_cells_and_their_segments():
    with pytest.raises(InvalidInput, match=r"more than one segment to 2 cells: 111 \(A, B\), 112"):
        parse(document(segment("A", "1**"), segment("B", "2**", "11*")))


def test_a_cell_twice_in_one_segment_is_an_overlap():
    with pytest.raises(InvalidInput, match=r"1 cell: 111 \(A, A\)"):
        parse(document(segment("A", "***", "111")))


A, B = segment("A", "1**"), segment("B", "2**")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (document(A, segment("B", "3**")), r"segment 'B': cells '3\*\*' name an unknown score 3"),
        (document(A, segment("A", "2**")), "label 'A' is used by two segments"),
        (document(A, segment("Prospect", "2**")), "'Prospect' is reserved"),
        (document(A, segment("a!", "2**"), segment("a?", "2**")), "more than one segment"),
        (document(segment("a b", "1**"), segment("a_b", "2**")), "would both be called"),
        (document(A, segment("Cluster 1", "2**")), "would both be called"),
        (document(A, segment("!!", "2**")), "no valid name"),
        (document(A, B, colour="red"), "unknown key 'colour'"),
        (document(A, B | {"weight": 1}), "segment 'B' has an unknown key 'weight'"),
        (document(A, B | {"meaning": " "}), "segment 'B' has no meaning"),
        (document(A, {"label": "B", "cells": "2**"}), "expected a list"),
        (document(A, segment("B")), "segment 'B' has no cells"),
        (document(A, "B"), "segment 'B' is 'B': expected a table"),
        (document(), "has no segments"),
        (document(A, B, scale=10), "scale is 10"),
        (document(A, B, scale="2"), "scale is '2'"),
        (document(A, B, measures="visits"), "measures is 'visits'"),
        (document(A, B, otherwise={"label": "C", "meaning": "C.", "action": "C."}), "no cells"),
        (document(A, B, thresholds={"age": [1]}), "unknown key 'age'"),
        (document(A, B, thresholds={"recency": [1, 2]}), "expected 1 ascending"),
        (document(A, B, thresholds={"recency": ["x"]}), "'x' is not a number"),
        (document(A, B, thresholds={"recency": 3}), "expected a list"),
        (document(A, B, otherwise="rest"), "expected a table"),
        ({"segment": [A, B]}, "has no name"),
    ],
)
def test_a_wrong_definition_is_refused(wrong, message):
    with pytest.raises(InvalidInput, match=message):
        parse(wrong)


def test_thresholds_are_kept_as_whole_numbers_that_compare_alike():
    limits = {"recency": [30.5], "frequency": [3], "monetary": ["99.99"]}
    definition = parse(document(A, B, thresholds=limits))
    assert definition.thresholds == {"recency": (30,), "frequency": (3,), "monetary": (999_900,)}


@settings(deadline=None)
@given(st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_any_partition_of_the_cells_is_accepted_as_it_is(owners):
    segments = [
        segment(f"S{owner}", *[c for c, o in zip(every_cell(2), owners, strict=True) if o == owner])
        for owner in sorted(set(owners))
    ]
    definition = parse(document(*segments))
    assert sorted(c for one in definition.segments for c in one.cells) == every_cell(2)


def test_presets_load_from_a_zip_app_without_numpy(words_of_app):
    program = (
        "from tessera.segments.definition import PRESETS, load_preset\n"
        "print(*[len(load_preset(name).segments) for name in PRESETS])\n"
    )
    assert words_of_app(program) == ["11", "10", "9", "4"]
