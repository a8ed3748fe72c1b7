"""Whose groups were drawn by the same shares: an edited campaign has runs of several draws.

Groups of different shares cannot be put together. The held out of a run with half of its people
would outweigh those of a run with a tenth, and what differs between the two days would look like an
effect. So the draw that took the most people is measured, and the others are counted beside it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import Variant
from tessera.campaigns.planning.assigned import Assigned, joined
from tessera.campaigns.results.assignments import first_rows
from tessera.plurals import plural

_Part = tuple[str, float, tuple[str, ...]]


class DrawnRun(NamedTuple):
    """Who a run took, and the definition that it was planned by."""

    people: Assigned
    definition: CampaignDefinition


class DrawnAlike(NamedTuple):
    """The people who are measured together.

    Parameters
    ----------
    people
        Each once, as first assigned by any run of the campaign.
    definition
        The campaign's, with the holdout and the variants that drew them.
    drawn_otherwise
        How many people other shares drew. They are not among ``people``.
    """

    people: Assigned
    definition: CampaignDefinition
    drawn_otherwise: int


def drawn_alike(runs: Sequence[DrawnRun], definition: CampaignDefinition) -> DrawnAlike:
    """Return the people of the draw that took the most of them, the newest one where equal.

    Parameters
    ----------
    runs
        At least one, in any order.
    definition
        The campaign's, as it is now.
    """
    draws = [_draw_of(one.definition) for one in runs]
    kinds = list(dict.fromkeys(draws))
    everybody = joined([one.people for one in runs])
    first = first_rows(everybody)
    kind = np.repeat(
        np.array([kinds.index(one) for one in draws], np.int64), [len(one.people) for one in runs]
    )[first]
    people = everybody.where(first)
    chosen = max(range(len(kinds)), key=lambda n: _size(people.where(kind == n)))
    frozen = next(
        one.definition for one, draw in zip(runs, draws, strict=True) if draw == kinds[chosen]
    )
    return DrawnAlike(
        people.where(kind == chosen),
        dataclasses.replace(definition, holdout=frozen.holdout, variants=frozen.variants),
        int(np.count_nonzero(kind != chosen)),
    )


def drawn_otherwise_words(alike: DrawnAlike) -> str:
    """Return what to know where other shares drew people too."""
    definition, count = alike.definition, alike.drawn_otherwise
    variants = ", ".join(f"{one.name} {one.share:.0%}" for one in definition.variants)
    return (
        "The shares of this campaign were edited between its runs. Measured are the "
        f"{plural(len(alike.people), 'person', 'people')} who were drawn with a holdout of "
        f"{definition.holdout.share:.0%} and the variants {variants}. Other shares drew "
        f"{plural(count, 'person', 'people')}, who do not count: groups of different shares cannot "
        "be put together. To change the shares, copy the campaign."
    )


def _size(people: Assigned) -> tuple[int, int]:
    return len(people), int(people.day.max(initial=-1))


def _draw_of(definition: CampaignDefinition) -> tuple[float, tuple[_Part, ...]]:
    """Return what decides how large groups are. Their messages and the salt do not."""
    return definition.holdout.share, tuple(sorted(map(_part_of, definition.variants)))


def _part_of(variant: Variant) -> _Part:
    return variant.name, variant.share, tuple(sorted(variant.segments))
