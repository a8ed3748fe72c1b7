"""The audience that a campaign hands over to another tool, which sends the messages itself.

At the destination the campaign is one more segment set. Each variant is a label, and so is being
held out. So whatever a destination does with labels of sets it does with those of campaigns.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from tessera.contracts.customer_profiles import CAMPAIGN_SET
from tessera.destinations.capabilities import Capabilities
from tessera.errors import InvalidInput
from tessera.naming import segment_name
from tessera.records.loads.segment import Segment

HELD_OUT = "held_out"  # no variant is called so: a variant's name has no underscore


@dataclasses.dataclass(frozen=True, kw_only=True)
class Handover:
    """One run of a campaign whose people a destination gets, from its start on.

    Parameters
    ----------
    campaign, name
        The campaign's id, and its name for people.
    run
        The run. Its file of who it took has the assignment.
    destination
        Where the labels go.
    variants
        The names of the campaign's variants in this run.
    at
        When the run started.
    """

    campaign: str
    name: str
    run: str
    destination: str
    variants: tuple[str, ...]
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class CampaignSet:
    """A campaign as a segment set at its destination.

    Parameters
    ----------
    campaign, name
        As of the handover.
    labels
        Those that its people can have: all variants of its runs, then ``HELD_OUT``.
    runs
        The runs whose people it has, the first one first.
    """

    campaign: str
    name: str
    labels: tuple[str, ...]
    runs: tuple[str, ...]

    @property
    def set(self) -> str:
        """The set's name, which no user's own set can have."""
        return CAMPAIGN_SET + self.campaign

    def segments(self, sizes: Mapping[str, int]) -> list[Segment]:
        """Return a segment for each label.

        Parameters
        ----------
        sizes
            Customers by label.
        """
        return [self._segment(label, sizes.get(label, 0)) for label in self.labels]

    def _segment(self, label: str, customers: int) -> Segment:
        called = segment_label(self.campaign, label)
        is_held_out = label == HELD_OUT
        meaning = "Held out of" if is_held_out else f"Variant {label!r} of"
        action = "Send them nothing of it, so that its effect can be measured."
        return Segment(
            label=called,
            name=segment_name(called),
            kind="set",
            set=self.set,
            value=label,
            meaning=f"{meaning} the campaign {self.name!r}.",
            action=action if is_held_out else f"Send them the campaign's message {label!r}.",
            customers=customers,
        )


def campaign_sets(handovers: Iterable[Handover]) -> dict[str, tuple[CampaignSet, ...]]:
    """Return the campaigns that each destination gets, in the order of their ids."""
    by_campaign: dict[tuple[str, str], list[Handover]] = {}
    for one in sorted(handovers, key=lambda one: (one.destination, one.campaign, one.at, one.run)):
        by_campaign.setdefault((one.destination, one.campaign), []).append(one)
    sets: dict[str, tuple[CampaignSet, ...]] = {}
    for (destination, campaign), runs in by_campaign.items():
        variants = dict.fromkeys(name for one in runs for name in one.variants)
        made = CampaignSet(
            campaign=campaign,
            name=runs[-1].name,
            labels=(*variants, HELD_OUT),
            runs=tuple(one.run for one in runs),
        )
        sets[destination] = (*sets.get(destination, ()), made)
    return sets


def segment_label(campaign: str, label: str) -> str:
    """Return a label of a campaign as segments have it."""
    return f"Campaign {campaign} {label}"


def check_names(campaign: str, variants: Sequence[str]) -> None:
    """Refuse a campaign whose segments would have too long a name at a destination.

    Raises
    ------
    InvalidInput
        The message names the campaign and the variant.
    """
    for label in (*variants, HELD_OUT):
        try:
            segment_name(segment_label(campaign, label))
        except InvalidInput as error:
            raise InvalidInput(
                f"campaign {campaign!r} hands over its audience, with a segment for {label!r}: "
                f"{error}"
            ) from None


def takes_labels(capabilities: Capabilities) -> bool:
    """Return whether a destination can have the labels of a campaign."""
    return not capabilities.kinds or "set" in capabilities.kinds
