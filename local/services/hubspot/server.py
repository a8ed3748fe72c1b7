"""HubSpot's contacts, their properties and active lists on the loopback interface.

Strict about what HubSpot's OpenAPI descriptions (version 2026-09) and guides say of our
requests. Any other request gets 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from local.services.frame.http_service import HttpServer, HttpService, ReceivedRequest, Rejected
from local.services.hubspot.privacy import gdpr_delete
from local.services.hubspot.rules import (
    check_contact,
    check_filters,
    check_property,
    inputs,
    is_member,
    only,
    wrong_value,
)

VERSION = "2026-09"
_TOKEN = re.compile(r"Bearer \S+")
_BODY_BYTES = 1_000_000
_BUILT_IN = {"email": "string", "phone": "string", "firstname": "string", "lastname": "string"}
_CATEGORIES = {401: "INVALID_AUTHENTICATION", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT",
               429: "RATE_LIMITS"}  # fmt: skip
_STAMPS = {"startedAt": "2026-05-01T03:00:00Z", "completedAt": "2026-05-01T03:00:01Z"}


class HubSpot(HttpService):
    """An account, one with no properties but its own.

    Attributes
    ----------
    contacts
        Their values by the account's id.
    properties, groups, lists
        By their names.
    traces
        Whether inputs that can be traced are refused one by one.
    """

    DESTINATION = "hubspot"
    REMEMBERS = ("contacts", "properties", "groups", "lists", "_by_key", "_number")

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[str, dict[str, str]] = {}
        self.properties: dict[str, dict[str, Any]] = {
            name: {"name": name, "type": kind, "groupName": "contactinformation"}
            for name, kind in _BUILT_IN.items()
        }
        self.groups = {"contactinformation": "Contact information"}
        self.lists: dict[str, dict[str, Any]] = {}
        self.traces = True
        self._by_key: dict[tuple[str, str], str] = {}
        self._number = 100

    @classmethod
    def with_properties(cls, wanted: Sequence[Mapping[str, Any]]) -> Self:
        """Return an account that has these properties already, and the groups they are in."""
        account = cls()
        account.groups |= {str(one["groupName"]): "Made before" for one in wanted}
        account.properties |= {str(one["name"]): dict(one) for one in wanted}
        return account

    def _next_number(self) -> str:
        self._number += 1
        return str(self._number)

    def customers(self) -> dict[str, Mapping[str, Any]]:
        """Return what contacts have, by the customer id of those that have one."""
        return {key[1]: self.contacts[contact] for key, contact in self._by_key.items()}

    def sizes(self) -> dict[str, int]:
        """Return the active lists by their names."""
        return {name: self._size(one) for name, one in self.lists.items()}

    def error(self, status: int, words: str, *, pointer: str = "") -> dict[str, Any]:
        """Return an error of the common form."""
        category = _CATEGORIES.get(status, "VALIDATION_ERROR")
        return {
            "status": "error",
            "message": f"{pointer} {words}".strip(),
            "category": category,
            "correlationId": "c",
        }

    def handle(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Route a request with valid headers."""
        if not _TOKEN.fullmatch(request.headers.get("authorization", "")):
            raise Rejected(401, "expected the header Authorization: Bearer <token>")
        if request.text and request.headers.get("content-type") != "application/json":
            raise Rejected(415, "expected the content type application/json")
        if len(request.text) > _BODY_BYTES:
            raise Rejected(413, f"the body has more than {_BODY_BYTES} bytes")
        for method, pattern, operation in _ROUTES:
            matched = re.fullmatch(pattern, request.path)
            if matched and method == request.method:
                return operation(self, request, *matched.groups())
        raise Rejected(404, f"no such request: {request.method}")

    # ---- contacts ------------------------------------------------------------------------------

    def upsert(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Upsert a batch: one by one where inputs can be traced, all or nothing otherwise."""
        wanted = inputs(request.body)
        for one in wanted:
            check_contact(one)
        traces = {one.get("objectWriteTraceId") for one in wanted} - {None}
        traced = self.traces and len(traces) == len(wanted)
        owners = self._by_email()
        refused = [error for one in wanted if (error := self._why_not(one, owners))]
        if refused and not traced:
            return int(refused[0].pop("code")), refused[0]
        results, errors = [], []
        for one in wanted:
            error = self._why_not(one, owners)
            if error is None:
                results.append(self._upsert(one))
                email = one["properties"].get("email", "").lower()
                owners |= {email: results[-1]["id"]} if email else {}
            else:
                trace = {"objectWriteTraceId": [one["objectWriteTraceId"]]}
                error.pop("code")
                errors.append({**error, "context": {**error.get("context", {}), **trace}})
        reply = {"status": "COMPLETE", "results": results, **_STAMPS}
        if not errors:
            return 200, reply
        return 207, {**reply, "numErrors": len(errors), "errors": errors}

    def read(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Return contacts by a unique property, as far as there are any."""
        needed = {"idProperty", "inputs", "properties", "propertiesWithHistory"}
        only(request.body, needed, at="the body")
        name = request.body["idProperty"]
        if name != "email" and not self.properties.get(name, {}).get("hasUniqueValue"):
            raise Rejected(400, "read by a property that is not unique")
        owners = self._by_email()
        keys: dict[str, dict[str, str]] = {}
        for (key, value), owner in self._by_key.items():
            keys.setdefault(owner, {})[key] = value
        results, missing = [], []
        for one in inputs({"inputs": request.body["inputs"]}):
            only(one, {"id"}, at="an input")
            mine = owners.get(one["id"].lower()) if name == "email" else None
            contact = mine or self._by_key.get((name, one["id"]))
            if contact is None:
                missing.append(one["id"])
                continue
            held = {**self.contacts[contact], **keys.get(contact, {})}
            values = {wanted: held.get(wanted) for wanted in request.body["properties"]}
            results.append({"id": contact, "properties": values, "archived": False})
        reply = {"status": "COMPLETE", "results": results, **_STAMPS}
        if not missing:
            return 200, reply
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": missing}}
        return 207, {**reply, "numErrors": 1, "errors": [{**error, "message": "some are missing"}]}

    def update(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Give contacts that are there other values, all of them or none."""
        wanted = inputs(request.body)
        for one in wanted:
            only(one, {"id", "properties"}, at="an input")
            if one["id"] not in self.contacts:
                raise Rejected(400, "there is no contact of that id")
            if wrong := wrong_value(one["properties"], self.properties):
                raise Rejected(400, wrong)
            for name, value in one["properties"].items():
                unique = self.properties[name].get("hasUniqueValue")
                if unique and self._by_key.setdefault((name, value), one["id"]) != one["id"]:
                    raise Rejected(409, "another contact has that value")
                if not unique:
                    self.contacts[one["id"]][name] = value
        results = [{"id": one["id"], "properties": {}, "archived": False} for one in wanted]
        return 200, {"status": "COMPLETE", "results": results, **_STAMPS}

    def _by_email(self) -> dict[str, str]:
        """Return the contact of each address, which is one whatever its letters' case."""
        return {
            held["email"].lower(): one for one, held in self.contacts.items() if "email" in held
        }

    def _why_not(
        self, wanted: Mapping[str, Any], owners: Mapping[str, str]
    ) -> dict[str, Any] | None:
        key = (wanted.get("idProperty", "hs_object_id"), wanted["id"])
        if not self.properties.get(key[0], {}).get("hasUniqueValue"):
            return _refused(400, "VALIDATION_ERROR", "upsert by a property that is not unique")
        if key[1] in self.faults.items:
            return _refused(400, *self.faults.items[key[1]])
        wrong = wrong_value(wanted["properties"], self.properties)
        if wrong is not None:
            return _refused(400, "VALIDATION_ERROR", wrong)
        email = wanted["properties"].get("email", "").lower()
        owner = owners.get(email)
        if owner not in (None, self._by_key.get(key)):
            error = _refused(409, "CONFLICT", f"Contact already exists. Existing ID: {owner}")
            return {**error, "context": {"existingId": [owner]}}
        return None

    def _upsert(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        key = (wanted["idProperty"], wanted["id"])
        new = key not in self._by_key
        contact = self._by_key.setdefault(key, self._next_number())
        held = {**self.contacts.get(contact, {}), **wanted["properties"]}
        self.contacts[contact] = {name: value for name, value in held.items() if value}
        reply = {"id": contact, "new": new, "archived": False, "properties": {}}
        trace = {"objectWriteTraceId": wanted.get("objectWriteTraceId")}
        stamps = {"createdAt": _STAMPS["startedAt"], "updatedAt": _STAMPS["startedAt"]}
        return {**reply, **stamps, **{name: one for name, one in trace.items() if one}}

    # ---- properties ----------------------------------------------------------------------------

    def list_properties(self, _request: ReceivedRequest) -> tuple[int, Any]:
        """Return every property."""
        return 200, {"results": list(self.properties.values())}

    def list_groups(self, _request: ReceivedRequest) -> tuple[int, Any]:
        """Return every group."""
        return 200, {"results": [{"name": name} for name in self.groups]}

    def get_group(self, _request: ReceivedRequest, name: str) -> tuple[int, Any]:
        """Return a group."""
        if name not in self.groups:
            raise Rejected(404, f"there is no group {name}")
        return 200, {"name": name, "label": self.groups[name], "archived": False}

    def create_group(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Make a group."""
        only(request.body, {"name", "label"}, at="a group")
        if request.body["name"] in self.groups:
            raise Rejected(409, f"the group {request.body['name']} exists")
        self.groups[request.body["name"]] = request.body["label"]
        return 201, request.body

    def create_properties(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Make properties."""
        wanted = inputs(request.body)
        for one in wanted:
            check_property(one, groups=set(self.groups), known=set(self.properties))
            self.properties[one["name"]] = one
        return 200, {"status": "COMPLETE", "results": wanted, **_STAMPS}

    # ---- lists ---------------------------------------------------------------------------------

    def get_list(self, request: ReceivedRequest, name: str) -> tuple[int, Any]:
        """Return a list of contacts, with its filters when that is asked for."""
        if name not in self.lists:
            raise Rejected(404, "the list does not exist")
        contact_list = self.lists[name]
        size = self._size(contact_list)
        if request.query.get("includeFilters") != "true":
            contact_list = {
                key: value for key, value in contact_list.items() if key != "filterBranch"
            }
        return 200, {"list": {**contact_list, "size": size}}

    def _size(self, wanted: Mapping[str, Any]) -> int:
        return sum(is_member(one, wanted["filterBranch"]) for one in self.contacts.values())

    def create_list(self, request: ReceivedRequest) -> tuple[int, Any]:
        """Make an active list of contacts. Its name has to be its own."""
        wanted = request.body
        only(wanted, {"name", "objectTypeId", "processingType", "filterBranch"}, at="a list")
        if (wanted["objectTypeId"], wanted["processingType"]) != ("0-1", "DYNAMIC"):
            raise Rejected(400, "only active lists of contacts are served locally")
        check_filters(wanted["filterBranch"], properties=set(self.properties))
        if wanted["name"] in self.lists:
            raise Rejected(400, "a list has that name")
        number = self._next_number()
        state = {"listId": number, "listVersion": 1, "processingStatus": "COMPLETE"}
        self.lists[wanted["name"]] = {**wanted, **state}
        return 200, {"list": self.lists[wanted["name"]]}

    def change_filters(self, request: ReceivedRequest, number: str) -> tuple[int, Any]:
        """Change a list's filters."""
        only(request.body, {"filterBranch"}, at="the body")
        check_filters(request.body["filterBranch"], properties=set(self.properties))
        contact_list = next((one for one in self.lists.values() if one["listId"] == number), None)
        if contact_list is None:
            raise Rejected(404, "the list does not exist")
        contact_list.update(request.body, listVersion=contact_list["listVersion"] + 1)
        return 200, {"updatedList": contact_list}

    def delete_list(self, _request: ReceivedRequest, number: str) -> tuple[int, Any]:
        """Delete a list."""
        name = next((name for name, one in self.lists.items() if one["listId"] == number), None)
        if name is None:
            raise Rejected(404, "the list does not exist")
        del self.lists[name]
        return 204, None


def _refused(status: int, category: str, message: str) -> dict[str, Any]:
    return {"code": status, "status": "error", "category": category, "message": message}


_PROPERTIES = f"/crm/properties/{VERSION}/contacts"
_LISTS = f"/crm/lists/{VERSION}"
_Operation = Callable[..., tuple[int, Any]]
_ROUTES: Sequence[tuple[str, str, _Operation]] = (
    ("POST", f"/crm/objects/{VERSION}/contacts/batch/read", HubSpot.read),
    ("POST", f"/crm/objects/{VERSION}/contacts/batch/upsert", HubSpot.upsert),
    ("POST", f"/crm/objects/{VERSION}/contacts/batch/update", HubSpot.update),
    ("POST", f"/crm/objects/{VERSION}/contacts/gdpr-delete", gdpr_delete),
    ("GET", _PROPERTIES, HubSpot.list_properties),
    ("GET", f"{_PROPERTIES}/groups", HubSpot.list_groups),
    ("GET", f"{_PROPERTIES}/groups/([^/]+)", HubSpot.get_group),
    ("POST", f"{_PROPERTIES}/groups", HubSpot.create_group),
    ("POST", f"{_PROPERTIES}/batch/create", HubSpot.create_properties),
    ("GET", f"{_LISTS}/object-type-id/0-1/name/([^/]+)", HubSpot.get_list),
    ("POST", _LISTS, HubSpot.create_list),
    ("PUT", f"{_LISTS}/([^/]+)/update-list-filters", HubSpot.change_filters),
    ("DELETE", f"{_LISTS}/([^/]+)", HubSpot.delete_list),
)


class HubSpotServer(HttpServer):
    """Serves an account, an empty one by default."""

    def __init__(self, state: HubSpot | None = None) -> None:
        super().__init__(state or HubSpot())
