"""The OpenAPI document follows the table of routes. tests/docs compares the committed one."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from lambdas.api.app import api_document, published_document
from tessera.api.routes import ROUTES
from tests.sources.collecting.pages import event, tree


@pytest.fixture(scope="module")
def document():
    return api_document()


def test_it_is_of_version_3_1(document):
    assert document["openapi"].startswith("3.1")


def test_the_app_has_the_routes_of_the_table_and_no_other(document):
    listed = {
        (method.upper(), path, operation["operationId"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert listed == {(route.method, route.path, route.name) for route in ROUTES}


def test_every_operation_names_its_roles(document):
    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        assert tuple(operation["x-roles"]) == route.roles


def test_an_operation_says_what_a_body_that_fits_its_schema_is_refused_for(document):
    judged = [route for route in ROUTES if route.judges]
    for route in judged:
        operation = document["paths"][route.path][route.method.lower()]
        assert operation["description"].endswith(f"can still be a 422: {route.judges}")
        assert route.judges in operation["responses"]["422"]["description"]
    others = {route.name for route in ROUTES} - {route.name for route in judged}
    assert {"start_run", "approve_run", "create_key", "search_customers"} < others


def test_the_published_document_has_the_route_of_pages_besides(document):
    published = published_document()
    assert published["paths"].keys() - document["paths"].keys() == {"/v1/events"}
    operation = published["paths"]["/v1/events"]["post"]
    assert operation["security"] == []
    assert "content" not in operation["responses"]["204"]
    for content in operation["requestBody"]["content"].values():
        Draft202012Validator.check_schema(content["schema"])
        errors = Draft202012Validator(content["schema"]).iter_errors
        assert not list(
            errors(tree(event(EventID="1", ProductCode=7), sent_at="2026-11-29T20:00Z"))
        )
        for wrong in (tree(event(Amount=5)), tree(consent=False), tree(event(EventName="SOLD"))):
            assert list(errors(wrong))


def test_every_reference_leads_to_a_schema(document):
    parts = json.dumps(document).split("#/components/schemas/")[1:]
    assert {part.split('"')[0] for part in parts} <= set(document["components"]["schemas"])
