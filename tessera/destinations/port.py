"""What a destination is to the rest of the system, and what passes between the two.

A vendor is one module of ``tessera.destinations.vendors`` with the functions of ``Destination``:
pure, so that the plan, the load and the reports exist once for all of them. A vendor that is
told by requests has a transport in ``adapters``: one of its own, or the one of all HTTP vendors.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, Self, runtime_checkable

from tessera.destinations.capabilities import Capabilities

# One encoder for all: json.dumps would make a new one for every customer.
compact = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode

WAS = "was"  # in a content: the trace of what was acknowledged before, where it differs
BY_HAND = "by hand"  # what became of a segment that no interface makes
RETIRED, DELETED = "retired", "deleted"  # and of one that is asked for no more
WRITTEN = "written"  # and of one that is a file


@dataclasses.dataclass(frozen=True, slots=True)
class Contact:
    """How one customer is reached on one channel."""

    channel_type: str
    address: str


@dataclasses.dataclass(frozen=True, slots=True)
class Customer:
    """A profile with the identity that belongs to it.

    Parameters
    ----------
    key, customer_id
        The pseudonym, and the shop's own id exactly as given.
    profile
        The columns of the PROFILES contract.
    contacts
        At most one a channel, in the channels' order, and only those that are this customer's:
        an address that several customers share belongs to one of them.
    withheld
        How many addresses this customer shares with the one they belong to.
    ad_consent
        Whether the customer lets the shop use their address for advertising audiences, None when
        nobody said.
    """

    key: str
    customer_id: str
    profile: Mapping[str, Any]
    contacts: tuple[Contact, ...] = ()
    withheld: int = 0
    ad_consent: bool | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """The label in each segment set beside the RFM set, by the set's name."""
        return labels_of(self.profile["labels"])


@functools.lru_cache(maxsize=4096)
def labels_of(text: str | None) -> Mapping[str, str]:
    """Return what a profile's ``labels`` say; customers share few texts, each is read once."""
    return MappingProxyType(json.loads(text) if text else {})


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """Between what the members of a segment have a number, as decimal texts; both included.

    Parameters
    ----------
    column
        The column of profiles that has it.
    at_least, at_most
        Empty where there is no such bound.
    """

    column: str
    at_least: str = ""
    at_most: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """A segment as a destination knows it.

    Parameters
    ----------
    label, name
        Here ("At Risk", "Value High") and at the destination ("_RFM_At_Risk").
    kind
        ``segment`` for the definition's labels, ``cluster`` for K-Means groups, ``set`` for the
        labels of a segment set beside them, ``threshold`` for a number within bounds.
    value
        What a member's attribute says: the label ("High"), or the cluster's rank; empty where
        there are ``bounds``.
    set
        The segment set: ``rfm``, the set's name, empty for K-Means groups and thresholds.
    meaning, action
        For people: who they are, and what to do about them.
    customers
        How many the run found.
    cells
        The score cells of the definition, where it has them.
    bounds
        Of a threshold, None for all others.
    """

    label: str
    name: str
    kind: str
    value: str
    meaning: str
    customers: int
    set: str = ""
    action: str = ""
    cells: tuple[str, ...] = ()
    bounds: Bounds | None = None

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """Read what ``dataclasses.asdict`` wrote."""
        bounds = Bounds(**value["bounds"]) if value.get("bounds") else None
        return cls(**{**value, "cells": tuple(value.get("cells", ())), "bounds": bounds})


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One customer as a destination shall know it; ``digest`` stands for the content."""

    key: str
    customer_id: str
    digest: str
    content: Mapping[str, str]

    def to_line(self) -> str:
        """Return the item as a line of an import file, the same text for the same content."""
        line = {
            "key": self.key,
            "customer_id": self.customer_id,
            "digest": self.digest,
            "content": self.content,
        }
        return compact(line) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read what ``to_line`` wrote."""
        return cls(**json.loads(line))

    @property
    def text(self) -> str:
        """The content as JSON, as a request carries it."""
        return compact(self.content)


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """A customer whom the destination did not take, with its own words."""

    key: str
    customer_id: str
    code: str
    message: str


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one request came to; every item of it is in exactly one of the three."""

    acknowledged: tuple[Item, ...] = ()
    again: tuple[tuple[Item, Refusal], ...] = ()
    refused: tuple[Refusal, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        """Return what both requests came to."""
        return Outcome(
            acknowledged=self.acknowledged + other.acknowledged,
            again=self.again + other.again,
            refused=self.refused + other.refused,
        )


class Destination(Protocol):
    """What a vendor's module provides; ``TITLE`` is what people call it."""

    CAPABILITIES: Capabilities
    TITLE: str


class Loaded(Destination, Protocol):
    """A vendor that is told by requests."""

    def render(self, customer: Customer) -> dict[str, str]:
        """Return the content that the destination shall have for a customer."""
        ...

    def cleared(self, customer_id: str) -> dict[str, str]:
        """Return the content for a customer who left: no label, and nothing that makes one."""
        ...


@runtime_checkable
class Traced(Protocol):
    """What a vendor has too that knows customers by something else than the shop's ids.

    The ledger keeps each customer's trace. When the content has another one, or none any more,
    it comes with the old one as ``WAS``.
    """

    def trace(self, content: Mapping[str, str]) -> str:
        """Return what must be known of a content to take it away some day, without commas."""
        ...


class Transport(Protocol):
    """The other side of a vendor: brings items there, and says what its errors mean.

    Every method raises Retryable (busy or away), Refused (no permission) or InvalidInput
    (something that should exist does not; the message says what to do).
    """

    def check(self, segments: Sequence[Segment]) -> None:
        """Make sure that there is something to load into, with room for what segments ask."""
        ...

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert one batch; return what became of each item."""
        ...

    def ensure(self, segment: Segment) -> str:
        """Make the segment what it shall be; return created, kept, recreated or by hand."""
        ...

    def retire(self, segment: Segment) -> str:
        """Delete a segment that is asked for no more; return deleted, or by hand."""
        ...

    def size(self, segment: Segment) -> int | None:
        """Return how many members the destination counts, None when it does not say in time."""
        ...


@runtime_checkable
class Referring(Protocol):
    """What a transport has too by whose destination other services know segments."""

    def reference(self, segment: Segment) -> str:
        """Return by what they know a segment that was ensured, such as an ARN; empty for none."""
        ...
