"""A connector's request to a stand-in in the same process, with the headers of its key."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as HttpRequest

from local.services.frame.http_service import HttpService
from tessera.destinations.requests import Request, Response
from tessera.sources.connectors.port import BulkFile, Connector


def sent(
    service: HttpService,
    request: Request | BulkFile,
    *,
    connector: Connector,
    secret: Mapping[str, str],
) -> Response:
    assert isinstance(request, Request)
    headers = {**request.headers, **connector.auth(secret)}
    environ = EnvironBuilder(request.path, method=request.method, headers=headers).get_environ()
    answer = service.respond(HttpRequest(environ))
    try:
        body = json.loads(answer.get_data())
    except ValueError:
        body = None
    return Response(answer.status_code, body, dict(answer.headers))
