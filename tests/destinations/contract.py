"""The facts that a vendor's published description states about our requests, in our words.

``contracts/<vendor>.json`` names the document and its version. A body's facts go by path: a name
after each dot, ``[]`` for each item of a list. ``required`` holds wherever what it is a part of is
there, ``known`` are all names that an object may have (no path is the body itself), ``most`` is the
longest a list may be, and ``successes`` are the statuses of an answer that went well.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from local.services.frame.http_service import ReceivedRequest

FOLDER = Path(__file__).parent / "contracts"
VENDORS = sorted(path.stem for path in FOLDER.glob("*.json"))


@dataclasses.dataclass(frozen=True)
class Operation:
    """One call that a vendor takes."""

    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.facts['method']} {self.facts['path']}"

    @property
    def body(self) -> Mapping[str, Any]:
        return self.facts.get("body") or {}

    def matches(self, request: ReceivedRequest) -> bool:
        steps = re.split(r"\{[^}]+\}", self.facts["path"])
        pattern = "[^/]+".join(map(re.escape, steps))
        return request.method == self.facts["method"] and bool(re.fullmatch(pattern, request.path))

    def violations(self, request: ReceivedRequest) -> Iterator[str]:
        """Yield what a call breaks of the facts."""
        for name, pattern in self.facts["headers"].items():
            if not re.fullmatch(pattern, request.headers.get(name, "")):
                yield f"header {name} is missing or wrong"
        for name, value in request.query.items():
            if name not in self.facts["query"]:
                yield f"unknown parameter {name}"
            else:
                yield from _parameter(name, unquote(value), self.facts["query"][name])
        if "body" not in self.facts:
            if request.text:
                yield "a body where none is expected"
            return
        if request.headers.get("content-type") != self.facts["content_type"]:
            yield "wrong content type"
        yield from _in_body(request, self.body)


def _in_body(request: ReceivedRequest, facts: Mapping[str, Any]) -> Iterator[str]:
    if len(request.text) > facts.get("bytes", len(request.text)):
        yield "the body is too large"
    yield from _names(request.body, facts)
    for path, allowed in facts.get("enums", {}).items():
        yield from (f"{path} is {one}" for one in values(request.body, path) if one not in allowed)
    for path, most in facts.get("most", {}).items():
        yield from (f"{path} is too long" for one in values(request.body, path) if len(one) > most)
    for path, most in facts.get("item_bytes", {}).items():
        sizes = (len(json.dumps(one).encode()) for one in values(request.body, path))
        yield from (f"{path} is too large" for size in sizes if size > most)


def _names(body: Any, facts: Mapping[str, Any]) -> Iterator[str]:
    for path in facts.get("required", ()):
        parent, _, name = path.rpartition(".")
        yield from (f"{path} is missing" for one in values(body, parent) if name not in one)
    for path, known in facts.get("known", {}).items():
        unknown = (name for one in values(body, path) for name in one if name not in known)
        yield from (f"{path} has {name}" for name in unknown)


def _parameter(name: str, value: str, facts: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in facts and not set(value.split(",")) <= set(facts["enum"]):
        yield f"{name} is {value}"
    if "pattern" in facts and not re.fullmatch(facts["pattern"], value):
        yield f"{name} is {value}"
    if "most" in facts and not facts["least"] <= int(value) <= facts["most"]:
        yield f"{name} is {value}"


def values(body: Any, path: str) -> list[Any]:
    """Return all values at a path."""
    matches = [body]
    for step in path.split(".") if path else ():
        name = step.removesuffix("[]")
        matches = [one[name] for one in matches if isinstance(one, Mapping) and name in one]
        if step.endswith("[]"):
            matches = [item for items in matches for item in items]
    return matches


@dataclasses.dataclass(frozen=True)
class Contract:
    """All operations of a vendor that we use."""

    operations: tuple[Operation, ...]

    @classmethod
    def load(cls, vendor: str) -> Self:
        facts = json.loads((FOLDER / f"{vendor}.json").read_text(encoding="utf-8"))
        return cls(tuple(map(Operation, facts["operations"])))

    def operation(self, request: ReceivedRequest) -> Operation:
        """Return the operation of a request. A literal path goes before a pattern."""
        matches = [one for one in self.operations if one.matches(request)]
        assert matches, f"no such operation: {request.method} {request.path}"
        return min(matches, key=lambda one: one.facts["path"].count("{"))
