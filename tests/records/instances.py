"""Any instance of a record, and what two versions of a document share."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from hypothesis import strategies as st

from tessera.records.fields import Milliseconds, json_fields, optional

OFFSETS = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))])
INSTANTS = st.datetimes(timezones=OFFSETS)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    Any: JSON,
    str: st.text(max_size=10),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    types.NoneType: st.none(),
    dt.date: st.dates(),
    dt.datetime: INSTANTS,
    Milliseconds: INSTANTS.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


def instances(
    hint: Any, known: Mapping[Any, st.SearchStrategy[Any]] = types.MappingProxyType({})
) -> st.SearchStrategy[Any]:
    """Any value of a type that the codec allows. ``known`` gives those of types with rules."""
    simple = LEAVES | dict(known)
    if hint in simple:
        return simple[hint]
    inner = optional(hint)
    if inner is not None:
        return st.none() | instances(inner, known)
    if dataclasses.is_dataclass(hint):
        fields = json_fields(typing.cast(type, hint)).values()
        return st.builds(hint, **{f.name: instances(kind, known) for f, kind in fields})
    return _generic(hint, known)


def _generic(hint: Any, known: Mapping[Any, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is Mapping:
        return st.dictionaries(st.text(max_size=5), instances(arguments[1], known), max_size=2)
    assert origin is tuple, hint
    if arguments[-1] is Ellipsis:
        return st.lists(instances(arguments[0], known), max_size=2).map(tuple)
    return st.tuples(*(instances(each, known) for each in arguments))


def shared(written: Any, value: Any) -> Any:
    """Return what is written without the members that the stored value lacks."""
    if isinstance(written, dict) and isinstance(value, dict):
        return {name: shared(item, value[name]) for name, item in written.items() if name in value}
    if isinstance(written, list) and isinstance(value, list) and len(written) == len(value):
        return [shared(*pair) for pair in zip(written, value, strict=True)]
    return written
