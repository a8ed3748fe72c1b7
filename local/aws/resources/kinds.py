"""What a type of CloudFormation is to embedded AWS: how to create it, and what it obeys."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

Properties = dict[str, Any]
Client = Callable[[str], Any]


@dataclasses.dataclass(frozen=True)
class Made:
    """A created resource: what ``Ref`` gives, and what ``Fn::GetAtt`` gives."""

    ref: str
    attributes: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Kind:
    """How to create one type.

    Parameters
    ----------
    create
        (properties, client) to what was made.
    uses
        The properties that ``create`` obeys.
    ignores
        The properties that mean nothing on a laptop.
    name
        The property that names the resource. Filled in when a template omits it.
    """

    create: Callable[[Properties, Client], Made]
    uses: frozenset[str]
    ignores: frozenset[str] = frozenset()
    name: str | None = None


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def only(properties: Properties, names: frozenset[str]) -> Properties:
    """Return the properties that are among the names."""
    return {name: value for name, value in properties.items() if name in names}
