"""The whole module of TypeScript types: every schema, and every route by its method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.console_sources.expression import Schema, members, property_name, type_name, type_of

Document = Mapping[str, Any]
_HEADER = "// Written by `python -m tools.console_sources`: change the API, then run it again."
_METHODS = {"get": "Gets", "post": "Posts", "put": "Puts", "delete": "Deletes"}


def module(document: Document) -> str:
    """Return the TypeScript module for an OpenAPI 3.1 document."""
    schemas = document.get("components", {}).get("schemas", {})
    parts = [_HEADER, *(_declared(name, schemas[name]) for name in sorted(schemas))]
    parts += [_routes(document, method, interface) for method, interface in _METHODS.items()]
    return "\n\n".join(parts) + "\n"


def _declared(name: str, schema: Schema) -> str:
    comment = _comment(schema.get("description", ""))
    if schema.get("properties"):
        body = "".join(f"  {member}\n" for member in members(schema))
        return f"{comment}export interface {type_name(name)} {{\n{body}}}"
    return f"{comment}export type {type_name(name)} = {type_of(schema)}"


def _comment(description: str) -> str:
    first = description.strip().split("\n\n")[0].replace("\n", " ").replace("*/", "* /")
    return f"/** {first} */\n" if first else ""


def _routes(document: Document, method: str, interface: str) -> str:
    body = "".join(
        f"  {property_name(path)}: {_operation(document, item, item[method])}\n"
        for path, item in document.get("paths", {}).items()
        if method in item
    )
    return f"export interface {interface} {{\n{body}}}"


def _operation(document: Document, item: Schema, operation: Schema) -> str:
    parameters = [
        _resolved(document, one)
        for one in [*item.get("parameters", ()), *operation.get("parameters", ())]
    ]
    given = "; ".join(_parameter(one) for one in parameters if one["in"] in ("path", "query"))
    parts = [f"parameters: {{ {given} }}" if given else "parameters: Record<never, never>"]
    if body := _json(_resolved(document, operation.get("requestBody", {}))):
        parts.append(f"body: {body}")
    parts.append(f"answer: {_answer(document, operation)}")
    return f"{{ {'; '.join(parts)} }}"


def _parameter(parameter: Schema) -> str:
    mark = "" if parameter.get("required") else "?"
    optional = "" if parameter.get("required") else " | undefined"
    return f"{property_name(parameter['name'])}{mark}: {type_of(parameter['schema'])}{optional}"


def _answer(document: Document, operation: Schema) -> str:
    answers = dict.fromkeys(_answers(document, operation))
    return " | ".join(answers) or "undefined"


def _answers(document: Document, operation: Schema) -> Iterator[str]:
    for status, response in operation["responses"].items():
        if status.startswith("2") and (answer := _json(_resolved(document, response))):
            yield answer


def _json(holder: Schema) -> str:
    media = holder.get("content", {}).get("application/json")
    return type_of(media["schema"]) if media and "schema" in media else ""


def _resolved(document: Document, schema: Schema) -> Schema:
    """Follow a reference within the document."""
    if "$ref" not in schema:
        return schema
    place: Any = document
    for name in schema["$ref"].removeprefix("#/").split("/"):
        place = place[name]
    return dict(place)
