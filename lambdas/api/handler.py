"""The API as a Lambda function behind an HTTP API, whose authorizer has checked the credential."""

from __future__ import annotations

import datetime as dt
import functools
import os
from typing import Any

from fastapi import Request
from mangum import Mangum

from adapters.aws.function_logs import logged_requests
from adapters.aws.tenant_sessions import TenantSessions
from lambdas.api.app import create_app
from lambdas.api.function import as_function
from lambdas.api.wiring import TenantServices
from tessera.api.roles import Principal, group_of, membership
from tessera.environments.api import ApiEnvironment


@functools.cache
def _function() -> Mangum:
    env = ApiEnvironment.from_env(os.environ)
    sessions = TenantSessions(env.tenant_role, clock=_now)
    services = TenantServices(env, sessions=sessions, clock=_now)
    return as_function(
        create_app(services, principal=_authorized, log=logged_requests("Api"), one_at_a_time=True)
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _authorized(request: Request) -> Principal | None:
    """Return the principal that the authorizer has put into the event."""
    context = request.scope["aws.event"]["requestContext"].get("authorizer", {}).get("lambda", {})
    member = membership([group_of(context.get("tenant", ""), context.get("role", ""))])
    subject = context.get("subject")
    if member is None or not subject:
        return None
    return Principal(tenant=member[0], role=member[1], subject=str(subject))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401 (Lambda's own)
    """Answer one request. The app logs it, without parameters and bodies."""
    return dict(_function()(event, context))
