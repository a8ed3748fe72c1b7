"""The links of messages on this machine: the deployed function answers them, as on AWS."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

Function = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def link_routes(function: Function) -> APIRouter:
    """Return the routes below ``/u``.

    Parameters
    ----------
    function
        Given an HTTP API's event (payload 2.0), returns its answer.
    """
    routes = APIRouter(prefix="/u")

    @routes.api_route("/{token}", methods=["GET", "POST"])
    async def _link(token: str, request: Request) -> Response:
        event = _event(token, request, await request.body())
        answer = await run_in_threadpool(function, event)
        body = answer.get("body", "")
        content = base64.b64decode(body) if answer.get("isBase64Encoded") else body
        return Response(
            content, status_code=answer["statusCode"], headers=dict(answer.get("headers", {}))
        )

    return routes


def _event(token: str, request: Request, body: bytes) -> dict[str, Any]:
    path = request.url.path
    return {
        "version": "2.0",
        "routeKey": f"{request.method} /u/{{token}}",
        "rawPath": path,
        "rawQueryString": request.url.query,
        "pathParameters": {"token": token},
        "headers": dict(request.headers),
        "requestContext": {"http": {"method": request.method, "path": path}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
