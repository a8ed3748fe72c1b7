from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

import jsonschema
import pytest
from hypothesis import given

from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode
from tessera.records.fields import Milliseconds
from tessera.records.schema import schema
from tests.records.instances import instances


@dataclasses.dataclass(frozen=True, kw_only=True)
class Leg:
    """One part of a way.

    Parameters
    ----------
    to, via
        Where it leads, and through what.
    metres
        Its length.
    """

    to: str
    via: str = "road"
    metres: float = dataclasses.field(default=0.0, metadata={"unit": "m"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """A way
    of every type.

    Parameters
    ----------
    legs
        Its parts,
        in order.
    """

    name: str
    count: int
    good: bool
    kind: Literal["short", "long"]
    day: dt.date
    at: dt.datetime
    began_at: Milliseconds
    cost: Decimal
    legs: tuple[Leg, ...]
    pair: tuple[int, str]
    best: Leg | None
    notes: Mapping[str, tuple[str, ...]]
    extra: Any
    origin: str = dataclasses.field(metadata={"name": "from"})
    nothing: None = None


@dataclasses.dataclass(frozen=True)
class Even:
    """A record with a rule."""

    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise InvalidInput("setting 'number' is odd: expected an even one")


@dataclasses.dataclass(frozen=True)
class Holder:
    """A record that holds one with a rule."""

    even: Even


def as_json(record: object) -> Any:
    return json.loads(json.dumps(encode(record), sort_keys=True))


@given(instances(Way))
def test_what_was_written_reads_back_equal(way: Way):
    assert decode(Way, as_json(way), document="way.json") == way


VALIDATOR = jsonschema.Draft202012Validator(schema(Way))


@given(instances(Way))
def test_the_schema_accepts_what_is_written(way: Way):
    VALIDATOR.validate(as_json(way))


def test_a_schema_is_valid_and_has_the_docstrings_texts():
    made = schema(Way)
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["description"] == "A way of every type."
    assert made["properties"]["legs"]["description"] == "Its parts, in order."
    leg = made["$defs"]["Leg"]
    assert leg["required"] == ["to"]
    assert leg["properties"]["via"]["description"] == "Where it leads, and through what."
    assert leg["properties"]["metres"] == {
        "type": "number", "description": "Its length.", "x-unit": "m",
    }  # fmt: skip


LEG = {"to": "home", "via": "road", "metres": 2.5}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"to": 3}, r"leg\.json\.to: expected a text, got 3"),
        ({"metres": "far"}, r"leg\.json\.metres: expected a number, got 'far'"),
        ({"metres": 10**400}, r"leg\.json\.metres: expected a number below 1e308, got 1000"),
        ({"metres": True}, r"leg\.json\.metres: expected a number, got True"),
        ({"colour": "red"}, r"leg\.json: unknown member 'colour'"),
    ],
)
def test_a_wrong_member_is_named(change: dict[str, Any], complaint: str):
    with pytest.raises(InvalidInput, match=complaint):
        decode(Leg, LEG | change, document="leg.json")


def test_a_member_that_is_missing_is_named_and_a_default_stands_in_for_others():
    with pytest.raises(InvalidInput, match=r"leg\.json: 'to' is missing"):
        decode(Leg, {"via": "sea"}, document="leg.json")
    assert decode(Leg, {"to": "home"}, document="leg.json") == Leg(to="home")


def test_an_unknown_member_is_ignored_at_every_depth_where_reading_is_tolerant():
    @dataclasses.dataclass(frozen=True)
    class Trip:
        legs: tuple[Leg, ...]

    newer = {"legs": [LEG | {"colour": "red"}], "fare": 3}
    with pytest.raises(InvalidInput, match="unknown member 'fare'"):
        decode(Trip, newer, document="trip.json")
    assert decode(Trip, newer, document="trip.json", tolerant=True) == Trip((Leg(**LEG),))


@pytest.mark.parametrize(
    ("cls", "value", "place"),
    [
        (Way, {"legs": [LEG, LEG | {"to": None}]}, r"way\.json\.legs\[1\]\.to"),
        (Way, {"pair": [1]}, r"way\.json\.pair: expected 2 items, got 1"),
        (Way, {"notes": {"a": ["x", 4]}}, r"way\.json\.notes\.a\[1\]: expected a text"),
        (Way, {"kind": "middle"}, r"way\.json\.kind: expected one of 'short', 'long'"),
        (Way, {"day": "2026-02-30"}, r"way\.json\.day: expected a day"),
        (Way, {"at": "2026-02-03T04:05:06"}, r"way\.json\.at: expected an instant"),
        (Way, {"cost": "NaN"}, r"way\.json\.cost: expected a decimal"),
        (Way, {"best": []}, r"way\.json\.best: expected an object"),
        (Holder, {"even": {"number": 3}}, r"way\.json\.even: setting 'number' is odd"),
    ],
)
def test_the_place_of_a_fault_is_named(cls: type, value: dict[str, Any], place: str):
    good = {
        "name": "n", "count": 1, "good": True, "kind": "short", "day": "2026-02-03",
        "at": "2026-02-03T04:05:06+00:00", "began_at": "2026-02-03T04:05:06.000+00:00",
        "cost": "1.50", "legs": [LEG], "pair": [1, "a"], "best": None, "notes": {}, "extra": [],
        "from": "afar",
    }  # fmt: skip
    whole = good | value if cls is Way else value
    if cls is Way:
        decode(Way, good, document="way.json")
    with pytest.raises(InvalidInput, match=place):
        decode(cls, whole, document="way.json")


def test_a_value_of_another_type_is_not_written():
    with pytest.raises(TypeError, match=r"Leg\.metres: expected a number, got 'far'"):
        encode(Leg(to="home", metres="far"))  # type: ignore[arg-type]


def test_an_instant_keeps_the_decimals_that_its_type_asks_for():
    @dataclasses.dataclass(frozen=True)
    class Times:
        exact: dt.datetime
        short: Milliseconds

    noon = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
    assert encode(Times(noon, noon)) == {
        "exact": "2026-02-03T12:00:00+00:00", "short": "2026-02-03T12:00:00.000+00:00",
    }  # fmt: skip


def test_a_record_holds_no_type_that_json_lacks():
    @dataclasses.dataclass(frozen=True)
    class Blob:
        data: bytes

    with pytest.raises(TypeError, match="a record cannot hold <class 'bytes'>"):
        encode(Blob(b""))
    with pytest.raises(TypeError, match="a record cannot hold <class 'bytes'>"):
        schema(Blob)
