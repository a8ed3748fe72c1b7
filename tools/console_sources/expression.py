"""A JSON Schema of OpenAPI 3.1 as a TypeScript type."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def type_of(schema: Schema | bool) -> str:  # noqa: FBT001 (a schema can be `true`)
    """Return the TypeScript type of a schema, on one line.

    Raises
    ------
    ValueError
        The schema uses a keyword that has no TypeScript type here.
    """
    if isinstance(schema, bool) or not _constraints(schema):
        return "unknown"
    if "$ref" in schema:
        return type_name(schema["$ref"].rsplit("/", 1)[-1])
    for keyword, joined in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        if keyword in schema:
            return joined.join(dict.fromkeys(_grouped(type_of(one)) for one in schema[keyword]))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    return _by_type(schema)


def type_name(name: str) -> str:
    """Return a schema's name as an identifier: ``Page[Customer]`` becomes ``Page_Customer``."""
    return re.sub(r"\W+", "_", name).strip("_")


def members(schema: Schema) -> list[str]:
    """Return an object's members, one TypeScript line each."""
    required = frozenset(schema.get("required", ()))
    return [
        f"{property_name(name)}{'' if name in required else '?'}: {type_of(of)}"
        for name, of in schema.get("properties", {}).items()
    ]


def property_name(name: str) -> str:
    """Return a member's name, quoted where TypeScript asks for it."""
    return name if _IDENTIFIER.fullmatch(name) else json.dumps(name)


def _by_type(schema: Schema) -> str:
    kind = schema["type"]
    if isinstance(kind, list):
        return " | ".join(type_of({**schema, "type": one}) for one in kind)
    if kind == "array":
        return _array(schema)
    if kind == "object":
        return _object(schema)
    if kind not in _PLAIN:
        raise ValueError(f"a schema has the type {kind!r}, which JSON Schema does not know")
    return _PLAIN[kind]


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(type_of(one) for one in schema['prefixItems'])}]"
    return f"{_grouped(type_of(schema.get('items', True)))}[]"


def _object(schema: Schema) -> str:
    if "properties" in schema:
        return f"{{ {'; '.join(members(schema))} }}"
    return f"Record<string, {type_of(schema.get('additionalProperties', True))}>"


def _grouped(text: str) -> str:
    return f"({text})" if " | " in text or " & " in text else text


def _constraints(schema: Schema) -> bool:
    return any(
        keyword in schema
        for keyword in ("$ref", "anyOf", "oneOf", "allOf", "const", "enum", "type")
    )
