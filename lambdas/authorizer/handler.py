"""Decide whether a credential is valid, and what it stands for. Called by the HTTP API.

The reply is kept by API Gateway for some minutes, and so is a key that is revoked meanwhile.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
import time
from collections.abc import Mapping
from typing import Any

import urllib3

from adapters.aws.function_logs import logged
from adapters.http.token_signatures import TokenSignatures
from adapters.stores.api_keys import ApiKeys
from adapters.stores.items import Items
from steps.serve.access import Authority
from tessera.environments.api import AuthorizerEnvironment

_TIMEOUT_SECONDS = 3


@functools.cache
def _authority() -> Authority:
    env = AuthorizerEnvironment.from_env(os.environ)
    signatures = TokenSignatures(lambda: _published_keys(env.issuer), seconds=time.monotonic)
    return Authority(
        ApiKeys(Items(env.api_table)),
        claims=signatures.claims,
        issuer=env.issuer,
        client_id=env.client_id,
        clock=lambda: dt.datetime.now(dt.UTC),
    )


def _published_keys(issuer: str) -> Mapping[str, Any]:
    address = f"{issuer}/.well-known/jwks.json"
    answer = urllib3.request("GET", address, timeout=_TIMEOUT_SECONDS, redirect=False)
    return dict(answer.json())


@logged("Authorizer", message="decision")
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Reply as an HTTP API expects it (simple responses), with the principal as context."""
    headers, query = event.get("headers") or {}, event.get("queryStringParameters") or {}
    header = headers.get("authorization")
    if header is None and "key" in query:
        principal = _authority().by_address(str(query["key"]))
    else:
        principal = _authority().principal(header)
    if principal is None:
        return {"isAuthorized": False}
    context = {"tenant": principal.tenant, "role": principal.role, "subject": principal.subject}
    known = {name: value for name, value in context.items() if value}  # an operator has no tenant
    return {"isAuthorized": True, "context": known}
