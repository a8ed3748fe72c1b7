"""Requests of a REST service as its botocore model describes them: routed, parsed, validated.

The SDK checks required members, types, unknown keys and minimums before it sends. The service
also checks enums, patterns and maximums, so a local stand-in has to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from botocore.validate import ParamValidator

from local.loopback.models import service_model

_LABEL = re.compile(r"\{([\w-]+)(\+)?\}")
_NUMBERS = ("integer", "long", "float", "double")


class ServiceModel:
    """One service's model.

    Parameters
    ----------
    name
        As botocore calls the service, such as ``customer-profiles``.
    """

    def __init__(self, name: str) -> None:
        self._model = service_model(name)
        self._validator = ParamValidator()
        routes = [self._route(operation) for operation in self._model.operation_names]
        # Fewer labels first: /profiles/search is not a profile called "search".
        self._routes = sorted(routes, key=lambda route: (len(route[3]), route[2]))

    def match(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """Return the operation and its path's values, None when there is no such route."""
        for verb, pattern, operation, labels in self._routes:
            matched = pattern.fullmatch(path) if verb == method else None
            if matched:
                return operation, dict(zip(labels, map(unquote, matched.groups()), strict=True))
        return None

    def parse(
        self, operation: str, *, path: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        """Return an operation's parameters from the parts of a request.

        Raises
        ------
        ValueError
            The body is no JSON object, or a number in the query is none.
        """
        sent = json.loads(body) if body else {}
        if not isinstance(sent, dict):
            raise ValueError("the body must be a JSON object")  # noqa: TRY004 (of the sender)
        shape = self._model.operation_model(operation).input_shape
        if shape is not None and (payload := shape.serialization.get("payload")):
            sent = {payload: sent}  # the body is this member alone
        parameters: dict[str, Any] = {}
        for name, member in shape.members.items() if shape else ():
            place = member.serialization.get("location")
            wire = member.serialization.get("name", name)
            source: Mapping[str, Any] = {"uri": path, "querystring": query}.get(str(place), sent)
            if wire in source:
                value = source[wire]
                parameters[name] = int(value) if place and member.type_name in _NUMBERS else value
                if source is sent:
                    del sent[wire]
        return parameters | sent  # what is left is unknown, and the check will say so

    def problems(self, operation: str, parameters: Mapping[str, Any]) -> list[str]:
        """Return everything that is wrong with the parameters, as the service would see it."""
        shape = self._model.operation_model(operation).input_shape
        if shape is None:
            return []
        report = self._validator.validate(dict(parameters), shape)
        faults = [report.generate_report()] if report.has_errors() else []
        return faults + list(_violations(parameters, shape, where=operation))

    def reply(self, operation: str, result: Mapping[str, Any]) -> Any:
        """Return an operation's answer as its body has it: whole, or the one member that it is."""
        shape = self._model.operation_model(operation).output_shape
        payload = shape.serialization.get("payload") if shape is not None else None
        return result[payload] if payload else result

    def _route(self, operation: str) -> tuple[str, re.Pattern[str], str, list[str]]:
        http = self._model.operation_model(operation).http
        path = http["requestUri"].partition("?")[0]
        # Split at the labels, each of which leaves its name and its plus there.
        first, *others = _LABEL.split(path)
        names, pluses, texts = others[::3], others[1::3], others[2::3]
        pattern = re.escape(first) + "".join(
            ("(.+)" if plus else "([^/]+)") + re.escape(text)
            for plus, text in zip(pluses, texts, strict=True)
        )
        return http["method"], re.compile(pattern), operation, names


def _violations(value: Any, shape: Any, *, where: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for name, inner in value.items():
            if name in shape.members:
                yield from _violations(inner, shape.members[name], where=f"{where}.{name}")
    elif shape.type_name == "string" and isinstance(value, str):
        yield from _text(value, shape, where=where)
    elif shape.type_name in _NUMBERS and isinstance(value, int | float):
        yield from _outside(value, shape, f"{where}: is {value}")
    else:
        yield from _collection(value, shape, where=where)


def _collection(value: Any, shape: Any, *, where: str) -> Iterator[str]:
    if shape.type_name == "list" and isinstance(value, list):
        yield from _outside(len(value), shape, f"{where}: has {len(value)} items")
        for index, inner in enumerate(value):
            yield from _violations(inner, shape.member, where=f"{where}[{index}]")
    elif shape.type_name == "map" and isinstance(value, Mapping):
        yield from _outside(len(value), shape, f"{where}: has {len(value)} entries")
        for name, inner in value.items():
            yield from _violations(name, shape.key, where=f"{where} key")
            yield from _violations(inner, shape.value, where=f"{where}.{name}")


def _text(value: str, shape: Any, *, where: str) -> Iterator[str]:
    yield from _outside(len(value), shape, f"{where}: has {len(value)} characters")
    if shape.enum and value not in shape.enum:
        yield f"{where}: must be one of {', '.join(shape.enum)}"
    pattern = shape.metadata.get("pattern")
    if pattern and re.search(pattern, value) is None:
        yield f"{where}: must match {pattern}"


def _outside(size: float, shape: Any, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{what}, fewer than {least}"
    if most is not None and size > most:
        yield f"{what}, more than {most}"
