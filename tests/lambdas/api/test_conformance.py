"""Schemathesis: what the OpenAPI allows is answered as it says, and what it forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.pytest.lazy import get_all_tests

from lambdas.api.app import api_document
from tessera.api.routes import ROUTES
from tests.lambdas.api.world import World

SETTINGS = settings(
    max_examples=12,  # an operation, on each path through it
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
BY_LABEL = {f"{route.method} {route.path}": route for route in ROUTES}
LABELS = list(BY_LABEL)

# These say that a body may fit its schema and still be wrong. All other operations must accept
# whatever their schema allows.
JUDGED = [route.name for route in ROUTES if route.judges]
CONFIG = SchemathesisConfig.from_dict(
    {
        "operations": [
            {
                "include-operation-id": name,
                "checks": {
                    "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]}
                },
            }
            for name in JUDGED
        ]
    }
)


_front = FastAPI(openapi_url=None)
_front.get("/openapi.json")(api_document)
_apps: list[FastAPI] = []


async def _served(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the world's app. A mount would not match an address with a line break."""
    document = scope["type"] != "http" or scope["path"] == "/openapi.json"
    await (_front if document else _apps[-1])(scope, receive, send)


def answers_as_it_says(case: Any, one_world: World) -> None:
    role = "operator" if BY_LABEL[case.operation.label].is_operators else "admin"
    token = one_world.token_of("acme", role)
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def checks(one_world: World) -> dict[str, Any]:
    """A test of each operation, by its method and path.

    They are made where they run: every worker would make ``schema.parametrize`` while it collects.
    """
    _apps.append(one_world.app)
    schema = schemathesis.openapi.from_asgi("/openapi.json", _served, config=CONFIG)
    load_all_checks()
    made = get_all_tests(
        schema=schema, test_func=answers_as_it_says, settings=SETTINGS, given_kwargs={}
    )
    return {operation.label: check for operation, check in (one.ok() for one in made)}


def test_every_operation_is_asked(checks):
    assert sorted(checks) == sorted(LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_every_answer_is_as_the_document_says(label: str, checks, world: World):
    checks[label](one_world=world)
