"""The port of destinations: what a vendor provides, and the values exchanged with it.

A vendor is one module of ``tessera.destinations.vendors`` with the functions of ``Destination``.
These are pure, so all vendors share one plan, one load and one report. A vendor that is updated
through requests has a transport in ``adapters``: a separate one, or the one for HTTP vendors.
"""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol, Self, runtime_checkable

from tessera.destinations.capabilities import Capabilities
from tessera.records.loads.load import ImportFile, Refusal
from tessera.records.loads.segment import Segment

# One encoder for all: json.dumps would make a new one for every customer.
compact = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode

WAS = "was"  # in a content: the previously acknowledged trace, if it differs
BY_HAND = "by hand"  # the action for a segment that people create
RETIRED, DELETED = "retired", "deleted"  # the actions for a segment that is no longer in use
WRITTEN = "written"  # the action for a segment that is a file


@dataclasses.dataclass(frozen=True, slots=True)
class Contact:
    """A customer's address on one channel."""

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
        At most one per channel, in the channels' order. An address that several customers share
        belongs to one of them, and only that customer has it here.
    withheld
        How many of the customer's addresses belong to another customer.
    ad_consent
        Whether the customer has consented to advertising audiences, None if it is unknown.
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
    """Parse a profile's ``labels``. Cached, because customers share few distinct texts."""
    return MappingProxyType(json.loads(text) if text else {})


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One customer to send, with the content and its digest."""

    key: str
    customer_id: str
    digest: str
    content: Mapping[str, str]

    def to_line(self) -> str:
        """Return the item as a line of an import file. Equal items have equal lines."""
        line = {
            "key": self.key,
            "customer_id": self.customer_id,
            "digest": self.digest,
            "content": self.content,
        }
        return compact(line) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Parse what ``to_line`` returned."""
        return cls(**json.loads(line))

    @property
    def text(self) -> str:
        """The content as JSON, the form that requests have."""
        return compact(self.content)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The outcome of one batch. Every item is in exactly one of the three groups."""

    acknowledged: tuple[Item, ...] = ()
    again: tuple[tuple[Item, Refusal], ...] = ()
    refused: tuple[Refusal, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        """Combine the outcomes of two batches."""
        return Outcome(
            acknowledged=self.acknowledged + other.acknowledged,
            again=self.again + other.again,
            refused=self.refused + other.refused,
        )


class Destination(Protocol):
    """What a vendor's module provides. ``TITLE`` is the vendor's name for people."""

    CAPABILITIES: Capabilities
    TITLE: str


class Loaded(Destination, Protocol):
    """A vendor that is updated through requests."""

    def render(self, customer: Customer) -> dict[str, str]:
        """Return the content that the destination should have for a customer."""
        ...

    def cleared(self, customer_id: str) -> dict[str, str]:
        """Return the content for a customer who left, without any labels or scores."""
        ...


@runtime_checkable
class Traced(Protocol):
    """A vendor that identifies customers by something other than the shop's ids.

    The ledger stores each customer's trace. If a new content has another trace, or none, the item
    also has the old trace as ``WAS``.
    """

    def trace(self, content: Mapping[str, str]) -> str:
        """Return what is needed to remove a content later, without commas."""
        ...


class Transport(Protocol):
    """What sends a vendor's requests, and translates its errors.

    Every method raises Retryable (busy or unreachable), Refused (no permission) or InvalidInput
    (something is missing, and the message explains what to do).
    """

    def check(self, segments: Sequence[Segment]) -> None:
        """Check that the account is ready to load into, and create what the segments need."""
        ...

    def send(self, items: Sequence[Item]) -> Outcome:
        """Upsert one batch, and return the outcome of each item."""
        ...

    def ensure(self, segment: Segment) -> str:
        """Create or update a segment. Return "created", "kept", "recreated" or "by hand"."""
        ...

    def retire(self, segment: Segment) -> str:
        """Delete a segment that is no longer in use. Return "deleted" or "by hand"."""
        ...

    def size(self, segment: Segment) -> int | None:
        """Return how many members the destination reports, None if it does not in time."""
        ...


@runtime_checkable
class FileTransport(Protocol):
    """A transport whose target can fetch a run's import files itself, where that is set up."""

    @property
    def customers_at_once(self) -> int:
        """Return how many customers it takes by one call. 0 if it is not set up."""
        ...

    def load_files(self, files: Sequence[ImportFile], *, seconds: float) -> str:
        """Upsert all customers of some files within so many seconds, or none.

        Return the code of why none, empty if all are there.
        """
        ...


@runtime_checkable
class Recreatable(Protocol):
    """A transport whose target can be deleted and created again, empty, under the same name."""

    def identity(self) -> str:
        """Return what changes with a new target, such as its creation time. Empty if unknown.

        Call it after ``check``.
        """
        ...


@runtime_checkable
class Referring(Protocol):
    """A transport whose segments other services refer to."""

    def reference(self, segment: Segment) -> str:
        """Return what other services call an ensured segment, such as an ARN. Empty for none."""
        ...
