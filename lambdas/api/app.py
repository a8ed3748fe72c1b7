"""The API's app, the same under Mangum in Lambda and under uvicorn on a laptop."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from lambdas.api import openapi
from lambdas.api.calls import ApiState
from lambdas.api.envelope import Envelope, Log
from lambdas.api.replies import problem, reply
from lambdas.api.rooms import (
    administration,
    campaign_results,
    campaign_runs,
    campaigns,
    consent,
    customers,
    erasures,
    insights,
    runs,
    segments,
    templates,
    tenants,
)
from steps.serve.services import ServicesOfTenants
from tessera.api.refusals import (
    ADDRESS,
    ProblemDetails,
    ProblemPart,
    RequestRefusal,
    missing,
    wrong,
    wrong_method,
)
from tessera.api.roles import Principal
from tessera.api.route import Route
from tessera.api.routes import ROUTES, methods_of
from tessera.errors import InvalidInput, Refused, Retryable

_ROOMS = (
    insights,
    customers,
    runs,
    segments,
    templates,
    campaigns,
    campaign_runs,
    campaign_results,
    consent,
    administration,
    erasures,
    tenants,
)
Endpoint = Callable[..., object]


def create_app(
    services: ServicesOfTenants,
    *,
    principal: Callable[[Request], Principal | None],
    log: Log,
    one_at_a_time: bool = False,
) -> FastAPI:
    """Return the app.

    Parameters
    ----------
    services
        What the routes' steps work with, for each tenant.
    principal
        Returns a request's principal. None without a valid credential.
    log
        Takes one line of facts about each request, none of them personal.
    one_at_a_time
        Answer in the caller's thread, as a function that gets one request at a time can. A new
        thread for each request made one page in ten take twice as long, in freeing memory.
    """
    app = _routed(_at_once if one_at_a_time else _in_a_thread)
    app.state.api = ApiState(services=services, principal=principal)
    app.add_middleware(Envelope, log=log)
    return app


def api_document() -> dict[str, Any]:
    """Return the API's OpenAPI document."""
    return openapi.document(_routed(_in_a_thread))


def published_document() -> dict[str, Any]:
    """Return the document for readers: the API's, and the route that pages call."""
    return openapi.with_page_events(api_document())


def _routed(answering: Callable[[Route], Endpoint]) -> FastAPI:
    app = FastAPI(
        title="Tessera", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    for route in ROUTES:
        app.add_api_route(
            route.path,
            answering(route),
            methods=[route.method],
            name=route.name,
            operation_id=route.name,
            summary=route.does,
            status_code=route.status,
            response_model=None,
        )
    for error, answer in _ANSWERS.items():
        app.add_exception_handler(error, answer)
    return app


def _in_a_thread(route: Route) -> Endpoint:
    endpoint = endpoints()[route.name]

    @functools.wraps(endpoint)
    def answer(*args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 (the endpoint's own)
        return reply(endpoint(*args, **kwargs), status=route.status)

    return answer


def _at_once(route: Route) -> Endpoint:
    endpoint = endpoints()[route.name]

    @functools.wraps(endpoint)
    async def answer(*args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 (the endpoint's own)
        return reply(endpoint(*args, **kwargs), status=route.status)

    return answer


@functools.cache
def endpoints() -> Mapping[str, Endpoint]:
    """Return the rooms' functions by the name of their route."""
    return {
        name: function
        for room in _ROOMS
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if function.__module__ == room.__name__ and not name.startswith("_")
    }


# ---- refusals ------------------------------------------------------------------------------------


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestRefusal)  # noqa: S101 (as it is registered)
    return problem(error.problem, headers=error.headers)


def _no_route(request: Request, _error: Exception) -> Response:
    return _refused(request, missing(ADDRESS))


def _no_method(request: Request, _error: Exception) -> Response:
    return _refused(request, wrong_method(methods_of(request.scope["path"])))


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 (as it is registered)
    parts = [
        ProblemPart(where=".".join(map(str, one["loc"])), what=str(one["msg"]))
        for one in error.errors()
    ]
    return problem(wrong("Some parameters are not understood.", *parts).problem)


def _input(_: Request, error: Exception) -> Response:
    return problem(wrong(str(error)).problem)


def _failed(_: Request, _error: Exception) -> Response:
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "The request failed on our side. The log of the API has the error and its place."
    return problem(ProblemDetails(title=status.phrase, status=status.value, detail=detail))


def _away(_: Request, _error: Exception) -> Response:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    detail = "A service behind the API is busy or away. Try again in a few seconds."
    answer = ProblemDetails(title=status.phrase, status=status.value, detail=detail)
    return problem(answer, headers={"Retry-After": "5"})


_ANSWERS: Mapping[type[Exception] | int, Callable[[Request, Exception], Response]] = {
    RequestRefusal: _refused,
    404: _no_route,
    405: _no_method,
    RequestValidationError: _invalid,
    InvalidInput: _input,
    Retryable: _away,
    Refused: _away,
    Exception: _failed,
}
