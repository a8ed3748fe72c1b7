"""report.json: what a destination has after a run's load. EnsureSegments writes it."""

from __future__ import annotations

import dataclasses

from tessera.errors import ErrorKind
from tessera.records.loads.load import AddressCounts, PlanCounts


@dataclasses.dataclass(frozen=True)
class PlacedSegment:
    """A segment at the destination, and the action that was taken.

    Parameters
    ----------
    name, label
        Its name there, and its label here.
    action
        ``created``, ``kept``, ``recreated``, ``by hand``, ``written``, ``retired`` or ``deleted``.
    size
        Its members as the destination counts them. None if it did not say in time.
    rule
        What its members have in common, if people create it by hand. Otherwise empty.
    reference
        What other services call it, such as an ARN. Otherwise empty.
    """

    name: str
    label: str
    action: str
    size: int | None
    rule: str = ""
    reference: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadFailure:
    """Why a load ended early.

    Parameters
    ----------
    state
        The state of the state machine.
    error
        The kind of recovery that it needs.
    message
        For people, without customer data.
    """

    state: str
    error: ErrorKind
    message: str


@dataclasses.dataclass(frozen=True)
class Estimate:
    """How many requests a load needs, and how long they take.

    Parameters
    ----------
    requests
        If every batch is full. There are more when the size in bytes limits a batch first.
    minutes
        At the destination's rate limit. None if the limit is not published: its SDK keeps it.
    """

    requests: int
    minutes: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadReport(PlanCounts, AddressCounts):
    """What a load did at its destination. Counts only, no customer data.

    Parameters
    ----------
    destination
        Its name.
    sent, refused
        Customers that the destination acknowledged, and those that it refused.
    requests
        Requests made.
    held
        The reason why nothing was sent, for people. Empty if the load was sent.
    segments
        The destination's segments after the load.
    message
        A few sentences for people.
    failed
        Why the load ended early. None if it did not.
    planned
        The estimate of a load that was held. None for any other.
    recreated
        Whether the destination was created again since the run before.
    """

    destination: str
    sent: int
    refused: int
    requests: int
    segments: tuple[PlacedSegment, ...]
    message: str
    held: str = ""
    failed: LoadFailure | None = None
    planned: Estimate | None = None
    recreated: bool = False
