"""A customer's segment from run to run, with the cause of each change."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.stores.profile_reader import Row
from steps.serve.insights import insights_of
from steps.serve.services import Services
from tessera import naming
from tessera.api.documents.customers import LabelHistory, LabelOfRun
from tessera.api.refusals import RequestRefusal, missing
from tessera.records.fields import part_of
from tessera.records.run_of_day import RunOfDay
from tessera.segments.movement.causes import WORDS, Cause

MOST = 12  # runs: each costs a read of its insights and one of its transitions


def label_history(tenant: str, key: str, *, run_id: str | None, services: Services) -> LabelHistory:
    """Return a customer's segment in a run and in those before it, the newest first.

    Each run is compared with the run before it. So the labels follow from the run's own label and
    the moves back from it, and no earlier profile is read.

    Raises
    ------
    RequestRefusal
        The tenant has no such run or customer.
    """
    insights = insights_of(tenant, run_id, data=services.data)
    row = services.profiles.row(insights.profiles, key, columns=["segment"])
    label: str | None = row["segment"] if row else None
    items: list[LabelOfRun] = []
    runs = _runs(tenant, insights, services)
    for run in runs:
        move = _move(tenant, run, key, services)
        items.append(_item(run, label, move))
        label = move["from_segment"] if move else label
        if len(items) == MOST:
            break
    known = [place for place, item in enumerate(items) if item.label or item.cause]
    if not known:
        raise missing("customer of this key")
    return part_of(
        insights,
        LabelHistory,
        items=tuple(items[: known[-1] + 1]),
        more=label is not None and next(runs, None) is not None,
    )


def _runs(tenant: str, run: RunOfDay, services: Services) -> Iterator[RunOfDay]:
    """Yield a run, the run that it was compared with, and so on, while their files are kept."""
    at: RunOfDay | None = run
    while at is not None:
        yield at
        try:
            at = insights_of(tenant, at.run_id, data=services.data).previous
        except RequestRefusal:  # expired
            at = None


def _move(tenant: str, run: RunOfDay, key: str, services: Services) -> Row | None:
    folder = naming.profiles_partition(run.as_of.isoformat(), run.run_id)
    return services.profiles.row(naming.transitions_prefix(tenant) + folder, key)


def _item(run: RunOfDay, label: str | None, move: Row | None) -> LabelOfRun:
    cause = move["cause"] if move else None
    return part_of(
        run,
        LabelOfRun,
        label=label,
        cause=cause,
        words=WORDS[Cause(cause)] if cause else None,
    )
