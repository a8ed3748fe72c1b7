"""List the segments for a destination: the RFM set's, clusters, other sets' and thresholds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import labels_of
from tessera.naming import cluster_label, segment_name, segment_names
from tessera.records.loads.segment import Bounds, Segment
from tessera.records.scoring.score import ClusterRow
from tessera.segments.definition import Definition
from tessera.segments.sets.catalog import CLUSTER, RFM, SegmentSets
from tessera.segments.sets.combined import CombinedSet
from tessera.segments.sets.conditional import ConditionalSet
from tessera.segments.sets.definition import SegmentSet, SetLabel
from tessera.segments.sets.threshold_segments import Threshold, number_text


class Sizes:
    """Counts customers by segment, by cluster, and by label of every set.

    Parameters
    ----------
    thresholds
        Thresholds whose members are counted too, by the values of ``columns``.
    """

    def __init__(self, thresholds: Sequence[Threshold] = ()) -> None:
        self._by_column: dict[str, list[Threshold]] = {}
        for one in thresholds:
            self._by_column.setdefault(one.column, []).append(one)
        self.thresholds: Counter[str] = Counter()
        self.segments: Counter[str] = Counter()
        self.clusters: Counter[int] = Counter()
        self._labels: Counter[str | None] = Counter()

    def count(self, profile: Mapping[str, Any], customers: int = 1) -> None:
        """Count a number of customers with the same segment, cluster and labels."""
        self.segments[profile["segment"]] += customers
        if profile["cluster"] is not None:
            self.clusters[profile["cluster"]] += customers
        self._labels[profile["labels"]] += customers

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values must be counted for thresholds."""
        return tuple(self._by_column)

    def count_value(self, column: str, value: Any, customers: int = 1) -> None:  # noqa: ANN401
        """Count a number of customers with a value in one of the thresholds' columns."""
        for one in self._by_column[column]:
            if one.holds(value):
                self.thresholds[one.label] += customers

    def of(self, name: str) -> Counter[str]:
        """Return the number of customers by label, for a segment set other than the RFM set."""
        counts: Counter[str] = Counter()
        for text, customers in self._labels.items():
            labels = labels_of(text)
            if name in labels:
                counts[labels[name]] += customers
        return counts


def segments(
    sets: SegmentSets,
    *,
    clusters: Sequence[ClusterRow],
    sizes: Sizes,
    capabilities: Capabilities,
    omitted: Collection[str] = (),
) -> list[Segment]:
    """Return the segments in the definition's order, then clusters by rank, sets and thresholds.

    A numbered set only has segments for numbers with customers. If the set ``cluster`` is in use,
    its labels replace the clusters' segments.

    Parameters
    ----------
    sets
        The segment sets of the run.
    clusters
        The K-Means clusters of the run.
    sizes
        The run's counts.
    capabilities
        The destination's rule for names, and the kinds of segments to create there.
    omitted
        The sets that get no segments there.

    Raises
    ------
    InvalidInput
        A label has no valid name there, or two labels would have the same name.
    """
    ranked = () if any(one.name == CLUSTER for one in sets.beside) else clusters
    labelled = {one.name: list(_used(one, sizes=sizes.of(one.name))) for one in sets.beside}
    names = segment_names(
        [one.label for one in sets.definition.everyone]
        + [cluster_label(one.rank) for one in ranked]
        + [label for used in labelled.values() for _, label, _ in used]
        + [one.label for one in sets.thresholds],
        lambda label: segment_name(
            label, allowed=capabilities.name_characters, limit=capabilities.name_limit
        ),
    )
    listed = [
        *_defined(sets.definition, names=names, sizes=sizes),
        *(_cluster(one, names=names, sizes=sizes) for one in ranked),
        *(
            Segment(
                label=label,
                name=names[label],
                kind="set",
                set=name,
                value=one.label,
                meaning=one.meaning,
                action=one.action,
                customers=customers,
            )
            for name, used in labelled.items()
            for one, label, customers in used
        ),
        *(_threshold(one, names=names, sizes=sizes) for one in sets.thresholds),
    ]
    kinds = capabilities.kinds
    return [one for one in listed if one.kind in (kinds or {one.kind}) and one.set not in omitted]


def _used(
    one: SegmentSet | ConditionalSet | CombinedSet, *, sizes: Counter[str]
) -> Iterator[tuple[SetLabel, str, int]]:
    """Yield a set's labels, each with its segment's label and its number of customers."""
    numbers = one.labels if isinstance(one, SegmentSet) and one.numbered else ()
    for label, segment_label in zip(one.everyone, one.segment_labels, strict=True):
        if sizes[label.label] or label not in numbers:
            yield label, segment_label, sizes[label.label]


def _defined(
    definition: Definition, *, names: Mapping[str, str], sizes: Sizes
) -> Iterator[Segment]:
    for one in definition.everyone:
        yield Segment(
            label=one.label,
            name=names[one.label],
            kind="segment",
            set=RFM,
            value=one.label,
            meaning=one.meaning,
            action=one.action,
            customers=sizes.segments[one.label],
            cells=one.cells,
        )


def _cluster(one: ClusterRow, *, names: Mapping[str, str], sizes: Sizes) -> Segment:
    label = cluster_label(one.rank)
    return Segment(
        label=label,
        name=names[label],
        kind="cluster",
        value=str(one.rank),
        meaning=one.name,
        customers=sizes.clusters[one.rank],
    )


def _threshold(one: Threshold, *, names: Mapping[str, str], sizes: Sizes) -> Segment:
    low, high = (
        "" if bound is None else number_text(bound) for bound in (one.at_least, one.at_most)
    )
    return Segment(
        label=one.label,
        name=names[one.label],
        kind="threshold",
        value="",
        meaning=one.meaning,
        action=one.action,
        customers=sizes.thresholds[one.label],
        bounds=Bounds(one.column, at_least=low, at_most=high),
    )
