"""One call of a route: who asks, for which tenant, and whether the route is theirs to call."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from steps.serve.once import Attempt
from steps.serve.operating import OperatorServices
from steps.serve.services import Services, ServicesOfTenants
from steps.serve.settings import Author
from steps.tenancy import Operator
from tessera.api.refusals import (
    ADDRESS,
    ProblemPart,
    RequestRefusal,
    missing,
    unauthenticated,
    wrong,
    wrong_method,
)
from tessera.api.roles import Principal
from tessera.api.route import Route
from tessera.api.routes import BY_NAME, methods_of
from tessera.errors import InvalidInput
from tessera.records.codec import decode
from tessera.records.tenant import Tenant

_MOST_BYTES = 1 << 20
_Body = TypeVar("_Body")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ApiState:
    """What the app keeps: see ``create_app``."""

    services: ServicesOfTenants
    principal: Callable[[Request], Principal | None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """One call by a principal who may make it.

    Parameters
    ----------
    principal
        Who asks.
    services
        What steps work with.
    now
        When the call came in.
    """

    principal: Principal
    services: Services
    now: dt.datetime

    @property
    def tenant(self) -> str:
        """The tenant, which the credential alone decides."""
        return self.principal.tenant


@dataclasses.dataclass(frozen=True, kw_only=True)
class OperatorCall:
    """One call by an operator, who reaches no data of any tenant.

    Parameters
    ----------
    principal
        Who asks.
    services
        What operators work with.
    now
        When the call came in.
    """

    principal: Principal
    services: OperatorServices
    now: dt.datetime

    @property
    def operator(self) -> Operator:
        """Who changes tenants, and when."""
        return Operator(subject=self.principal.subject, now=self.now)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Admitted:
    """A request of a principal who may send it. ``tenant`` is None for an operator."""

    principal: Principal
    tenant: Tenant | None
    services: ServicesOfTenants
    now: dt.datetime


async def _admit(request: Request) -> _Admitted:
    """Return who asks, or refuse it: first who it is, then whether they may, then what is asked.

    A tenant's requests are counted once it is known whose they are.
    """
    methods = methods_of(request.scope["path"])
    if request.method not in methods:
        raise wrong_method(methods)
    state: ApiState = request.app.state.api
    principal = state.principal(request)
    if principal is None:
        raise unauthenticated()
    request.state.principal = principal
    services, now = state.services, state.services.clock()
    tenant = services.gate.admit(principal.tenant, now=now) if principal.tenant else None
    route: APIRoute = request.scope["route"]
    declared = BY_NAME[route.name]
    if declared.scope not in principal.scopes:
        raise _not_theirs(declared, principal)
    _check_query(request, route)
    return _Admitted(principal=principal, tenant=tenant, services=services, now=now)


def _not_theirs(route: Route, principal: Principal) -> RequestRefusal:
    """Return the refusal of a route that is another role's. Operators' are nowhere to others."""
    if route.is_operators:
        return missing(ADDRESS)
    needed = " or ".join(route.roles)
    return RequestRefusal(
        HTTPStatus.FORBIDDEN, f"This needs the role {needed}: yours is {principal.role}."
    )


async def _asker(admitted: Annotated[_Admitted, Depends(_admit)]) -> Principal:
    return admitted.principal


async def _call(admitted: Annotated[_Admitted, Depends(_admit)]) -> Call:
    """Return the call of a tenant's principal, with what serves the tenant."""
    principal, tenant = admitted.principal, admitted.tenant
    if tenant is None:
        raise missing(ADDRESS)
    services = admitted.services.of(principal.tenant)
    allowed = tenant.may_use(services.destinations)
    own = dataclasses.replace(services, destinations=allowed)
    return Call(principal=principal, services=own, now=admitted.now)


async def _operator_call(admitted: Annotated[_Admitted, Depends(_admit)]) -> OperatorCall:
    services = admitted.services.operating
    if services is None or admitted.tenant is not None:
        raise missing(ADDRESS)
    return OperatorCall(principal=admitted.principal, services=services, now=admitted.now)


Asker = Annotated[Principal, Depends(_asker)]
Caller = Annotated[Call, Depends(_call)]
OperatorCaller = Annotated[OperatorCall, Depends(_operator_call)]


def attempt_of(call: Call | OperatorCall, *, key: str, operation: str, body: object) -> Attempt:
    """Return a request that is to be done once."""
    tenant = call.principal.tenant
    return Attempt(tenant=tenant, key=key, operation=operation, body=body, now=call.now)


def author_of(call: Call) -> Author:
    """Return who saves something."""
    return Author(tenant=call.tenant, subject=call.principal.subject, now=call.now)


def _check_query(request: Request, route: APIRoute) -> None:
    """Refuse unknown and repeated parameters: a misspelt filter must not return everybody."""
    known = set(_query_names(route.dependant))
    if BY_NAME[route.name].key_in_query:
        known.add("key")
    counts = Counter(name for name, _ in request.query_params.multi_items())
    parts = [
        ProblemPart(
            where=f"query.{name}", what="unknown parameter" if name not in known else "twice"
        )
        for name, times in counts.items()
        if name not in known or times > 1
    ]
    if parts:
        raise wrong("Some parameters are not understood.", *parts)


def _query_names(dependant: Dependant) -> Iterator[str]:
    """Yield the query parameters of a route and of what it depends on."""
    yield from (parameter.alias for parameter in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _query_names(inner)


def body_of(kind: type[_Body]) -> Callable[[Request, _Admitted], Awaitable[_Body]]:
    """Return a dependency that reads a request's JSON document, once it is let in."""

    async def read(request: Request, _: Annotated[_Admitted, Depends(_admit)]) -> _Body:
        raw = await request.body()
        if len(raw) > _MOST_BYTES:
            raise RequestRefusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body has more than {_MOST_BYTES} bytes."
            )
        try:
            value = json.loads(raw, parse_float=_number, parse_constant=_no_number)
            _check_text(raw, value)
        except (ValueError, RecursionError):
            raise RequestRefusal(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None
        return _decoded(kind, value)

    return read


def _number(text: str) -> float:
    """Return a number as JSON Schema counts it: 185.0 is whole."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is too large")
    return int(number) if number.is_integer() else number


def _check_text(raw: bytes, value: object) -> None:
    """Refuse half of a surrogate pair, which no file and no answer can hold."""
    if rb"\ud" in raw.lower():
        json.dumps(value, ensure_ascii=False).encode()


def _no_number(name: str) -> Any:  # noqa: ANN401 (never returns)
    raise ValueError(f"{name} is not JSON")


def _decoded(kind: type[_Body], value: object) -> _Body:
    try:
        return decode(kind, value, document="body")
    except InvalidInput as error:
        # Readers of a run's documents get advice that fits no request.
        raise wrong(str(error).partition(". It was edited")[0] + ".") from None
