"""Definitions without templates: shipped ones, and those that an audience is counted by."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.definitions.ready_definitions import READY
from tessera.campaigns.definitions.unfinished import parse_unfinished, ready_document
from tessera.errors import InvalidInput
from tests.campaigns.made import document, variant

DAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize("name", READY)
def test_a_shipped_document_is_a_definition_once_its_templates_are_chosen(name: str):
    made = ready_document(name, first_day=DAY)
    with pytest.raises(InvalidInput, match="template is null"):
        parse_definition(made)
    for one in made["variants"]:
        one["template"] = {"id": "chosen", "version": 1}
    assert parse_definition(made).schedule.first_day == DAY


def test_a_definition_is_counted_before_its_templates_are_chosen():
    without = [variant("a", 0.5) | {"template": None}, {"name": "b", "share": 0.5}]
    definition = parse_unfinished(document(variants=without))
    assert [one.name for one in definition.variants] == ["a", "b"]
    finished = parse_unfinished(document())
    assert finished == parse_definition(document())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"variants": "a"}, "variants"),
        ({"variants": ["a"]}, "variants"),
        ({"channel": []}, "channel"),
        ({"audience": {"segment": []}}, "unknown member 'segment'"),
    ],
)
def test_what_is_no_definition_is_refused_as_always(changes, says):
    with pytest.raises(InvalidInput, match=says):
        parse_unfinished(document(**changes))


def test_a_webhook_needs_no_template():
    hook = {"kind": "webhook", "to": "https://hooks.example.com/x"}
    one = parse_unfinished(document(channel=hook, variants=[{"name": "a"}]))
    assert one.variants[0].template is None
