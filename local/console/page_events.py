"""The route of pages on this machine: the deployed function answers it, as on AWS.

There the HTTP API in front of the function answers browsers that ask for permission. Here this
module does. Pages of this machine have no https, so they stand for the one page that is listed.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from local.app.assembly import PAGES_ORIGIN
from local.console.public_links import Function
from tessera.api.page_events import PATH
from tessera.sources.collecting.origins import cors_headers

_LOOPBACK = ("127.0.0.1", "localhost")


def page_event_routes(function: Function) -> APIRouter:
    """Return the route ``POST /v1/events``, and the answer to a browser that asks first.

    Parameters
    ----------
    function
        Given an HTTP API's event (payload 2.0), returns its answer.
    """
    routes = APIRouter()

    @routes.options(PATH)
    def _may_it(request: Request) -> Response:
        return Response(status_code=204, headers=_allowed(request))

    @routes.post(PATH)
    async def _collect(request: Request) -> Response:
        event = _event(request, await request.body())
        answer = await run_in_threadpool(function, event)
        headers = {**answer.get("headers", {}), **_allowed(request)}
        return Response(answer.get("body"), status_code=answer["statusCode"], headers=headers)

    return routes


def _is_here(request: Request) -> bool:
    return urlsplit(request.headers.get("origin", "")).hostname in _LOOPBACK


def _allowed(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    return dict(cors_headers(origin, origins=[origin])) if origin and _is_here(request) else {}


def _event(request: Request, body: bytes) -> dict[str, Any]:
    headers = dict(request.headers)
    if _is_here(request):
        headers["origin"] = PAGES_ORIGIN
    return {
        "version": "2.0",
        "routeKey": f"POST {PATH}",
        "rawPath": PATH,
        "headers": headers,
        "requestContext": {"http": {"method": "POST", "path": PATH}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
