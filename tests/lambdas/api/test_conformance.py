"""Schemathesis: what the OpenAPI allows is answered as it says, and what it forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from lambdas.api.app import api_document
from tessera.api.routes import ROUTES
from tests.lambdas.api.world import World

EXAMPLES = 12  # an operation, on each path through it

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


schema = schemathesis.openapi.from_asgi("/openapi.json", _served, config=CONFIG)


@pytest.fixture(autouse=True)
def served(one_world: World) -> None:
    """The requests go to the world's app, in this process."""
    one_world.restore()
    _apps.append(one_world.app)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_answer_is_as_the_document_says(case, one_world: World):
    token = one_world.keys["acme", "admin"]
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"})
