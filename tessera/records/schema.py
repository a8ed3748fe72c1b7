"""JSON Schema of the documents of a run, made from their types and docstrings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from tessera.records.fields import (
    Milliseconds,
    descriptions,
    is_required,
    json_fields,
    optional,
    summary,
)

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_LEAVES: dict[Any, dict[str, Any]] = {
    Any: {},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    Milliseconds: {"type": "string", "format": "date-time"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$"},
}


def schema(hint: Any) -> dict[str, Any]:  # noqa: ANN401 (a type, which may be a special form)
    """Return the JSON Schema (draft 2020-12) of a document.

    Parameters
    ----------
    hint
        A type that ``tessera.records.codec`` reads, such as a dataclass. Its docstring's
        ``Parameters`` become descriptions. ``field(metadata={"unit": "days"})`` becomes ``x-unit``,
        and ``metadata={"schema": …}`` adds limits, which the class checks itself.
    """
    definitions: dict[str, dict[str, Any]] = {}
    is_object = dataclasses.is_dataclass(hint)
    document = (_object if is_object else _of)(hint, definitions)
    return {"$schema": DRAFT, **document} | ({"$defs": definitions} if definitions else {})


def _object(cls: type, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    described, fields = descriptions(cls), json_fields(cls)
    properties = {
        name: _property(field, _of(hint, definitions), described.get(field.name, ""))
        for name, (field, hint) in fields.items()
    }
    return {
        "title": cls.__name__,
        "description": summary(cls),
        "type": "object",
        "properties": properties,
        "required": [name for name, (field, _) in fields.items() if is_required(field)],
        "additionalProperties": False,
    }


def _property(
    field: dataclasses.Field[Any], of_type: dict[str, Any], description: str
) -> dict[str, Any]:
    text = {"description": description} if description else {}
    unit = {"x-unit": field.metadata["unit"]} if "unit" in field.metadata else {}
    limits: dict[str, Any] = field.metadata.get("schema", {})
    return of_type | text | unit | limits


def _of(hint: Any, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    inner = optional(hint)
    if inner is not None:
        return {"anyOf": [_of(inner, definitions), {"type": "null"}]}
    if dataclasses.is_dataclass(hint):
        return _reference(typing.cast(type, hint), definitions)
    if hint in _LEAVES:
        return dict(_LEAVES[hint])
    return _generic(hint, definitions)


def _generic(hint: Any, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return _array(arguments, definitions)
    raise TypeError(f"a record cannot hold {hint}: see tessera.records.codec")


def _reference(cls: type, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = cls.__name__
    if name not in definitions:
        definitions[name] = {}  # a type may hold itself
        definitions[name] = _object(cls, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _array(arguments: tuple[Any, ...], definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    items = [_of(each, definitions) for each in arguments]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
