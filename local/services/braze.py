"""Braze's user interface on the loopback interface: attributes, and who is refused.

Strict about what Braze's documentation says of ``/users/track`` and ``/users/delete``. It takes no
address, no state of a subscription and no event, as we send none. Any other request gets 404.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected

_KEY = re.compile(r"Bearer \S+")
_MOST = 50  # what every contract allows
_TEXT_MOST = 255
_OWN = {"external_id", "_update_existing_only"}
_CUSTOM = re.compile(r"rfm_[a-z0-9_]+")
_NOTHING = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."


class Braze(HttpService):
    """A workspace.

    Attributes
    ----------
    users
        Custom attributes by external_id.
    """

    DESTINATION = "braze"
    REMEMBERS = ("users",)

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, dict[str, Any]] = {}

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the users' custom attributes."""
        return dict(self.users)

    def error(self, _status: int, words: str, *, pointer: str = "") -> dict[str, Any]:  # noqa: ARG002
        """Return an error about a whole request."""
        return {"message": words}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Take attributes in, all but those that are wrong."""
        if request.method != "POST" or request.path not in ("/users/track", "/users/delete"):
            raise Rejected(404, f"no such request: {request.method} {request.path}")
        if not _KEY.fullmatch(request.headers.get("authorization", "")):
            raise Rejected(401, "Invalid API key")
        if request.headers.get("content-type") != "application/json":
            raise Rejected(400, "expected the content type application/json")
        if request.path == "/users/delete":
            return 201, {"message": "success", "deleted": self._delete(request.body)}
        return self._track(request.body)

    def _track(self, body: Any) -> tuple[int, Any]:
        objects = _objects(body)
        refused = {index: words for index, one in enumerate(objects) if (words := self._wrong(one))}
        for index, one in enumerate(objects):
            if index not in refused:
                self._update(one)
        errors = [
            {"type": words, "input_array": "attributes", "index": index}
            for index, words in refused.items()
        ]
        failures = {"errors": errors} if errors else {}
        if len(refused) == len(objects):
            return 400, {"message": _NOTHING, **failures}
        return 201, {
            "message": "success",
            "attributes_processed": len(objects) - len(refused),
            **failures,
        }

    def _wrong(self, one: Any) -> str:
        """Return why an attributes object is not taken, nothing when it is."""
        customer_id = one.get("external_id") if isinstance(one, dict) else None
        if not isinstance(customer_id, str) or not customer_id:
            return "'external_id' is required"
        if customer_id in self.faults.items:
            return self.faults.items[customer_id][1]
        if one.get("_update_existing_only") is not False:
            return "'_update_existing_only' must be false to create users"
        custom = {name: value for name, value in one.items() if name not in _OWN}
        return next(filter(None, (_wrong_value(*pair) for pair in custom.items())), "")

    def _delete(self, body: Any) -> int:
        """Queue users for deletion, which happens at once. Return how many are known."""
        ids = body.get("external_ids") if isinstance(body, dict) else None
        if not isinstance(ids, list) or set(body) != {"external_ids"}:
            raise Rejected(400, "expected external_ids and nothing else")
        if not 1 <= len(ids) <= _MOST or not all(isinstance(one, str) and one for one in ids):
            raise Rejected(400, f"expected 1 to {_MOST} ids")
        return len([one for one in ids if self.users.pop(one, None) is not None])

    def _update(self, one: Mapping[str, Any]) -> None:
        known = self.users.setdefault(one["external_id"], {})
        known.update({name: value for name, value in one.items() if name not in _OWN})
        for name in [name for name, value in known.items() if value is None]:
            del known[name]


def _wrong_value(name: str, value: Any) -> str:
    if not _CUSTOM.fullmatch(name):
        return f"'{name}' is not an attribute of ours"
    if not isinstance(value, (str, int, float, type(None))):
        return f"'{name}' must be a text, a number or null"
    if isinstance(value, str) and len(value) > _TEXT_MOST:
        return f"'{name}' has more than {_TEXT_MOST} characters"
    return ""


def _objects(body: Any) -> list[Any]:
    if not isinstance(body, dict) or set(body) != {"attributes"}:
        raise Rejected(400, "expected attributes and nothing else")
    objects = body["attributes"]
    if not isinstance(objects, list) or not 1 <= len(objects) <= _MOST:
        raise Rejected(400, f"expected 1 to {_MOST} attributes objects")
    return objects


class BrazeServer(HttpServer):
    """Serves a workspace, an empty one by default."""

    def __init__(self, state: Braze | None = None) -> None:
        super().__init__(state or Braze())
