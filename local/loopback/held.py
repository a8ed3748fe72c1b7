"""What stand-ins hold, to show what a tool would have by now."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Protocol, TypedDict, runtime_checkable

from tessera.contracts.customer_profiles import is_set_attribute
from tessera.destinations.content import LABELS


class Held(TypedDict):
    """Customers' attributes by the shop's customer id, and segments' members by their names."""

    customers: Mapping[str, Mapping[str, Any]]
    segments: Mapping[str, int]


class Seen(TypedDict):
    """The same in figures: ``labels`` counts customers by attribute and label.

    ``held`` has the customers that were asked for, as they are held.
    """

    customers: int
    segments: dict[str, int]
    labels: dict[str, dict[str, int]]
    held: dict[str, dict[str, Any]]


@runtime_checkable
class Holder(Protocol):
    """A service that stands in for a destination."""

    def held(self) -> Held | None:
        """Return what it holds, None where that is not to be seen."""
        ...


def seen(held: Held, *, most: int = 0, customer: str = "") -> Seen:
    """Count what is held, with the first customers or the one that is asked for."""
    customers = held["customers"]
    wanted = [customer] if customer else itertools.islice(customers, most)
    return {
        "customers": len(customers),
        "segments": dict(sorted(held["segments"].items())),
        "labels": _labels(customers),
        "held": {name: dict(customers[name]) for name in wanted if name in customers},
    }


def _labels(customers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for attributes in customers.values():
        for name, value in attributes.items():
            if (name in LABELS or is_set_attribute(name)) and value:
                counts[name][str(value)] += 1
    return {name: dict(counts[name].most_common()) for name in sorted(counts)}
