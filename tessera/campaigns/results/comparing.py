"""The groups that are compared, and the comparison of two shares of people."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.variants import groups_of
from tessera.campaigns.planning.assigned import Assigned
from tessera.campaigns.planning.candidates import Mask, Texts
from tessera.campaigns.results.effects import EffectEstimate, Verdict
from tessera.campaigns.results.statistics.inference import (
    LEVEL,
    Inference,
    critical_z,
    p_value,
)
from tessera.campaigns.results.statistics.intervals import lift, newcombe, newcombe_z

# With fewer buyers or others in a group the sequence is not yet as valid as it says.
LEAST_SEQUENTIAL = 30
_UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, eq=False)
class ComparedPeople:
    """Two groups that are compared: masks over the people that count."""

    group: str
    treated: Mask
    held_out: Mask

    def where(self, mask: Mask) -> ComparedPeople:
        """Return the same groups among some of the people."""
        return ComparedPeople(self.group, self.treated & mask, self.held_out & mask)


class ComparedShares(NamedTuple):
    """How many people of two groups something is true of, the treated first.

    Parameters
    ----------
    people, true_of
        In each group.
    difference, lift
        None where they are not known.
    p_value
        For this comparison alone.
    """

    people: tuple[int, int]
    true_of: tuple[int, int]
    difference: EffectEstimate | None
    lift: EffectEstimate | None
    p_value: float


def everybody(people: Assigned) -> ComparedPeople:
    """Return all treated and all held-out people."""
    return ComparedPeople("", ~people.is_held_out, people.is_held_out)


def by_label(people: Assigned, labels: Texts) -> list[ComparedPeople]:
    """Return the people of each label.

    Parameters
    ----------
    people
        All.
    labels : shape (n,)
        Theirs, empty texts for unknown ones.
    """
    masks = {label: labels == label for label in sorted(set(labels.tolist()))}
    whole = everybody(people)
    return [
        dataclasses.replace(whole.where(mask), group=label or _UNKNOWN)
        for label, mask in masks.items()
    ]


def by_variant(people: Assigned, definition: CampaignDefinition) -> list[ComparedPeople]:
    """Compare each variant with all held-out people who could have got it.

    Variants of the same segments share them: each drew among the same people.
    """
    groups = groups_of(definition.variants).values()
    alike = {one.name: [each.name for each in members] for members in groups for one in members}
    compared = []
    for name in sorted(set(people.variant.tolist())):
        pool = np.isin(people.variant, alike.get(name, [name]))
        treated = (people.variant == name) & ~people.is_held_out
        compared.append(ComparedPeople(name, treated, pool & people.is_held_out))
    return compared


def compared_shares(
    compared: ComparedPeople, is_true: Mask, *, inference: Inference
) -> ComparedShares:
    """Compare the shares of two groups that something is true of.

    Parameters
    ----------
    compared
        The two groups.
    is_true : shape (n,)
        Of each person.
    inference
        How often the result is looked at. An always-valid one begins with 30 people in each group
        where it is true, and 30 where it is not.
    """
    masks = (compared.treated, compared.held_out)
    people = (int(masks[0].sum()), int(masks[1].sum()))
    count = (int((masks[0] & is_true).sum()), int((masks[1] & is_true).sum()))
    if not is_known(people, count, inference=inference):
        return ComparedShares(people, count, None, None, 1.0)
    z = critical_z(inference, people=sum(people))
    ratio = lift(count, people, z=z)
    return ComparedShares(
        people,
        count,
        EffectEstimate(**newcombe(count, people, z=z)._asdict()),
        EffectEstimate(**ratio._asdict()) if ratio else None,
        p_value(inference, newcombe_z(count, people), people=sum(people)),
    )


def is_known(people: Sequence[int], count: Sequence[int], *, inference: Inference) -> bool:
    """Return whether there are people enough to compare."""
    least = LEAST_SEQUENTIAL if inference == "always_valid" else 0
    others = (of - true for of, true in zip(people, count, strict=True))
    return all(people) and min(*count, *others) >= least


def verdict_of(difference: float | None, *, adjusted: float, is_mismatch: bool) -> Verdict:
    """Return the verdict on a difference.

    Parameters
    ----------
    difference
        None where it is not known.
    adjusted
        Its p-value among all comparisons of its kind.
    is_mismatch
        Whether the groups' sizes do not fit the holdout's share.
    """
    if is_mismatch:
        return "withheld"
    if difference is None or adjusted >= 1 - LEVEL:
        return "inconclusive"
    return "more" if difference > 0 else "less"
