"""What happened to the messages of one run, read a partition at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from steps.campaign.brakes import PartitionedEvents
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.results.figure_counter import FigureCounter
from tessera.campaigns.sending.outcomes import PARTITIONS
from tessera.campaigns.unsubscribing.decisions import run_of_proof


def figures_of(
    taken: Assigned,
    events: PartitionedEvents,
    *,
    tenant: str,
    run_id: str,
    unsubscribed: Collection[str],
) -> FigureCounter:
    """Return what happened to the messages of a run.

    Parameters
    ----------
    taken
        Who the run took.
    events
        What happened.
    tenant, run_id
        Which run.
    unsubscribed
        Who opted out by a link of it.
    """
    counter = FigureCounter(taken)
    for digit in PARTITIONS:
        own = events.of_partition(tenant, run_id, digit)
        counter.add(digit, own, unsubscribed=unsubscribed)
    return counter


def unsubscribed_by_run(
    rows: Iterable[ConsentRow], *, runs: Collection[str]
) -> Mapping[str, Collection[str]]:
    """Return who opted out by a link of each run.

    Parameters
    ----------
    rows
        All of the tenant.
    runs
        The runs.
    """
    people: dict[str, set[str]] = {run: set() for run in runs}
    for row in rows:
        run = run_of_proof(row.proof) if row.state == "withdrawn" else ""
        if run in people:
            people[run].add(row.recipient)
    return people
