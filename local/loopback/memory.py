"""What a stand-in remembers from one run to the next, as JSON.

A stand-in names its attributes that are remembered. Their values are made of JSON's own, tuples,
sets and a few classes, which it names too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

_PAIRS, _TUPLE, _SET, _OBJECT = "~pairs", "~tuple", "~set", "~object"
FORGOTTEN = {"forgotten": True}  # metadata of a dataclass's field that ends with its process


class NotRememberedError(Exception):
    """A memory that this stand-in can't have written: it has other attributes or classes."""


@runtime_checkable
class Remembering(Protocol):
    """A stand-in's state that outlives its process."""

    REMEMBERS: ClassVar[tuple[str, ...]]
    PARTS: ClassVar[tuple[type, ...]]


def memory_of(state: Remembering) -> dict[str, Any]:
    """Return what a stand-in remembers."""
    return {name: _encoded(getattr(state, name)) for name in state.REMEMBERS}


def recall(state: Remembering, memory: Mapping[str, Any]) -> None:
    """Give a stand-in what it remembered.

    Raises
    ------
    NotRememberedError
        The memory is another stand-in's, or that of another version.
    """
    if set(memory) != set(state.REMEMBERS):
        raise NotRememberedError(f"it has {sorted(memory)}, expected {sorted(state.REMEMBERS)}")
    decoded = {name: _decoded(value, state.PARTS) for name, value in memory.items()}
    for name, value in decoded.items():
        setattr(state, name, value)


def _encoded(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {
            field.name: _encoded(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if field.metadata != FORGOTTEN
        }
        return {_OBJECT: type(value).__name__, "fields": fields}
    if isinstance(value, Mapping):
        return _encoded_mapping(value)
    if isinstance(value, tuple):
        return {_TUPLE: [_encoded(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {_SET: [_encoded(item) for item in sorted(value)]}
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    return value


def _encoded_mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    if all(isinstance(name, str) and not name.startswith("~") for name in value):
        return {name: _encoded(item) for name, item in value.items()}
    return {_PAIRS: [[_encoded(name), _encoded(item)] for name, item in value.items()]}


def _decoded(value: Any, parts: Iterable[type]) -> Any:
    if isinstance(value, list):
        return [_decoded(item, parts) for item in value]
    return _decoded_mapping(value, parts) if isinstance(value, dict) else value


def _decoded_mapping(value: Mapping[str, Any], parts: Iterable[type]) -> Any:
    if _OBJECT in value:
        return _object(value, parts)
    if _TUPLE in value:
        return tuple(_decoded(item, parts) for item in value[_TUPLE])
    if _SET in value:
        return frozenset(_decoded(item, parts) for item in value[_SET])
    if _PAIRS in value:
        return {_decoded(name, parts): _decoded(item, parts) for name, item in value[_PAIRS]}
    return {name: _decoded(item, parts) for name, item in value.items()}


def _object(value: Mapping[str, Any], parts: Iterable[type]) -> Any:
    made = next((part for part in parts if part.__name__ == value[_OBJECT]), None)
    if made is None:
        raise NotRememberedError(f"it has a {value[_OBJECT]}, which is no part of this stand-in")
    fields = {name: _decoded(item, parts) for name, item in value["fields"].items()}
    try:
        return made(**fields)
    except TypeError as error:
        raise NotRememberedError(str(error)) from error
