"""What HubSpot takes as contacts, properties and list filters, and who meets the latter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Set
from typing import Any

from local.services.frame.addresses import is_email
from local.services.frame.http_service import Rejected

INPUTS_MOST = 100
_VALUE_CHARACTERS = 65_536
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIELD_TYPES = {"string": {"text", "textarea"}, "number": {"number"}, "date": {"date"}}
_PROPERTY = {"name", "label", "groupName", "type", "fieldType"}
_PROPERTY_ALSO = {"description", "hasUniqueValue", "formField", "hidden", "displayOrder"}
_BRANCH = {"filterBranchType", "filterBranchOperator", "filterBranches", "filters"}
# What each takes to compare with, and how.
_OPERATORS: Mapping[tuple[str, str], tuple[str, Callable[[str, Any], bool]]] = {
    ("MULTISTRING", "IS_EQUAL_TO"): ("values", lambda value, than: value in than),
    ("ALL_PROPERTY", "IS_KNOWN"): ("", lambda value, _than: bool(value)),
    ("NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO"): (
        "value",
        lambda value, than: bool(value) and float(value) >= than,
    ),
    ("NUMBER", "IS_LESS_THAN_OR_EQUAL_TO"): (
        "value",
        lambda value, than: bool(value) and float(value) <= than,
    ),
}


def only(value: Any, needed: Set[str], *, at: str, also: Set[str] = frozenset()) -> None:
    """Refuse what is no object, lacks a field, or has one that nobody knows."""
    if not isinstance(value, dict):
        raise Rejected(400, f"{at}: expected an object")
    lacking, unknown = needed - set(value), set(value) - needed - also
    if lacking or unknown:
        words = [f"{name} is missing" for name in sorted(lacking)]
        words += [f"{name} is unknown" for name in sorted(unknown)]
        raise Rejected(400, f"{at}: {'; '.join(words)}")


def inputs(body: Any, *, most: int = INPUTS_MOST) -> list[Any]:
    """Return a batch's inputs."""
    only(body, {"inputs"}, at="the body")
    inputs_given = body["inputs"]
    if not isinstance(inputs_given, list) or not 1 <= len(inputs_given) <= most:
        raise Rejected(400, f"expected 1 to {most} inputs")
    return inputs_given


def check_contact(wanted: Any) -> None:
    """Refuse what is no input of an upsert: then nothing of the batch is done."""
    traced = {"idProperty", "objectWriteTraceId"}
    only(wanted, {"id", "properties"}, at="an input", also=traced)
    texts = [wanted[name] for name in {"id", *traced} if name in wanted]
    if not all(isinstance(text, str) and text for text in texts):
        raise Rejected(400, "expected texts that are not empty")
    values = wanted["properties"]
    if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
        raise Rejected(400, "expected properties with texts")


def wrong_value(
    values: Mapping[str, str], properties: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """Return what is wrong with a contact's values, None when nothing is."""
    for name, value in values.items():
        if name not in properties:
            return f'Property "{name}" does not exist'
        if value and not _fits(value, properties[name]["type"]):
            return f"{name}: not a {properties[name]['type']}"
        if len(value) > _VALUE_CHARACTERS:
            return f"{name}: more than {_VALUE_CHARACTERS} characters"
    if values.get("email") and not is_email(values["email"]):
        return "the email address is invalid"
    return None


def _fits(value: str, kind: str) -> bool:
    try:
        if kind == "number":
            float(value)
        if kind == "date":
            dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def check_property(wanted: Any, *, groups: Set[str], known: Set[str]) -> None:
    """Refuse a property that cannot be made."""
    only(wanted, _PROPERTY, at="a property", also=_PROPERTY_ALSO)
    if not _NAME.fullmatch(str(wanted["name"])):
        raise Rejected(400, "expected a name of a-z, 0-9 and _")
    if wanted["groupName"] not in groups:
        raise Rejected(400, f"there is no group {wanted['groupName']}")
    if wanted["fieldType"] not in _FIELD_TYPES.get(wanted["type"], set()):
        raise Rejected(400, "type and fieldType do not go together")
    if wanted["name"] in known:
        raise Rejected(409, f"the property {wanted['name']} exists")


def check_filters(branch: Any, *, properties: Set[str], kind: str = "OR") -> None:
    """Refuse filters that are not of the documented form: OR of ANDs of filters."""
    only(branch, _BRANCH, at="filterBranch")
    if branch["filterBranchType"] != kind or branch["filterBranchOperator"] != kind:
        raise Rejected(400, f"expected a branch of the type {kind}")
    inner, filters = branch["filterBranches"], branch["filters"]
    if kind == "OR":
        if filters or not inner:
            raise Rejected(400, "the outermost branch has AND branches, and no filters")
        for one in inner:
            check_filters(one, properties=properties, kind="AND")
        return
    if inner or not filters:
        raise Rejected(400, "only filters are served locally inside AND")
    for one in filters:
        _check_filter(one, properties=properties)


def _check_filter(one: Any, *, properties: Set[str]) -> None:
    only(one, {"filterType", "property", "operation"}, at="a filter")
    if one["filterType"] != "PROPERTY" or one["property"] not in properties:
        raise Rejected(400, "expected a filter on a property that there is")
    operation = one["operation"]
    needed = {"operationType", "operator", "includeObjectsWithNoValueSet"}
    only(operation, needed, at="an operation", also={"values", "value"})
    if (kind := (operation["operationType"], operation["operator"])) not in _OPERATORS:
        raise Rejected(400, "only equal, known and bounds are served locally")
    wanted = {_OPERATORS[kind][0]} - {""}
    if wanted != {name for name in ("values", "value") if name in operation}:
        raise Rejected(400, "expected what to compare with, and nothing otherwise")
    if not isinstance(operation.get("value", 0), int | float) or not operation.get("values", [1]):
        raise Rejected(400, "expected a number, or values that are not empty")


def is_member(values: Mapping[str, str], branch: Mapping[str, Any]) -> bool:
    """Return whether a contact passes a list's filters."""
    return any(
        all(_passes(values.get(one["property"], ""), one["operation"]) for one in inner["filters"])
        for inner in branch["filterBranches"]
    )


def _passes(value: str, operation: Mapping[str, Any]) -> bool:
    name, compare = _OPERATORS[operation["operationType"], operation["operator"]]
    return compare(value, operation.get(name))
