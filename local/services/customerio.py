"""Customer.io's Track API on the loopback interface: attributes of people, and who is refused.

Strict about what Customer.io's description says of a batch: people are identified or suppressed. It
takes no address, no device, no event, no preference and no merge, as we send none. Any other
request gets 404.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected

_BODY_BYTES = 500_000
_OPERATION_BYTES = 32_000
_ID_BYTES = 150
_VALUE_BYTES = 1_000
_MOST_ATTRIBUTES = 300
_OPERATION = {"type", "identifiers", "action", "attributes"}
_NO_REGION = (400, {"meta": {"error": "the credentials are not valid"}})
_ATTRIBUTE = re.compile(r"rfm_[a-z0-9_]{1,140}")


class CustomerIo(HttpService):
    """A workspace that identifies people by id.

    Attributes
    ----------
    people
        Attributes by id.
    suppressed
        Ids for which everything is ignored.
    """

    DESTINATION = "customerio"
    REMEMBERS = ("people", "suppressed")

    def __init__(self) -> None:
        super().__init__()
        self.people: dict[str, dict[str, Any]] = {}
        self.suppressed: list[str] = []

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return the people's attributes."""
        return dict(self.people)

    def error(self, _status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error about a whole request. A pointer is the field."""
        return {"errors": [{"reason": "invalid", "field": pointer, "message": words}]}

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Accept a batch except for wrong items, or answer the account's region."""
        known = _is_key(request.headers.get("authorization", ""))
        if (request.method, request.path) == ("GET", "/api/v1/accounts/region"):
            return _region() if known else _NO_REGION
        if not known:
            raise Rejected(401, "Unauthorized request")
        if (request.method, request.path) != ("POST", "/api/v2/batch"):
            raise Rejected(404, f"no such request: {request.method} {request.path}")
        if request.headers.get("content-type") != "application/json":
            raise Rejected(400, "expected the content type application/json")
        if len(request.text) >= _BODY_BYTES:
            raise Rejected(400, f"the body is not smaller than {_BODY_BYTES} bytes")
        errors = []
        for index, one in enumerate(_operations(request.body)):
            wrong = self._wrong(one)
            if wrong:
                errors.append({"batch_index": index, **wrong})
            else:
                self._update(one)
        return (207, {"errors": errors}) if errors else (200, {})

    def _wrong(self, one: Any) -> dict[str, str]:
        """Return why an operation is not taken, nothing when it is."""
        wrong = _wrong_form(one)
        if wrong:
            return wrong
        reason, words = self.faults.items.get(one["identifiers"]["id"], ("", ""))
        if reason:
            return {"reason": reason, "field": "", "message": words}
        return _wrong_attributes(one["attributes"]) if one["action"] == "identify" else {}

    def _update(self, one: Mapping[str, Any]) -> None:
        customer_id = one["identifiers"]["id"]
        if one["action"] == "suppress":
            self.people.pop(customer_id, None)
            self.suppressed.append(customer_id)
        if customer_id in self.suppressed:
            return
        known = self.people.setdefault(one["identifiers"]["id"], {})
        for name, value in one["attributes"].items():
            if value == "":
                known.pop(name, None)
            else:
                known[name] = value


def _region() -> tuple[int, Any]:
    return 200, {"url": "https://track.customer.io", "region": "us", "environment_id": 1}


def _is_key(header: str) -> bool:
    scheme, _, encoded = header.partition(" ")
    try:
        site_id, _, key = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except ValueError:
        site_id = key = ""
    return scheme == "Basic" and bool(site_id and key)


def _operations(body: Any) -> list[Any]:
    if not isinstance(body, dict) or set(body) != {"batch"}:
        raise Rejected(400, "expected a batch and nothing else", pointer="batch")
    if not isinstance(body["batch"], list) or not body["batch"]:
        raise Rejected(400, "expected operations", pointer="batch")
    operations: list[Any] = body["batch"]
    return operations


def _wrong_form(one: Any) -> dict[str, str]:
    action = one.get("action") if isinstance(one, dict) else None
    needed = _OPERATION - {"attributes"} if action == "suppress" else _OPERATION
    if not isinstance(one, dict) or set(one) != needed:
        return _error("", f"expected {', '.join(sorted(needed))} and nothing else")
    if one["type"] != "person" or action not in ("identify", "suppress"):
        return _error("action", "expected a person to identify or to suppress")
    if not isinstance(one["identifiers"], dict) or set(one["identifiers"]) != {"id"}:
        return _error("identifiers", "expected an id and nothing else")
    customer_id = one["identifiers"]["id"]
    if not isinstance(customer_id, str) or not 0 < len(customer_id.encode()) <= _ID_BYTES:
        return _error("id", f"expected a text of 1 to {_ID_BYTES} bytes")
    if len(json.dumps(one, ensure_ascii=False).encode()) > _OPERATION_BYTES:
        return _error("", f"more than {_OPERATION_BYTES} bytes")
    return {}


def _wrong_attributes(attributes: Any) -> dict[str, str]:
    if not isinstance(attributes, dict) or len(attributes) > _MOST_ATTRIBUTES:
        return _error("attributes", f"expected at most {_MOST_ATTRIBUTES} attributes")
    for name, value in attributes.items():
        if not _ATTRIBUTE.fullmatch(name):
            return _error(name, "not an attribute of ours")
        if not isinstance(value, (str, int, float)):
            return _error(name, "expected a text or a number")
        if isinstance(value, str) and len(value.encode()) > _VALUE_BYTES:
            return _error(name, f"cannot be longer than {_VALUE_BYTES} bytes")
    return {}


def _error(field: str, message: str) -> dict[str, str]:
    return {"reason": "invalid", "field": field, "message": message}


class CustomerIoServer(HttpServer):
    """Serves a workspace, an empty one by default."""

    def __init__(self, state: CustomerIo | None = None) -> None:
        super().__init__(state or CustomerIo())
