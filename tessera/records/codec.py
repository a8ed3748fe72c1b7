"""Turn the JSON documents of a run into frozen dataclasses, and back.

A document's type says all about its form: a member is a field, in the field's type. These types
are allowed: ``str``, ``int``, ``float``, ``bool``, ``None``, ``Any`` (any JSON value), ``Literal``
of texts, ``date``, ``datetime``, ``Decimal``, dataclasses, ``tuple``, ``Mapping[str, …]``, and any
of them ``| None``. Dates, instants and decimals are texts in JSON.

Reading is strict: an unknown member, a missing one or another type is an error. Only a field with
a default may be missing. docs/decisions/0017-records.md says how documents may change.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from tessera.errors import InvalidInput
from tessera.records.fields import is_present_only, is_required, json_fields, optional
from tessera.records.leaves import READERS, WRITERS, Convert, Mismatch

Record = TypeVar("Record")


def encode(record: object) -> dict[str, Any]:
    """Return a record as a JSON object.

    Parameters
    ----------
    record
        An instance of a dataclass whose field types this module allows.

    Raises
    ------
    TypeError
        A field holds a value of another type than it declares. This is a programming error.
    """
    cls = type(record)
    try:
        return dict(_converter(cls, _WRITE)(record))
    except Mismatch as error:
        raise TypeError(f"{cls.__name__}{error.place}: {error.problem}") from None


_ADVICE = "It was edited, or written by a version that this one cannot read: run the upload again"


def decode(
    cls: type[Record],
    value: object,
    *,
    document: str,
    tolerant: bool = False,
    advice: str = _ADVICE,
) -> Record:
    """Return a JSON object as a record.

    Parameters
    ----------
    cls
        The record's dataclass.
    value
        The parsed JSON.
    document
        The document's name or key, for messages.
    tolerant
        Ignore unknown members. Use it for documents that another version may have written.
    advice
        What a reader can do about a wrong document. Empty for documents that people write, where
        the complaint says it all.

    Raises
    ------
    InvalidInput
        A member is unknown, missing or of another type. The message names document and member.
    """
    try:
        read = _converter(cls, _READ_TOLERANTLY if tolerant else _READ)
        return typing.cast(Record, read(value))
    except Mismatch as error:
        end = f". {advice}" if advice else ""
        raise InvalidInput(f"{document}{error.place}: {error.problem}{end}") from None


def decode_members(cls: type[Record], value: object, *, document: str) -> Mapping[str, Record]:
    """Return a JSON object whose members have any names, and one type.

    Raises
    ------
    InvalidInput
        As ``decode``.
    """
    members: Any = Mapping[str, cls]  # type: ignore[valid-type]
    return typing.cast(Mapping[str, Record], decode(members, value, document=document))


@dataclasses.dataclass(frozen=True, eq=False)
class _Way:
    """From JSON, or to it.

    Parameters
    ----------
    leaves
        Converts values that hold no other, by type.
    members
        Converts a dataclass, given it and the converters of its fields.
    sequence
        What a tuple becomes.
    """

    leaves: Mapping[Any, Convert]
    members: Callable[[type, Mapping[str, Convert]], Convert]
    sequence: type


def _converter(hint: Any, way: _Way) -> Convert:  # noqa: ANN401 (a type, or a special form)
    return _cached_converter(hint, way)


@functools.cache
def _cached_converter(hint: Any, way: _Way) -> Convert:  # noqa: ANN401
    inner = optional(hint)
    if inner is not None:
        convert = _converter(inner, way)
        return lambda value: None if value is None else convert(value)
    if dataclasses.is_dataclass(hint):
        cls = typing.cast(type, hint)
        fields = {name: _converter(kind, way) for name, (_, kind) in json_fields(cls).items()}
        return way.members(cls, fields)
    origin = typing.get_origin(hint)
    if origin in _GENERIC:
        return _GENERIC[origin](typing.get_args(hint), way)
    if hint not in way.leaves:
        raise TypeError(f"a record cannot hold {hint}: see tessera.records.codec")
    return way.leaves[hint]


# ---- dataclasses -------------------------------------------------------------------------------


def _reader(cls: type, members: Mapping[str, Convert], *, tolerant: bool) -> Convert:
    fields = {name: field for name, (field, _) in json_fields(cls).items()}
    needed = {name for name, field in fields.items() if is_required(field)}

    def read(value: object) -> object:
        if not isinstance(value, Mapping):
            raise Mismatch.of(value, expected="an object")
        unknown = [] if tolerant else sorted(value.keys() - members.keys())
        missing = sorted(needed - value.keys())
        if unknown or missing:
            raise Mismatch(_wrong_members(unknown, missing, known=members))
        present = {name: convert for name, convert in members.items() if name in value}
        values = _each(present, lambda name: value[name])
        try:
            return cls(**{fields[name].name: item for name, item in values.items()})
        except InvalidInput as error:  # of a check that the class makes
            raise Mismatch(str(error)) from None

    return read


def _wrong_members(unknown: Sequence[str], missing: Sequence[str], *, known: Iterable[str]) -> str:
    if unknown:
        return f"unknown member {unknown[0]!r}, expected one of {', '.join(map(repr, known))}"
    return f"{missing[0]!r} is missing"


def _writer(cls: type, members: Mapping[str, Convert]) -> Convert:
    fields = {name: field for name, (field, _) in json_fields(cls).items()}
    attributes = {name: field.name for name, field in fields.items()}
    sparse = {name for name, field in fields.items() if is_present_only(field)}

    def write(value: object) -> dict[str, Any]:
        if not isinstance(value, cls):
            raise Mismatch.of(value, expected=f"a {cls.__name__}")
        absent = {name for name in sparse if getattr(value, attributes[name]) is None}
        there = {name: convert for name, convert in members.items() if name not in absent}
        return _each(there, lambda name: getattr(value, attributes[name]))

    return write


def _each(members: Mapping[str, Convert], value_of: Callable[[str], object]) -> dict[str, Any]:
    converted = {}
    for name, convert in members.items():
        try:
            converted[name] = convert(value_of(name))
        except Mismatch as error:
            raise error.inside(f".{name}") from None
    return converted


# ---- tuples, mappings, choices -----------------------------------------------------------------


def _of_tuple(arguments: tuple[Any, ...], way: _Way) -> Convert:
    any_length = arguments[-1] is Ellipsis
    each = [_converter(one, way) for one in arguments if one is not Ellipsis]

    def convert(value: object) -> object:
        if not isinstance(value, (list, tuple)):
            raise Mismatch.of(value, expected="a list")
        if not any_length and len(value) != len(each):
            raise Mismatch(f"expected {len(each)} items, got {len(value)}")
        converted = []
        for index, item in enumerate(value):
            try:
                converted.append(each[0 if any_length else index](item))
            except Mismatch as error:
                raise error.inside(f"[{index}]") from None
        return way.sequence(converted)

    return convert


def _of_mapping(arguments: tuple[Any, ...], way: _Way) -> Convert:
    member = _converter(arguments[1], way)

    def convert(value: object) -> object:
        if not isinstance(value, Mapping):
            raise Mismatch.of(value, expected="an object")
        if not all(isinstance(name, str) for name in value):
            raise Mismatch("expected texts as the members' names")
        return _each(dict.fromkeys(value, member), lambda name: value[name])

    return convert


def _of_choices(choices: tuple[Any, ...], _way: _Way) -> Convert:
    def convert(value: object) -> object:
        if not isinstance(value, str) or value not in choices:
            raise Mismatch.of(value, expected=f"one of {', '.join(map(repr, choices))}")
        return value

    return convert


_GENERIC: Mapping[Any, Callable[[tuple[Any, ...], _Way], Convert]] = {
    tuple: _of_tuple,
    Mapping: _of_mapping,
    Literal: _of_choices,
}
_READ = _Way(READERS, functools.partial(_reader, tolerant=False), tuple)
_READ_TOLERANTLY = _Way(READERS, functools.partial(_reader, tolerant=True), tuple)
_WRITE = _Way(WRITERS, _writer, list)
