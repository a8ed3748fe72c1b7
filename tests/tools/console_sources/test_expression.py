"""Schemas become TypeScript types."""

import pytest

from tools.console_sources.expression import members, type_name, type_of


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, "unknown"),
        (True, "unknown"),
        ({"type": "integer"}, "number"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}]}, "number | null"),
        ({"enum": ["full", "none"]}, '"full" | "none"'),
        ({"const": 1}, "1"),
        ({"$ref": "#/components/schemas/Page[Customer]"}, "Page_Customer"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "(string | null)[]"),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
            "[string, number]",
        ),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "Record<string, number>"),
        ({"type": "object"}, "Record<string, unknown>"),
    ],
)
def test_a_schema_has_one_type(schema, expected):
    assert type_of(schema) == expected


def test_only_required_members_are_always_there():
    schema = {
        "required": ["from"],
        "properties": {"from": {"type": "string"}, "x-y": {"type": "boolean"}},
    }
    assert members(schema) == ["from: string", '"x-y"?: boolean']


def test_an_unknown_type_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="'decimal'"):
        type_of({"type": "decimal"})


def test_a_name_is_an_identifier():
    assert type_name("Page[Customer]") == "Page_Customer"
