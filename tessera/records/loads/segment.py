"""A segment at a destination, in load.json and in segments.json."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Bounds:
    """The range of a number that the members of a segment have, both ends included.

    Parameters
    ----------
    column
        The column of profiles that has the number.
    at_least, at_most
        Decimals as text. Empty if there is no such bound.
    """

    column: str
    at_least: str = ""
    at_most: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """A segment as a destination knows it.

    Parameters
    ----------
    label, name
        The label here ("At Risk", "Value High") and the name there ("_RFM_At_Risk").
    kind
        ``segment`` for the definition's labels, ``cluster`` for K-Means groups, ``set`` for the
        labels of another segment set, ``threshold`` for a number within bounds.
    value
        The value of a member's attribute: the label ("High"), or the cluster's rank. Empty if
        there are ``bounds``.
    meaning, action
        For people: the customers in it, and what to do about them.
    customers
        How many the run counted.
    set
        The segment set: ``rfm``, or the set's name. Empty for K-Means groups and thresholds.
    cells
        The score cells of the definition, if it has any.
    bounds
        The bounds of a threshold. None for all others.
    """

    label: str
    name: str
    kind: str
    value: str
    meaning: str
    customers: int
    set: str = ""
    action: str = ""
    cells: tuple[str, ...] = ()
    bounds: Bounds | None = None
