"""The OpenAPI document follows the table of routes. tests/docs compares the committed one."""

from __future__ import annotations

import json

import pytest

from lambdas.api.app import api_document
from tessera.api.routes import ROUTES


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


def test_every_reference_leads_to_a_schema(document):
    parts = json.dumps(document).split("#/components/schemas/")[1:]
    assert {part.split('"')[0] for part in parts} <= set(document["components"]["schemas"])
