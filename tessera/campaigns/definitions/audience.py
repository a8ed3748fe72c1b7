"""The audience of a campaign: labels and conditions, or an uploaded list of receivers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.campaigns.definitions.checks import are_distinct, is_named, require
from tessera.errors import InvalidInput
from tessera.segments.sets.conditions import Condition, parse_condition, sets_of

_LABELS = "different labels"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignAudience:
    """Customers who have one of the labels of each kind, and meet the conditions.

    Parameters
    ----------
    segments, churn_bands, value_tiers
        The labels of which a customer must have one. Empty for any.
    conditions
        Conditions over profile columns, in the form of a segment set's ``when``
        (docs/segments.md). None for none.
    receivers
        The name of an uploaded list of receivers, in place of all else. None for customers.
    """

    segments: tuple[str, ...] = ()
    churn_bands: tuple[str, ...] = ()
    value_tiers: tuple[str, ...] = ()
    conditions: Mapping[str, Any] | None = None
    receivers: str | None = None

    def __post_init__(self) -> None:
        """Refuse an audience that nobody could mean."""
        by_label = bool(self.segments or self.churn_bands or self.value_tiers)
        require(
            self,
            {
                "segments": (are_distinct(self.segments), _LABELS),
                "churn_bands": (are_distinct(self.churn_bands), _LABELS),
                "value_tiers": (are_distinct(self.value_tiers), _LABELS),
                "receivers": (
                    self.receivers is None or is_named(self.receivers),
                    "the name of an uploaded list, or null",
                ),
                "conditions": (
                    self.conditions is None or self.receivers is None,
                    "null beside 'receivers', which stands alone",
                ),
            },
        )
        require(
            self,
            {"receivers": (self.receivers is None or not by_label, "null beside labels")},
        )
        self.condition  # noqa: B018 (a wrong condition is refused here)

    @property
    def condition(self) -> Condition | None:
        """The conditions, parsed. None without any."""
        if self.conditions is None:
            return None
        condition = parse_condition(self.conditions, where="conditions")
        if sets := sets_of(condition):
            raise InvalidInput(
                f"conditions read the set {sets[0]!r}: a campaign's conditions read columns alone, "
                "name labels under segments, churn_bands or value_tiers"
            )
        return condition

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """The labels that count, by the profile column that holds a customer's label."""
        every = {
            "segment": self.segments,
            "churn_band": self.churn_bands,
            "value_tier": self.value_tiers,
        }
        return {column: labels for column, labels in every.items() if labels}
