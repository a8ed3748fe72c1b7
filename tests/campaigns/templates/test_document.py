"""A template's document, read and written."""

from __future__ import annotations

import pytest

from tessera.campaigns.templates.document import placed_blocks, read_document, write_document
from tessera.errors import InvalidInput
from tests.campaigns.templates.made_up import made_up_template
from tests.campaigns.templates.samples import block, every_block


@pytest.mark.parametrize("seed", range(20))
def test_a_document_survives_writing_and_reading(seed):
    document = read_document(made_up_template(seed))
    assert read_document(write_document(document)) == document


def test_blocks_have_their_places():
    paths = {one.path: one.block.type for one in placed_blocks(every_block())}
    assert paths["blocks[13]"] == "show_if"
    assert paths["blocks[13].content[1]"] == "two_columns"
    assert paths["blocks[14].second[0]"] == "button"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([], "the template: expected an object"),
        ({"version": 2}, "version 2 is unknown"),
        ({"version": 1, "subjekt": "a"}, "unknown member 'subjekt'"),
        ({"version": 1, "blocks": {}}, "blocks: expected a list of blocks"),
        ({"version": 1, "blocks": [{"id": "a"}]}, r"blocks\[0\]: a block has id, type and fields"),
        ({"version": 1, "blocks": [block("line") | {"id": 5}]}, r"blocks\[0\].id: expected a text"),
        (
            {"version": 1, "blocks": [block("line") | {"fields": []}]},
            r"blocks\[0\].fields: expected",
        ),
        (
            {"version": 1, "blocks": [block("two_columns", first="a")]},
            r"blocks\[0\].first: expected",
        ),
        ({"version": 1, "blocks": [block("line")] * 201}, "more than 200 blocks"),
    ],
)
def test_a_wrong_form_names_its_place(value, problem):
    with pytest.raises(InvalidInput, match=problem):
        read_document(value)


def test_blocks_nested_without_end_are_refused():
    inner = block("line")
    for _ in range(9):
        inner = block("show_if", content=[inner])
    with pytest.raises(InvalidInput, match="nested too deep"):
        read_document({"version": 1, "blocks": [inner]})
