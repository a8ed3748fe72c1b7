"""The little language of the bodies."""

from __future__ import annotations

import pytest

from tessera.campaigns.templates.palette.field import BlockField
from tessera.campaigns.templates.palette.snippet import Valued, fill, parse

TEXT = BlockField(type="text", label="")
NUMBER = BlockField(type="number", label="", most=9)
ROWS = BlockField(type="list", label="", fields={"label": TEXT})
SCOPE = {
    "name": Valued(TEXT, "mug"),
    "empty": Valued(TEXT, ""),
    "stars": Valued(NUMBER, 3),
    "none": Valued(NUMBER, 0),
    "links": Valued(ROWS, [{"label": "a"}, {}]),
}


def filled(source):
    return fill(parse(source), SCOPE, lambda valued: f"<{valued.value}>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a [[ name ]] b", "a <mug> b"),
        ("[[if name]]yes[[else]]no[[end]].", "yes."),
        ("[[if empty]]yes[[else]]no[[end]].", "no."),
        ("[[if none]]yes[[end]].", "."),
        ("[[if name is mug]]A[[end]][[if name is cup]]B[[end]]", "A"),
        ("[[if stars is 3]]three[[end]]", "three"),
        ("[[each one in links]]([[ one.label ]])[[end]]", "(<a>)(<>)"),
        ("[[count n to stars]][[ n ]][[end]]", "<1><2><3>"),
        ("[[count n to 2]]*[[end]]", "**"),
        ("[[if name]][[if empty]]a[[else]]b[[end]]c[[end]]d", "bcd"),
        ("plain", "plain"),
    ],
)
def test_an_instruction(source, expected):
    assert filled(source) == expected


@pytest.mark.parametrize("source", ["[[if name]]a", "a[[end]]", "[[each one in links]][[else]]"])
def test_an_unclosed_instruction_is_an_error(source):
    with pytest.raises(ValueError, match=r"\[\["):
        parse(source)


def test_a_field_that_is_not_there_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        filled("[[ nothing ]]")
