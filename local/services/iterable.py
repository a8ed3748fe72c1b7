"""Iterable's user interface on the loopback interface: profile fields, and who is refused.

Strict about what Iterable's description says of a bulk update, and of forgetting and deleting a
user. It takes no address and no list, as we send none. Any other request gets 404.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected

_MOST = 1_000
_BODY_BYTES = 4_000_000
_ID_MOST = 52
_TEXT_MOST = 32_000
_USER = {"userId", "preferUserId", "dataFields"}
_FIELD = re.compile(r"rfm_[a-z0-9_]+")
_KINDS = {str: "string", int: "long", float: "double"}
_UPDATE, _FORGET = "/api/users/bulkUpdate", "/api/users/forget"
_BY_ID = "/api/users/byUserId/"
_DONE = {"msg": "", "code": "Success", "params": None}
_MISMATCH = "RequestFieldsTypesMismatched"
_CODES = {401: "BadApiKey", 404: "NotFound", 413: "PayloadTooLarge", 429: "RateLimitExceeded"}


class Iterable(HttpService):
    """A project.

    Attributes
    ----------
    users
        Profile fields by userId.
    fields
        The kind of each field, which the first value decides for good.
    takes_new_fields
        Whether a field that is not known comes into being, or is omitted.
    forgets_by_id
        Whether the project identifies users by id, not by e-mail address.
    forgotten
        Ids that are refused since they were forgotten.
    """

    DESTINATION = "iterable"
    REMEMBERS = ("users", "fields", "forgotten")

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, dict[str, Any]] = {}
        self.fields: dict[str, str] = {}
        self.takes_new_fields = True
        self.forgets_by_id = True
        self.forgotten: list[str] = []

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the users' profile fields."""
        return dict(self.users)

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error. A pointer is the code."""
        return {"msg": words, "code": pointer or _CODES.get(status, "BadParams"), "params": None}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Update users, or name the fields."""
        if not request.headers.get("api-key"):
            raise Rejected(401, "Invalid API key")
        if (request.method, request.path) == ("GET", "/api/users/getFields"):
            return 200, {"fields": self.fields}
        if request.method == "DELETE" and request.path.startswith(_BY_ID):
            return 200, self._delete(request.path.removeprefix(_BY_ID))
        if request.method != "POST" or request.path not in (_UPDATE, _FORGET):
            raise Rejected(404, f"no such request: {request.method} {request.path}")
        if request.headers.get("content-type") != "application/json":
            raise Rejected(400, "expected the content type application/json")
        if len(request.text) > _BODY_BYTES:
            raise Rejected(413, f"the body has more than {_BODY_BYTES} bytes")
        forgets = request.path == _FORGET
        return 200, self._forget(request.body) if forgets else self._update(_users(request.body))

    def _forget(self, body: Any) -> dict[str, Any]:
        if not isinstance(body, dict) or set(body) != {"userId"}:
            raise Rejected(400, "expected a userId and nothing else")
        if not self.forgets_by_id or not isinstance(body["userId"], str):
            raise Rejected(400, "expected what identifies users in this project")
        self.users.pop(body["userId"], None)
        self.forgotten.append(body["userId"])
        return _DONE

    def _delete(self, user_id: str) -> dict[str, Any]:
        if self.users.pop(user_id, None) is None:
            raise Rejected(404, "there is no such user")
        return _DONE

    def _update(self, users: list[dict[str, Any]]) -> dict[str, Any]:
        self._check_kinds(users)
        failed: dict[str, list[str]] = {}
        for one in users:
            name = self._failure(one["userId"])
            if name:
                failed.setdefault(name, []).append(one["userId"])
            else:
                self._merge(one)
        count = sum(map(len, failed.values()))
        sent = {
            name for one in users for name, value in one["dataFields"].items() if value is not None
        }
        return {
            "successCount": len(users) - count,
            "failCount": count,
            "invalidEmails": [],
            "invalidUserIds": failed.get("invalidUserIds", []),
            "filteredOutFields": sorted(sent - set(self.fields)),
            "createdFields": [],
            "failedUpdates": failed,
        }

    def _check_kinds(self, users: list[dict[str, Any]]) -> None:
        """Refuse the whole request for a customer that a test wants refused, or for a kind."""
        for one in users:
            code, words = self.faults.items.get(one["userId"], ("", ""))
            if code and not code.endswith("UserIds"):
                raise Rejected(400, words, pointer=code)
            for name, value in one["dataFields"].items():
                kind = _KINDS.get(type(value), "")
                if self.takes_new_fields and kind:
                    self.fields.setdefault(name, kind)
                if kind != self.fields.get(name, kind) and kind:
                    raise Rejected(400, f"{name} is a {self.fields[name]}", pointer=_MISMATCH)

    def _failure(self, user_id: str) -> str:
        """Return the list of failures that a user comes into, nothing for none."""
        if not user_id.strip() or len(user_id) > _ID_MOST:
            return "invalidUserIds"
        if user_id in self.forgotten:
            return "forgottenUserIds"
        return self.faults.items.get(user_id, ("", ""))[0]

    def _merge(self, one: Mapping[str, Any]) -> None:
        known = self.users.setdefault(one["userId"], {})
        for name, value in one["dataFields"].items():
            if value is None:
                known.pop(name, None)
            elif name in self.fields:
                known[name] = value


def _users(body: Any) -> list[dict[str, Any]]:
    if not isinstance(body, dict) or set(body) != {"users"}:
        raise Rejected(400, "expected users and nothing else")
    users = body["users"]
    if not isinstance(users, list) or not 1 <= len(users) <= _MOST:
        raise Rejected(400, f"expected 1 to {_MOST} users")
    for one in users:
        if not isinstance(one, dict) or set(one) != _USER or one["preferUserId"] is not True:
            raise Rejected(400, f"expected users with {', '.join(sorted(_USER))}, by their id")
        if not isinstance(one["userId"], str) or not isinstance(one["dataFields"], dict):
            raise Rejected(400, "expected a text as userId and an object as dataFields")
        for name, value in one["dataFields"].items():
            _check_field(name, value)
    return users


def _check_field(name: str, value: Any) -> None:
    if not _FIELD.fullmatch(name):
        raise Rejected(400, f"{name} is not a field of ours")
    if not isinstance(value, (str, int, float, type(None))):
        raise Rejected(400, f"{name} must be a text, a number or null")
    if isinstance(value, str) and len(value) > _TEXT_MOST:
        raise Rejected(400, f"{name} has more than {_TEXT_MOST} characters")


class IterableServer(HttpServer):
    """Serves a project, an empty one by default."""

    def __init__(self, state: Iterable | None = None) -> None:
        super().__init__(state or Iterable())
