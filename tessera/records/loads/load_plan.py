"""What a run would send, before anything is sent. PlanLoads replies with it."""

from __future__ import annotations

import dataclasses

from tessera.records.run_cost import RunCost


@dataclasses.dataclass(frozen=True, kw_only=True)
class Changes:
    """Counts of what a plan changes at a destination.

    Parameters
    ----------
    adds, updates, exits, unchanged
        What is new there, what changes, what leaves, and what stays as it is.
    """

    adds: int
    updates: int
    exits: int
    unchanged: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class LoadPlan(Changes):
    """What a load would do, before anything is sent. PlanLoads replies with it.

    Parameters
    ----------
    destination
        Its name.
    adds, updates, exits, unchanged
        Customers by what the destination needs.
    segments
        Segments in the same way: to create, to change, no longer in use, unchanged.
    requests, minutes
        The estimate for the customers. ``minutes`` is None if unknown.
    held
        The reason to hold the load, for people. Empty to send it.
    message
        All of this for people.
    """

    destination: str
    segments: Changes
    requests: int
    minutes: float | None
    held: str
    message: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanReply:
    """The reply of PlanLoads.

    Parameters
    ----------
    tenant, run_id
        The run.
    loads
        A plan for each destination.
    expected_cost
        What a run of this size is expected to cost. None in a region without a price list.
    """

    tenant: str
    run_id: str
    loads: tuple[LoadPlan, ...]
    expected_cost: RunCost | None = None
