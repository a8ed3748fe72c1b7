"""What a segment of Pinpoint is called here: as it was there, as far as nothing else is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tessera.naming import PROSPECT, cluster_label
from tessera.segments.definition import MOST_CLUSTERS
from tessera.segments.sets.catalog import RFM, sets_for
from tessera.settings import RunSettings

PARTS = ("A", "B")  # of a set that combines two
_RESERVED = (PROSPECT, *(cluster_label(rank) for rank in range(1, MOST_CLUSTERS + 1)))
_CHARACTERS = 30


class Names:
    """Gives names that differ from each other, and from those that every run has.

    Parameters
    ----------
    labels
        What the labels of a set may be.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        known = sets_for(RunSettings()).segment_labels
        shipped = {
            one for name, labels_of_set in known.items() if name != RFM for one in labels_of_set
        }
        self._used = {*_RESERVED, *shipped}

    def label(self, name: str) -> str:
        """Return the label of a segment that Pinpoint calls so."""
        first = _plain(name)
        label, number = first, 2
        while label in self._used:
            label, number = f"{first} {number}", number + 1
        self._used.add(label)
        return label

    def for_set(self, name: str) -> tuple[str, str]:
        """Return the prefix and the name of a set that says a segment."""
        first = f"Pinpoint {_plain(name)}"
        prefix, number = first, 2
        while self._used & (wanted := self._wanted(prefix)):
            prefix, number = f"{first} {number}", number + 1
        self._used |= wanted
        return prefix, prefix.lower().replace(" ", "_")

    def _wanted(self, prefix: str) -> set[str]:
        """Return what a set of that prefix, and the two that it may combine, are called."""
        prefixes = (prefix, *(f"{prefix} {part}" for part in PARTS))
        labels = {f"{one} {label}" for one in prefixes for label in self._labels}
        return labels | {one.lower() for one in prefixes}


def _plain(name: str) -> str:
    """Return a name without the guidance's prefix, of letters that every destination takes."""
    letters = re.sub(r"[^A-Za-z0-9]+", " ", name.removeprefix("_RFM_")).strip()
    return letters[:_CHARACTERS].strip() or "Segment"
