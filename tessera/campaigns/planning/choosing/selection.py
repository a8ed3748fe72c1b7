"""Which customers a run is about: those in the audience who have entered it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import numpy as np

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.timing import EntryTrigger
from tessera.campaigns.planning.candidates import CampaignCandidates, Mask, Texts
from tessera.errors import InvalidInput
from tessera.segments.sets.masks import first_that_holds

_Column = TypeVar("_Column", Mask, Texts)


def in_audience(audience: CampaignAudience, batch: CampaignCandidates) -> Mask:
    """Return which customers of a batch meet an audience.

    Of an uploaded list it is every receiver. With the profiles of the run before, it is
    ``was_in``.

    Returns
    -------
    shape (n,)
    """
    mask = np.ones(len(batch), np.bool_)
    for column, labels in audience.labels.items():
        mask &= _among(batch.labels(column), labels)
    condition = audience.condition
    if condition is not None:
        places = first_that_holds(
            [condition], batch.columns, customers=len(batch), name="the campaign's audience"
        )
        mask &= places == 0
    return mask


def selected(
    definition: CampaignDefinition, batch: CampaignCandidates, *, is_first_run: bool
) -> Mask:
    """Return which customers of a batch a run is about.

    Parameters
    ----------
    definition
        As this run uses it.
    batch
        Customers, with ``was_in`` for a daily schedule and ``label_before`` for a trigger.
    is_first_run
        Whether no run of the campaign came before.

    Returns
    -------
    shape (n,)

    Raises
    ------
    InvalidInput
        What the schedule or trigger needs is absent.
    """
    mask = in_audience(definition.audience, batch)
    if definition.schedule.kind == "once":
        return mask
    if is_first_run and definition.schedule.include_present:
        return mask
    if definition.trigger is not None:
        return mask & _met(definition.trigger, batch)
    return mask & ~_needed(batch.was_in, "was_in", "a daily schedule")


def _met(trigger: EntryTrigger, batch: CampaignCandidates) -> Mask:
    """Apply ``EntryTrigger.is_met`` to each pair of labels that occurs."""
    before = _needed(batch.label_before, "label_before", "a trigger")
    moves = list(zip(before.tolist(), batch.labels(trigger.set).tolist(), strict=True))
    met = {(was, now): trigger.is_met(before=was or "", now=now or "") for was, now in set(moves)}
    return np.array([met[move] for move in moves], np.bool_)


def _among(column: Texts, labels: Collection[str]) -> Mask:
    mask = np.zeros(len(column), np.bool_)
    for label in labels:
        mask |= column == label
    return mask


def _needed(column: _Column | None, name: str, what: str) -> _Column:
    if column is None:
        raise InvalidInput(
            f"candidates have no column {name!r}, which {what} needs: it compares with earlier "
            "profiles, so the tenant needs two runs first"
        )
    return column
