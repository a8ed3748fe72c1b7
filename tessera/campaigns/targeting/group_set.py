"""Groups as a segment set by conditions, which every destination gets."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.targeting.targets import CampaignTargets, TargetGroup

SET_PREFIX, LONGEST_NAME = "offer_", 48
FIRST, LATER, LEAVE, OUTSIDE = "First", "Later", "Leave", "Outside"
_TEXTS = {
    FIRST: (
        "An offer is expected to bring more than it costs, and the budget reaches them.",
        "Send them the offer.",
    ),
    LATER: (
        "An offer is expected to bring more than it costs, and the budget does not reach them.",
        "Send them the offer if the budget grows.",
    ),
    LEAVE: (
        "An offer is not expected to bring what it costs.",
        "Send them nothing: they buy without it, or not at all.",
    ),
}
_LABEL_SETS = {"churn_bands": "churn_band", "value_tiers": "value_tier"}


def group_condition(group: TargetGroup, audience: CampaignAudience) -> dict[str, Any]:
    """Return the condition of one group, inside the audience that it was learnt from."""
    return _inside(audience, [_limits(group)])


def set_name_of(campaign: str) -> str:
    """Return the name of a campaign's segment set of an offer, unless it is given."""
    return f"{SET_PREFIX}{campaign.replace('-', '_')}"[:LONGEST_NAME]


def has_groups(targets: CampaignTargets) -> bool:
    """Return whether there are groups that a segment set may have: proven, and of real people."""
    return bool(targets.groups) and not targets.simulated


def audience_of(
    audience: CampaignAudience, groups: Sequence[TargetGroup]
) -> CampaignAudience | None:
    """Return the customers of some groups as the audience of a campaign.

    It is the condition of their label in the segment set, so a campaign to them needs no second
    definition. None without a group, and for a list of receivers, whose columns are not known.

    Parameters
    ----------
    audience
        Of the campaign that the groups were learnt from.
    groups
        Which ones.
    """
    if not groups or audience.receivers is not None:
        return None
    return dataclasses.replace(
        audience, conditions=_within(audience.conditions, [_limits(one) for one in groups])
    )


def set_document(
    name: str,
    *,
    campaign: str,
    audience: CampaignAudience,
    groups: Mapping[str, Sequence[TargetGroup]],
) -> dict[str, Any]:
    """Return a segment set in the form of docs/segments.md.

    Parameters
    ----------
    name
        Of the set.
    campaign, audience
        From whose runs the groups are, and who was in them.
    groups
        By label. A label without a group is omitted.
    """
    labels = [
        {
            "label": label,
            "meaning": _TEXTS[label][0],
            "action": _TEXTS[label][1],
            "when": _inside(audience, [_limits(one) for one in own]),
        }
        for label, own in groups.items()
        if own
    ]
    return {
        "name": name,
        "prefix": f"Offer {campaign.replace('-', ' ').title()}",
        "meaning": f"Who to send an offer first, by what the runs of {campaign} have changed.",
        "label": labels,
        "otherwise": {
            "label": OUTSIDE,
            "meaning": "Not in the campaign's audience, or too little is known of them.",
            "action": "The campaign's results say nothing of them.",
        },
    }


def _limits(group: TargetGroup) -> dict[str, Any]:
    parts = []
    for one in group.limits:
        ends = {"from": one.low, "below": one.below}
        parts.append({"column": one.column, **{k: v for k, v in ends.items() if v is not None}})
    return parts[0] if len(parts) == 1 else {"all": parts}


def _inside(audience: CampaignAudience, any_of: list[dict[str, Any]]) -> dict[str, Any]:
    every: list[Any] = []
    if audience.segments:
        every.append({"column": "segment", "in": list(audience.segments)})
    for field, name in _LABEL_SETS.items():
        if labels := getattr(audience, field):
            every.append({"set": name, "in": list(labels)})
    inside = _within(audience.conditions, any_of)
    return {"all": [*every, inside]} if every else inside


def _within(conditions: Mapping[str, Any] | None, any_of: list[dict[str, Any]]) -> dict[str, Any]:
    one_of = any_of[0] if len(any_of) == 1 else {"any": any_of}
    return one_of if conditions is None else {"all": [dict(conditions), one_of]}
