"""A run's segment sets: those it names, shipped or its own, with names that all differ.

Needs no NumPy, so that an upload's settings can be checked before anything runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tessera.contracts.tables import CUSTOMER_OUTPUT, IDENTITIES, SET_COLUMNS
from tessera.errors import InvalidInput
from tessera.naming import cluster_label, segment_names
from tessera.segments.definition import MOST_CLUSTERS, Definition, definition_for
from tessera.segments.sets.combined import CombinedSet, is_combined, parse_combined
from tessera.segments.sets.conditional import ConditionalSet, is_conditional, parse_conditional
from tessera.segments.sets.conditions import SEGMENT, LabelCondition, ListCondition, check_known
from tessera.segments.sets.definition import SegmentSet, parse_set
from tessera.segments.sets.references import computing_order, references
from tessera.segments.sets.threshold_segments import Threshold, parse_thresholds
from tessera.segments.toml_tables import listed
from tessera.settings import RunSettings
from tessera.shipped_files import read_toml

RFM = "rfm"  # the segment definition's own set, in a combined set's ``of``
CLUSTER = "cluster"  # in use, its labels are the clusters' segments, and otherwise ranks
SHIPPED = ("value_tier", "churn_band", "cancel_band", "cluster", "value_at_risk", "loyalty_3")
_Labels = dict[str, tuple[str, ...]]
_TAKEN = {*CUSTOMER_OUTPUT.names, *IDENTITIES.names, "segment_name"} - set(SHIPPED)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SegmentSets:
    """Every label a customer of a run has: the definition's, and one of each set.

    Parameters
    ----------
    definition
        The RFM set.
    simple
        Sets over profile columns.
    combined
        Sets over two others.
    conditional
        Sets by conditions over any columns and other sets.
    thresholds
        Segments beside all sets: they are no labels, and a customer may be in any number.
    """

    definition: Definition
    simple: tuple[SegmentSet, ...]
    combined: tuple[CombinedSet, ...]
    conditional: tuple[ConditionalSet, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    @property
    def over_columns(self) -> tuple[SegmentSet | ConditionalSet, ...]:
        """The sets that read profile columns."""
        return (*self.simple, *self.conditional)

    @property
    def columns(self) -> tuple[str, ...]:
        """The profile columns that the sets read, each once."""
        return tuple(dict.fromkeys(name for one in self.over_columns for name in one.columns))

    @property
    def beside(self) -> tuple[SegmentSet | ConditionalSet | CombinedSet, ...]:
        """The sets beside the RFM set, in the order to show them."""
        return (*self.over_columns, *self.combined)

    @property
    def in_order(self) -> tuple[ConditionalSet | CombinedSet, ...]:
        """The sets that may read the labels of others, each after those that it reads."""
        both: tuple[ConditionalSet | CombinedSet, ...] = (*self.conditional, *self.combined)
        by_name = {one.name: one for one in both}
        order = computing_order({name: one.reads for name, one in by_name.items()})
        return tuple(by_name[name] for name in order)

    @property
    def column_labels(self) -> dict[str, tuple[str, ...]]:
        """All labels as customers have them, by the profile column that holds a set's labels."""
        own = {SEGMENT: tuple(one.label for one in self.definition.everyone)}
        return own | {one.name: tuple(each.label for each in one.everyone) for one in self.beside}

    @property
    def segment_labels(self) -> dict[str, tuple[str, ...]]:
        """All labels as segments have them, by set, the RFM set first."""
        own = {RFM: tuple(one.label for one in self.definition.everyone)}
        return own | {one.name: one.segment_labels for one in self.beside}


def sets_for(settings: RunSettings) -> SegmentSets:
    """Return the sets that a run uses, with its definition, checked as far as can be without data.

    Raises
    ------
    InvalidInput
        The definition or a set is wrong, two labels would share a name, a set reads a column that
        profiles don't have, or is called as one that they do. The message names the set.
    """
    sets = segment_sets(
        settings.segment_sets,
        definition=definition_for(settings),
        own=settings.sets,
        thresholds=settings.thresholds,
    )
    check_columns(sets, columns=SET_COLUMNS)
    taken = next((one.name for one in sets.beside if one.name in _TAKEN), None)
    if taken is not None:
        raise InvalidInput(
            f"segment set {taken!r} has the name of a column of the results: rename it"
        )
    _check_omitted(settings)
    return sets


