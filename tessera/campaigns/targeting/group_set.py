"""Groups as a segment set by conditions, which every destination gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tessera.campaigns.definitions.audience import CampaignAudience
from tessera.campaigns.targeting.targets import TargetGroup

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
    if audience.conditions is not None:
        every.append(dict(audience.conditions))
    one_of = any_of[0] if len(any_of) == 1 else {"any": any_of}
    return {"all": [*every, one_of]} if every else one_of
