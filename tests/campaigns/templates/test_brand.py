"""The brand kit, and the contrast of its colours."""

from __future__ import annotations

import pytest

from tessera.campaigns.templates.brand import BrandKit, contrast, contrast_problems, read_brand
from tessera.errors import InvalidInput


def test_a_missing_field_has_its_default():
    assert read_brand({"name": "Example Shop"}).fields["radius"] == 4
    assert contrast_problems(read_brand({})) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#777777", "#ffffff", 4.478)],
)
def test_the_contrast_of_two_colours(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ("a", "expected an object"),
        ({"colour": "#000000"}, "unknown field 'colour'"),
        ({"text": "black"}, "the brand kit's text: expected a colour"),
        ({"font": "Comic Sans"}, "the brand kit's font: expected one of"),
        ({"text": "#777777"}, "text on surface has a contrast of 4.5"),
        ({"primary": "#ffff00"}, "on_primary on primary has a contrast of 1.1"),
        ({"name": ""}, "the brand kit's name: it is empty"),
    ],
)
def test_a_wrong_brand_kit_is_not_saved(fields, problem):
    with pytest.raises(InvalidInput, match=problem):
        read_brand(fields)


def test_the_colours_of_the_dark_can_be_read():
    """They are in blocks.json's style sheet."""
    for front, back in (("#e8eaed", "#15181c"), ("#9cc4ff", "#15181c"), ("#e8eaed", "#22304a")):
        assert contrast(front, back) > 4.5


def test_a_brand_kit_from_elsewhere_is_checked_for_contrast():
    kit = BrandKit({**read_brand({}).fields, "link": "#ffffff"})
    assert "link on surface" in contrast_problems(kit)[0]
