"""Which segments a destination shall have: the definition's labels, then the clusters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tessera.destinations.port import Capabilities, Segment
from tessera.naming import cluster_label, segment_name, segment_names
from tessera.segments.definition import Definition


class Sizes:
    """Counts customers by label and cluster as they pass."""

    def __init__(self) -> None:
        self.segments: Counter[str] = Counter()
        self.clusters: Counter[int] = Counter()

    def count(self, profile: Mapping[str, Any]) -> None:
        """Count one customer."""
        self.segments[profile["segment"]] += 1
        if profile["cluster"] is not None:
            self.clusters[profile["cluster"]] += 1


def segments(
    definition: Definition,
    *,
    clusters: Sequence[Mapping[str, Any]],
    sizes: Sizes,
    capabilities: Capabilities,
) -> list[Segment]:
    """Return the segments in the definition's order, then the clusters by rank.

    Parameters
    ----------
    definition
        What the run was scored by.
    clusters
        Rank and name of each, as in the Score step's record.
    sizes
        What the run counted.
    capabilities
        The destination's rule for names.

    Raises
    ------
    InvalidInput
        A label has no valid name there, or two would share one.
    """
    names = segment_names(
        [segment.label for segment in definition.everyone]
        + [cluster_label(cluster["rank"]) for cluster in clusters],
        lambda label: segment_name(
            label, allowed=capabilities.name_characters, limit=capabilities.name_limit
        ),
    )
    labelled = [
        Segment(
            label=segment.label,
            name=names[segment.label],
            kind="segment",
            value=segment.label,
            meaning=segment.meaning,
            action=segment.action,
            customers=sizes.segments[segment.label],
            cells=segment.cells,
        )
        for segment in definition.everyone
    ]
    return labelled + [_cluster(cluster, names=names, sizes=sizes) for cluster in clusters]


def _cluster(record: Mapping[str, Any], *, names: Mapping[str, str], sizes: Sizes) -> Segment:
    label = cluster_label(record["rank"])
    return Segment(
        label=label,
        name=names[label],
        kind="cluster",
        value=str(record["rank"]),
        meaning=record.get("name", ""),
        customers=sizes.clusters[record["rank"]],
    )
