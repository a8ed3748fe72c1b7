"""What a plan comes to, in numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.campaigns.planning.left_out import LeftOut


@dataclasses.dataclass(frozen=True, kw_only=True)
class AudienceCounts:
    """What became of everybody, before anything is sent.

    Parameters
    ----------
    customers
        Customers or receivers that were read.
    selected
        Those in the audience who have entered it.
    eligible
        Those who are written to.
    held_out
        Those who would be, and are not, so that the campaign can be measured.
    left_out
        The rest by reason. Each is counted once.
    variants
        Those who are written to, by variant.
    """

    customers: int
    selected: int
    eligible: int
    held_out: int
    left_out: Mapping[str, int]
    variants: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuse counts in which somebody is missing or counted twice."""
        accounted = self.eligible + self.held_out + sum(self.left_out.values())
        if self.selected != accounted or self.eligible != sum(self.variants.values()):
            raise AssertionError(f"the counts of a plan do not add up: {self}")

    @property
    def note(self) -> str:
        """What to know before anything is sent, empty for nothing."""
        missing = self.left_out[LeftOut.NO_CONSENT]
        if not missing:
            return ""
        return (
            f"No consent is known of {missing:,} of {self.selected:,} people, and nothing is sent "
            "to them. Import their consents, or declare your legal basis in the setting "
            "'campaigns.legal_basis'."
        )
