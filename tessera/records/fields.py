"""The fields of a record, as the codec and the schema read them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from typing import Annotated, Any, TypeVar

MILLISECONDS = "milliseconds"
Milliseconds = Annotated[dt.datetime, MILLISECONDS]  # an instant written with three decimals
_KEY = "present_only"
PRESENT_ONLY = {_KEY: True}  # metadata of a field that is None by default, and then no member
_Part = TypeVar("_Part")


def part_of(record: object, kind: type[_Part], **more: object) -> _Part:
    """Return a record of another kind, with what both have under the same name.

    Parameters
    ----------
    record
        What the members are taken from.
    kind
        A dataclass.
    more
        Members that the record lacks, or has under another name.
    """
    names = {field.name for field in dataclasses.fields(kind)} - more.keys()  # type: ignore[arg-type]
    return kind(**{name: getattr(record, name) for name in names}, **more)


def json_fields(cls: type) -> dict[str, tuple[dataclasses.Field[Any], Any]]:
    """Return a dataclass's fields by their member of the JSON object, each with its type.

    A member is called like its field. ``metadata={"name": "from"}`` gives one another name.
    """
    hints = typing.get_type_hints(cls, include_extras=True)
    return {
        field.metadata.get("name", field.name): (field, hints[field.name])
        for field in dataclasses.fields(cls)
        if field.init
    }


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Return whether a field has no default, so that its member must be there."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def is_present_only(field: dataclasses.Field[Any]) -> bool:
    """Return whether a field has the metadata ``PRESENT_ONLY``: no member where it is None."""
    return _KEY in field.metadata


def optional(hint: Any) -> Any | None:  # noqa: ANN401 (a type, which may be a special form)
    """Return X of ``X | None``, or None for any other type.

    Raises
    ------
    TypeError
        It is a union of several types, which JSON could not distinguish.
    """
    if typing.get_origin(hint) not in (types.UnionType, typing.Union):
        return None
    inner = [each for each in typing.get_args(hint) if each is not types.NoneType]
    if len(inner) != 1:
        raise TypeError(f"{hint} is a union of several types: a record holds one, or None")
    return inner[0]


def descriptions(cls: type) -> dict[str, str]:
    """Return what a dataclass's docstring says of its fields, under ``Parameters``.

    A field's own ``metadata={"description": …}`` wins over the docstring.
    """
    described: dict[str, str] = {}
    for each in reversed(cls.__mro__):  # a field may be described where it is inherited from
        described |= _parameters(each.__doc__ or "")
    for field in dataclasses.fields(cls):
        if "description" in field.metadata:
            described[field.name] = field.metadata["description"]
    return described


def summary(cls: type) -> str:
    """Return the first paragraph of a dataclass's docstring."""
    return " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())


def _parameters(docstring: str) -> dict[str, str]:
    lines = docstring.expandtabs().splitlines()
    start = next((i for i, line in enumerate(lines) if line.strip() == "Parameters"), None)
    if start is None:
        return {}
    margin = len(lines[start]) - len(lines[start].lstrip())
    described: dict[str, str] = {}
    names: list[str] = []
    for line in lines[start + 2 :]:
        indent = len(line) - len(line.lstrip())
        if set(line.strip()) == {"-"}:  # the next section's underline
            break
        if line.strip() and indent == margin:
            names = [name.strip() for name in line.split(":")[0].split(",")]
        elif line.strip():
            for name in names:
                described[name] = f"{described.get(name, '')} {line.strip()}".strip()
    return described
