"""segments.json of the neutral export: what the labels mean, and how many customers have each."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from tessera.records.loads.segment import Segment


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSegment(Segment):
    """A segment in the neutral export.

    Parameters
    ----------
    attribute
        The column of customers.csv that has its ``value``, or a number within its ``bounds``.
        ``labels`` is the column with the labels of all sets as JSON.
    """

    attribute: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportedSet:
    """A segment set in the neutral export.

    Parameters
    ----------
    name, meaning
        Its name, and what it is about.
    attribute
        The column of customers.csv that has its labels. ``labels`` has those of all sets as JSON.
    customers
        How many customers have one of its labels.
    sizes
        Customers by segment.
    """

    name: str
    meaning: str
    attribute: str
    customers: int
    sizes: Mapping[str, int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportedSegments:
    """The segments of a run, and the sets that they belong to.

    Parameters
    ----------
    as_of, run_id
        The day and the run.
    sets
        Every segment set.
    segments
        Every segment.
    """

    as_of: dt.date
    run_id: str
    sets: tuple[ExportedSet, ...]
    segments: tuple[ExportedSegment, ...]
