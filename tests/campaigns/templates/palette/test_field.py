"""What a field accepts."""

from __future__ import annotations

import pytest

from tessera.campaigns.templates.palette.field import BlockField, read_field

TEXT = BlockField(type="text", label="", required=True, most=5)
NUMBER = BlockField(type="number", label="", least=1, most=6)
CHOICE = BlockField(type="choice", label="", options=("left", "right"))
ROWS = BlockField(type="list", label="", least=1, most=2, fields={"label": TEXT, "size": NUMBER})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TEXT, "mug"),
        (NUMBER, 6),
        (CHOICE, "left"),
        (ROWS, [{"label": "a", "size": 1}]),
        (BlockField(type="colour", label=""), "#0b4a9e"),
        (BlockField(type="language", label=""), "pt-BR"),
        (BlockField(type="word", label=""), "Can't Lose Them & Co"),
    ],
)
def test_a_right_value(field, value):
    assert field.problem(value) == ""


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        (TEXT, 5, "expected a text, got 5"),
        (TEXT, " ", "it is empty"),
        (TEXT, "123456", "at most 5 characters, got 6"),
        (TEXT, "a\x00", "U+0000"),
        (TEXT, "\ue000", "U+E000"),
        (TEXT, "\ud800", "U+D800"),
        (NUMBER, "3 %}", "expected a whole number"),
        (NUMBER, True, "expected a whole number"),
        (NUMBER, 7, "expected 1 to 6, got 7"),
        (CHOICE, "up", "expected one of left, right"),
        (ROWS, [], "expected 1 to 2 rows, got 0"),
        (ROWS, "ab", "expected a list"),
        (ROWS, ["a"], "row 1: expected an object"),
        (ROWS, [{"label": "a", "size": 1}, {"label": "a", "size": 9}], "row 2, size"),
        (ROWS, [{"lable": "a"}], "row 1: unknown field 'lable'"),
        (BlockField(type="colour", label=""), "red", "expected a colour such as"),
        (BlockField(type="language", label=""), "English", "expected a language such as"),
        (BlockField(type="word", label=""), 'x" %}{{ y }}', "without"),
        (BlockField(type="slot", label=""), "a", "expected a list of blocks"),
    ],
)
def test_a_wrong_value(field, value, problem):
    assert problem in field.problem(value)


def test_a_misspelt_declaration_is_an_error():
    with pytest.raises(TypeError, match="requierd"):
        read_field({"type": "text", "label": "a", "requierd": True})
