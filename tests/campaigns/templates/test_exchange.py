"""Templates in and out."""

from __future__ import annotations

import json

import pytest

from tessera.campaigns.templates.exchange import (
    exported,
    exported_html,
    exported_mjml,
    imported,
)
from tessera.errors import InvalidInput
from tests.campaigns.templates.samples import block, brand, document, every_block


def test_an_exported_template_can_be_imported():
    value = json.loads(json.dumps(exported("Spring", every_block())))
    assert imported(value) == ("Spring", every_block())


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("<mjml></mjml>", "MJML and HTML cannot be imported"),
        ({"format": "other"}, "this is no exported template"),
        (exported("a", document()) | {"more": 1}, "unknown member 'more'"),
        (exported(" ", document()), "name: expected a text"),
        (exported("a" * 101, document()), "name: expected a text"),
        (exported("a", document()) | {"template": None}, "the template: expected an object"),
    ],
)
def test_anything_else_is_refused(value, problem):
    with pytest.raises(InvalidInput, match=problem):
        imported(value)


def test_mjml_and_html_go_out_with_the_author_s_liquid():
    made = document(block("heading", text="{{ customer.city | default: 'x' }}"), subject="a")
    for text in (exported_mjml(made, brand()), exported_html(made, brand())):
        assert "{{ customer.city | default: 'x' }}" in text
        assert "{{ unsubscribe_url }}" in text
        assert "| shown" not in text
        assert "| link" not in text
