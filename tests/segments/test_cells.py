"""Patterns of cells."""

from __future__ import annotations

import pytest

from tessera.errors import InvalidInput
from tessera.segments.cells import every_cell, expand


@pytest.mark.parametrize(
    ("pattern", "cells"),
    [
        ("543", ["543"]),
        ("5[45]5", ["545", "555"]),
        ("[1-3]11", ["111", "211", "311"]),
        ("[13-5]11", ["111", "311", "411", "511"]),
        ("11*", ["111", "112", "113", "114", "115"]),
    ],
)
def test_a_pattern_names_cells(pattern, cells):
    assert expand(pattern, scale=5) == cells


def test_stars_are_every_cell():
    assert expand("***", scale=4) == every_cell(4)
    assert len(every_cell(5)) == 125


@pytest.mark.parametrize("pattern", ["", "55", "5555", "5x5", "[]55", "5-5", "[5-]55", "5[45"])
def test_what_cannot_be_read_is_refused(pattern):
    with pytest.raises(InvalidInput, match="cannot be read"):
        expand(pattern, scale=5)


@pytest.mark.parametrize(("pattern", "score"), [("655", "6"), ("[07]11", "0, 7"), ("[4-6]11", "6")])
def test_unknown_scores_are_named(pattern, score):
    with pytest.raises(InvalidInput, match=f"unknown score {score}: scores go from 1 to 5"):
        expand(pattern, scale=5)
