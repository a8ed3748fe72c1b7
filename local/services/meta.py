"""Meta's custom audiences on the loopback interface: audiences by name, members by hashes.

Strict about what Meta's reference says of them. It takes no plain address and no customer id, as we
send none. Any other request is an error.
"""

from __future__ import annotations

import re
from typing import Any

from local.services.audiences import AudienceService, HeldAudience, is_hash
from local.services.frame.http_service import HttpServer, ReceivedRequest, Rejected

_MOST = 10_000
_LIST = re.compile(r"/v25\.0/act_[\w-]+/customaudiences")
_ONE = re.compile(r"/v25\.0/(\d+)")
_USERS = re.compile(r"/v25\.0/(\d+)/users")
_FIELDS = {"id", "name", "description", "subtype"}
_MADE = {"name", "subtype", "description", "customer_file_source"}
_CODES = {401: 190, 404: 100, 429: 17, 500: 2}


class Meta(AudienceService):
    """An ad account."""

    DESTINATION = "meta"

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error. A pointer is the code."""
        code = int(pointer) if pointer else _CODES.get(status, 100)
        return {"error": {"message": words, "type": "OAuthException", "code": code}}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """List, make, change or fill audiences."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            raise Rejected(400, "an access token is required", pointer="190")
        if request.method != "GET" and request.headers.get("content-type") != "application/json":
            raise Rejected(400, "expected the content type application/json")
        if _LIST.fullmatch(request.path) and request.method in ("GET", "POST"):
            return 200, self._list(request) if request.method == "GET" else self._make(request.body)
        if (matched := _ONE.fullmatch(request.path)) and request.method == "POST":
            return 200, self._amend(self.audience_of(matched[1]), request.body)
        if (matched := _USERS.fullmatch(request.path)) and request.method in ("POST", "DELETE"):
            return 200, self._change(self.audience_of(matched[1]), request)
        raise Rejected(400, f"no such request: {request.method} {request.path}")

    def _list(self, request: ReceivedRequest) -> dict[str, Any]:
        if not set(request.query.get("fields", "").split(",")) <= _FIELDS:
            raise Rejected(400, "expected the fields of an audience")
        start = int(request.query.get("after", "0"))
        end = start + min(self.page, int(request.query.get("limit", "25")))
        listed = list(self.audiences.values())
        data = [
            {"id": one.id, "name": one.name, "description": one.description, "subtype": "CUSTOM"}
            for one in listed[start:end]
        ]
        if not data:
            return {"data": []}
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(end)}}
        if end < len(listed):
            paging["next"] = f"https://graph.facebook.com{request.path}?after={end}"
        return {"data": data, "paging": paging}

    def _make(self, body: Any) -> dict[str, str]:
        kind = ("CUSTOM", "USER_PROVIDED_ONLY")
        if not isinstance(body, dict) or set(body) != _MADE or not body["name"]:
            raise Rejected(400, f"expected {', '.join(sorted(_MADE))}")
        if (body["subtype"], body["customer_file_source"]) != kind:
            raise Rejected(400, "expected an audience of the shop's own customers")
        return {"id": self.make(body["name"], body["description"]).id}

    @staticmethod
    def _amend(audience: HeldAudience, body: Any) -> dict[str, bool]:
        if not isinstance(body, dict) or set(body) != {"description"}:
            raise Rejected(400, "expected a description and nothing else")
        audience.description = body["description"]
        return {"success": True}

    def _change(self, audience: HeldAudience, request: ReceivedRequest) -> dict[str, Any]:
        data = _data(request.body)
        good = [row for row in data if any(row) and all(is_hash(one) for one in row if one)]
        bad = [row for row in data if row not in good]
        people = [frozenset(one for one in row if one) for row in good]
        self.change(audience, people, add=request.method == "POST")
        return {
            "audience_id": audience.id,
            "session_id": "1",
            "num_received": len(data),
            "num_invalid_entries": len(bad),
            "invalid_entry_samples": {str(n): ",".join(row) for n, row in enumerate(bad[:10])},
        }


def _data(body: Any) -> list[list[str]]:
    payload = body.get("payload") if isinstance(body, dict) and set(body) == {"payload"} else None
    if not isinstance(payload, dict) or set(payload) != {"schema", "data"}:
        raise Rejected(400, "expected a payload of schema and data, and nothing else")
    if payload["schema"] != ["EMAIL", "PHONE"]:
        raise Rejected(400, "expected e-mail addresses and phone numbers")
    data = payload["data"]
    if not isinstance(data, list) or not 1 <= len(data) <= _MOST:
        raise Rejected(400, f"expected 1 to {_MOST} people")
    for row in data:
        if not isinstance(row, list) or [type(one) for one in row] != [str, str]:
            raise Rejected(400, "expected two texts of each")
    return data


class MetaServer(HttpServer):
    """Serves an ad account, an empty one by default."""

    def __init__(self, state: Meta | None = None) -> None:
        super().__init__(state or Meta())