def segment_sets(
    names: Sequence[str],
    *,
    definition: Definition,
    own: Mapping[str, Mapping[str, Any]],
    thresholds: Mapping[str, Any] | None = None,
) -> SegmentSets:
    """Return the sets of a run, checked together.

    Parameters
    ----------
    names
        The sets to use, in the order to show them.
    definition
        The RFM set.
    own
        The user's sets as TOML documents by name. A shipped set of the same name gives way.
    thresholds
        The user's thresholds as TOML tables by label.

    Raises
    ------
    InvalidInput
        A set is unknown, named twice or wrong, sets read each other in a circle, a threshold is
        wrong, or two labels of any two of them would share a name.
    """
    twice = next((name for name in names if list(names).count(name) > 1), None)
    if twice is not None:
        raise InvalidInput(f"segment set {twice!r} is named twice")
    documents = {name: _document(name, own=own) for name in names}
    others = [one for one in documents.values() if not is_combined(one)]
    simple = tuple(parse_set(one) for one in others if not is_conditional(one))
    conditional = tuple(parse_conditional(one) for one in others if is_conditional(one))
    labels: _Labels = {RFM: tuple(one.label for one in definition.everyone)}
    over_columns: tuple[SegmentSet | ConditionalSet, ...] = (*simple, *conditional)
    labels |= {one.name: tuple(label.label for label in one.everyone) for one in over_columns}
    combined = _combined(documents, labels=labels)
    for one in conditional:
        _check_values(one, labels=labels)
    sets = SegmentSets(
        definition=definition,
        simple=simple,
        combined=tuple(combined[name] for name in documents if name in combined),
        conditional=conditional,
        thresholds=parse_thresholds(thresholds or {}),
    )
    _check_names(sets)
    return sets


def with_references(name: str, *, own: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Return a set's name, before it those of all sets that it reads, and so on.

    Raises
    ------
    InvalidInput
        One of them is unknown or wrong, or they read each other in a circle.
    """
    reads: dict[str, tuple[str, ...]] = {}
    left = [name]
    while left:
        one = left.pop()
        reads[one] = tuple(of for of in references(_document(one, own=own)) if of != RFM)
        left += [of for of in reads[one] if of not in reads]
    return computing_order(reads)


def _combined(
    documents: Mapping[str, Mapping[str, Any]], *, labels: _Labels
) -> dict[str, CombinedSet]:
    """Return the combined sets by name, and add their labels to those of the others."""
    combined = {}
    for name in computing_order({name: references(one) for name, one in documents.items()}):
        if is_combined(documents[name]):
            combined[name] = parse_combined(documents[name], labels=labels)
            labels[name] = tuple(label.label for label in combined[name].everyone)
    return combined


def _check_values(one: ConditionalSet, *, labels: _Labels) -> None:
    """Refuse a condition over a set that the run lacks, or over a label that the set lacks."""
    where = f"segment set {one.name!r}"
    for leaf in one.leaves:
        if isinstance(leaf, LabelCondition):
            if leaf.set not in labels:
                raise InvalidInput(
                    f"{where} reads the set {leaf.set!r}, which the run does not have: expected "
                    f"one of {listed(labels)}"
                )
            check_known(
                leaf.labels, known=labels[leaf.set], where=f"{where} over the set {leaf.set!r}"
            )
        elif isinstance(leaf, ListCondition) and leaf.column == SEGMENT:
            texts = tuple(map(str, leaf.values))
            check_known(texts, known=labels[RFM], where=f"{where} over {SEGMENT!r}")


def check_columns(sets: SegmentSets, *, columns: Collection[str]) -> None:
    """Refuse a set that reads a column which profiles don't have."""
    for one in sets.simple:
        for column in one.columns:
            if column not in columns:
                raise InvalidInput(
                    f"segment set {one.name!r} reads the column {column!r}, which profiles don't "
                    f"have: expected one of {listed(sorted(columns))}"
                )


def load_set_document(name: str) -> dict[str, Any]:
    """Return a shipped set's TOML document. It may lie inside a zip app."""
    return read_toml("tessera.segments", f"presets/sets/{name}.toml")


def _document(name: str, *, own: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if name == RFM:
        raise InvalidInput(f"segment set {RFM!r} is the segment definition: every run has it")
    if name in own:
        document = {"name": name, **own[name]}
        if document["name"] != name:
            raise InvalidInput(f"segment set {name!r} calls itself {document['name']!r}")
        return document
    if name not in SHIPPED:
        known = listed(dict.fromkeys([*SHIPPED, *own]))
        raise InvalidInput(f"segment set {name!r} is unknown: expected one of {known}")
    return load_set_document(name)


def _check_omitted(settings: RunSettings) -> None:
    """Refuse an unknown set, whose segments would be sent all the same."""
    known = dict.fromkeys([*settings.segment_sets, *SHIPPED, *settings.sets])
    for destination, names in settings.omitted_sets.items():
        check_known(
            tuple(names),
            known=tuple(known),
            where=f"setting 'omitted_sets', destination {destination!r}",
        )


def _check_names(sets: SegmentSets) -> None:
    everyone = [label for labels in sets.segment_labels.values() for label in labels]
    if CLUSTER not in sets.segment_labels:
        everyone += [cluster_label(rank) for rank in range(1, MOST_CLUSTERS + 1)]
    everyone += [one.label for one in sets.thresholds]
    also = ", or a threshold" if sets.thresholds else ""
    try:
        segment_names(everyone)
    except InvalidInput as error:
        raise InvalidInput(
            f"segment sets {listed(sets.segment_labels)} together: {error}, or a set's prefix{also}"
        ) from error
