"""The app's OpenAPI document. Its schemas come from the types of the records."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from tessera.api.page_events import PATH, page_events_path
from tessera.api.refusals import MEDIA_TYPE, ProblemDetails
from tessera.api.route import CSV, IDEMPOTENCY_KEY, Route
from tessera.api.routes import BY_NAME, documents
from tessera.records.schema import schema

_VERSION = "1.0.0"
_REFUSALS = {
    400: "The body is not JSON",
    401: "No valid access token or API key",
    403: "The role may not do this, or the tenant is suspended",
    404: "Not there",
    409: "Does not fit the present state",
    413: "The body is too large",
    422: "Not understood",
    429: "The tenant has sent its requests of this minute: see Retry-After",
    503: "A service behind the API is busy or away",
}
_WITH_BODY = (400, 413)


def document(app: FastAPI) -> dict[str, Any]:
    """Return the document of an app with the API's routes."""
    made = get_openapi(
        title=app.title,
        version=_VERSION,
        description="Customer segments from order history: what a run says, and what to do.",
        routes=[route for route in app.routes if isinstance(route, APIRoute)],
    )
    made["components"] = {"schemas": _components(), "securitySchemes": _schemes()}
    for path in made["paths"].values():
        for operation in path.values():
            _complete(operation)
    return made


def with_page_events(document: dict[str, Any]) -> dict[str, Any]:
    """Return the API's document with the route for pages, which another function answers."""
    content = _problem("")["content"]
    return document | {"paths": document["paths"] | {PATH: page_events_path(content)}}


def _complete(operation: dict[str, Any]) -> None:
    route = BY_NAME[operation["operationId"]]
    judges = f" A body that fits the schema can still be a 422: {route.judges}"
    operation["description"] = f"Roles: {', '.join(route.roles)}.{judges if route.judges else ''}"
    operation["security"] = [{"bearer": []}, *([{"key": []}] if route.key_in_query else [])]
    operation["x-roles"] = list(route.roles)
    success = {"description": "Done"} | ({"content": _content(route)} if route.answers else {})
    omitted = () if route.takes else _WITH_BODY
    operation["responses"] = {str(route.status): success} | {
        str(status): _problem(text) for status, text in _REFUSALS.items() if status not in omitted
    }
    if route.judges:
        operation["responses"]["422"] = _problem(f"{_REFUSALS[422]}, or: {route.judges}")
    if route.takes:
        content = {"application/json": {"schema": _reference(route.takes)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.creates:
        operation.setdefault("parameters", []).append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "description": "Unique to this request, for 24 hours: a repeated one gets the "
                "answer of the first, and with another body it is a conflict",
                "schema": {"type": "string", "pattern": IDEMPOTENCY_KEY},
            }
        )


def _content(route: Route) -> dict[str, Any]:
    text = {CSV: {"schema": {"type": "string"}}}
    if route.media == CSV or route.answers is None:
        return text
    named = {"application/json": {"schema": _reference(route.answers)}}
    return named | (text if "text/csv" in route.does else {})


def _problem(text: str) -> dict[str, Any]:
    return {"description": text, "content": {MEDIA_TYPE: {"schema": _reference(ProblemDetails)}}}


def _reference(kind: type) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _components() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for kind in (*documents(), ProblemDetails):
        made = schema(kind)
        del made["$schema"]
        schemas |= made.pop("$defs", {})
        schemas[kind.__name__] = made
    text = json.dumps(dict(sorted(schemas.items())))
    return dict(json.loads(text.replace('"#/$defs/', '"#/components/schemas/')))


def _schemes() -> dict[str, Any]:
    return {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of the console's user pool, or an API key `tsk_…`",
        },
        "key": {
            "type": "apiKey",
            "in": "query",
            "name": "key",
            "description": "A viewer's API key, for spreadsheets that send no headers",
        },
    }
