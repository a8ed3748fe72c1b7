"""Shopify's Admin API over HTTP: the key, the version in the path, points, and files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request, Response

from local.services.frame.dropping import DroppingHandler
from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected
from local.services.shopify.documents import Selected, UnreadableQuery, parse
from local.services.shopify.schema import Invalid, check, check_bulk
from local.services.shopify.shop import Shop

VERSION = "2026-10"
TOKEN = "shpat_made-up-on-this-machine"  # noqa: S105 (made up)
CLIENT_ID, CLIENT_SECRET = "client-made-up", "shpss_made-up-on-this-machine"
_PATH = re.compile(r"/admin/api/(\d{4}-\d{2})/graphql\.json")
_MOST_POINTS, _PER_SECOND, _COST = 2000, 100, 10


class ShopifyApi(HttpService):
    """Answers GraphQL requests to one shop."""

    DESTINATION = "shopify"
    REMEMBERS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, shop: Shop, *, token: str = TOKEN) -> None:
        super().__init__()
        self.shop = shop
        self.token = token
        self.points = _MOST_POINTS
        self.url = ""

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return nothing: a source holds no customers of ours."""
        return {}

    def error(self, status: int, words: str, *, pointer: str = "") -> Any:
        """Return an error's JSON value."""
        del pointer
        return {"errors": words or str(status)}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Answer a request."""
        if (request.method, request.path) == ("POST", "/admin/oauth/access_token"):
            return self._token(parse_qs(request.text.decode()))
        match = _PATH.fullmatch(request.path)
        if request.method != "POST" or match is None or match[1] != VERSION:
            raise Rejected(404, "Not Found")
        if request.headers.get("x-shopify-access-token") != self.token:
            raise Rejected(401, "[API] Invalid API key or access token")
        if "application/json" not in request.headers.get("content-type", ""):
            raise Rejected(400, "expected application/json")
        if self.points < _COST:
            self.points += _PER_SECOND
            return 200, self._failed("Throttled", code="THROTTLED")
        self.points = min(self.points - _COST + 1, _MOST_POINTS)
        body = request.body
        try:
            kind, root = parse(body["query"])
            check(root, kind)
            data = self._data(root, body.get("variables") or {})
        except (UnreadableQuery, Invalid) as error:
            return 200, self._failed(str(error), code="undefinedField")
        return 200, {"data": data, "extensions": self._extensions()}

    def _token(self, form: Mapping[str, list[str]]) -> tuple[int, Any]:
        """Answer a grant of client credentials."""
        sent = {name: values[0] for name, values in form.items()}
        if sent.get("grant_type") != "client_credentials":
            raise Rejected(400, "unsupported_grant_type")
        if (sent.get("client_id"), sent.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise Rejected(400, "invalid_client")
        scope = ",".join(sorted(self.shop.rights))
        return 200, {"access_token": self.token, "scope": scope, "expires_in": 86399}

    def _data(self, root: Selected, variables: Mapping[str, Any]) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for field in root.fields:
            if field.name == "bulkOperationRunQuery":
                data[field.name] = self._run(variables[field.arguments["query"].lstrip("$")])
            elif field.name == "node":
                data[field.name] = self.shop.look(
                    variables[field.arguments["id"].lstrip("$")], url=self.url
                )
            elif field.name in ("currentAppInstallation", "shop"):
                data[field.name] = self.shop.about()[field.name]
            else:
                raise Invalid(f"'{field.name}' is for bulk operations here")
        return data

    def _run(self, query: str) -> dict[str, Any]:
        try:
            _, root = parse(query)
            check(root, "query")
            check_bulk(root)
            operation, why = self.shop.run(root.fields[0])
        except (UnreadableQuery, Invalid, ValueError) as error:
            return _errors("INVALID", str(error))
        if operation is None:
            words = "A bulk query operation for this app and shop is already in progress."
            return _errors(why, words)
        created = operation.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        state = {"id": operation.id, "status": "CREATED", "createdAt": created}
        return {"bulkOperation": state, "userErrors": []}

    def _failed(self, words: str, *, code: str) -> dict[str, Any]:
        error = {"message": words, "extensions": {"code": code}}
        return {"errors": [error], "extensions": self._extensions()}

    def _extensions(self) -> dict[str, Any]:
        status = {
            "maximumAvailable": _MOST_POINTS,
            "currentlyAvailable": self.points,
            "restoreRate": _PER_SECOND,
        }
        return {"cost": {"requestedQueryCost": _COST, "throttleStatus": status}}


class _FileHandler(DroppingHandler):
    """Sends the lines of a file as they are made: other answers leave in one piece."""

    def run_wsgi(self) -> None:
        """Answer one request."""
        if not self.path.startswith("/bulk/"):
            super().run_wsgi()
            return
        WSGIRequestHandler.run_wsgi(self)
        self.close_connection = True


class ShopifyServer(HttpServer):
    """Serves a shop, and the files of its bulk operations: those need no key, as URLs are signed.

    Attributes
    ----------
    cut
        How many files end too early, after so many lines.
    """

    HANDLER = _FileHandler

    def __init__(self, shop: Shop) -> None:
        self.api = ShopifyApi(shop)
        self.cut: list[int] = []
        self.downloads = 0
        super().__init__(self.api)

    def start(self) -> str:
        """Start serving and return the address."""
        self.api.url = super().start()
        return self.api.url

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        if not request.path.startswith("/bulk/"):
            response = super().respond(request)
            response.headers["X-Shopify-API-Version"] = VERSION
            return response
        self.downloads += 1
        number = int(request.path.rpartition("/")[2])
        if not 0 < number <= len(self.api.shop.operations):
            return Response(json.dumps({}), 404)
        return Response(self._file(number), 200, content_type="application/jsonl")

    def _file(self, number: int) -> Iterator[bytes]:
        most = self.cut.pop() if self.cut else -1
        for place, line in enumerate(self.api.shop.result(number)):
            if place == most:
                return
            yield line


def _errors(code: str, words: str) -> dict[str, Any]:
    error = {"code": code, "field": ["query"], "message": words}
    return {"bulkOperation": None, "userErrors": [error]}
