"""Where a request's credential stands, for apps without an authorizer in front of them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request

from steps.serve.access import Authority
from tessera.api.roles import Principal
from tessera.api.routes import BY_NAME


def principal_by(authority: Authority) -> Callable[[Request], Principal | None]:
    """Return a function from a request to its principal, by the header or a spreadsheet's key."""

    def principal(request: Request) -> Principal | None:
        header = request.headers.get("authorization")
        if header is None and BY_NAME[request.scope["route"].name].key_in_query:
            return authority.by_address(request.query_params.get("key", ""))
        return authority.principal(header)

    return principal
