"""A tenant's settings and segment sets, versioned."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tessera.records.fields import Milliseconds
from tessera.records.run_of_day import RunOfDay


@dataclasses.dataclass(frozen=True, kw_only=True)
class Revision:
    """Which saved version something is of.

    Parameters
    ----------
    version
        Counted from 1. 0 where nothing was ever saved through the API.
    saved_by, saved_at
        Who saved it, and when. None for version 0.
    """

    version: int
    saved_by: str | None
    saved_at: Milliseconds | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettingsVersion(Revision):
    """One version of a tenant's settings, as it is kept.

    Parameters
    ----------
    settings
        The tenant's own, whole.
    """

    settings: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettingsDocument(Revision):
    """A tenant's settings.

    Parameters
    ----------
    settings
        The tenant's own, as in ``settings.toml``.
    effective
        All settings that the next run uses: the tenant's own over the stage's defaults.
    toml
        The tenant's own as TOML.
    """

    settings: Mapping[str, Any]
    effective: Mapping[str, Any]
    toml: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SettingsChange:
    """New settings of a tenant, whole.

    Parameters
    ----------
    version
        The version that they are based on. Another one in the meantime is a conflict.
    settings
        The tenant's own. What is absent has the stage's default.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    settings: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetDocument:
    """A segment set's definition.

    Parameters
    ----------
    name
        Its name.
    in_use
        Whether the next run computes it.
    shipped
        Whether it is the one that comes with Tessera.
    definition
        The same document as its TOML.
    toml
        The definition as TOML.
    warning
        Why it should be taken out of use, for people. Empty without a reason.
    """

    name: str
    in_use: bool
    shipped: bool
    definition: Mapping[str, Any]
    toml: str
    warning: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetDocumentList(Revision):
    """Every segment set that a tenant can use, shipped ones included."""

    items: tuple[SetDocument, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SavedSet(Revision):
    """A segment set, and the version of the settings that it is part of.

    Parameters
    ----------
    set
        The set.
    """

    set: SetDocument


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetChange:
    """A new or changed segment set.

    Parameters
    ----------
    version
        The version of the settings that it is based on.
    in_use
        Whether the next run computes it, and every destination gets it.
    definition
        As a set's TOML document (docs/segments.md).
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    in_use: bool = True
    definition: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetDestination:
    """A destination of the tenant, and whether it gets the segments of a set.

    Parameters
    ----------
    destination, title
        Its name, and its name for people.
    gets
        Whether the next run makes the set's segments there.
    reason
        Why this cannot be changed, as a sentence. None where it can.
    """

    destination: str
    title: str
    gets: bool
    reason: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetDestinations(Revision):
    """Where a segment set goes with the next run.

    Parameters
    ----------
    name
        The set. ``rfm`` is the segment definition's own.
    items
        The tenant's destinations.
    """

    name: str
    items: tuple[SetDestination, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetDestinationsChange:
    """Where a segment set is to go, whole.

    Parameters
    ----------
    version
        The version of the settings that it is based on.
    destinations
        Those of the tenant's destinations that get the set's segments.
    """

    version: int = dataclasses.field(metadata={"schema": {"minimum": 0}})
    destinations: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CountRequest:
    """A definition to count, saved or not.

    Parameters
    ----------
    definition
        As a set's TOML document (docs/segments.md).
    """

    definition: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class LabelCount:
    """The customers that one label would have.

    Parameters
    ----------
    label
        The label.
    customers, monetary
        How many, and their net money as text.
    segments
        How many of them are in each segment, by its label.
    """

    label: str
    customers: int
    monetary: str
    segments: Mapping[str, int]


@dataclasses.dataclass(frozen=True, kw_only=True)
class EmptyCells:
    """A column that the set reads, and that is empty for some customers.

    Parameters
    ----------
    column
        The profile column.
    customers
        How many have no value. They meet no condition over it.
    """

    column: str
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetCount(RunOfDay):
    """What a segment set would come to with the customers of a run.

    Parameters
    ----------
    labels
        The customers of each label.
    empty
        The columns that the set reads and that some customers have no value of.
    """

    labels: tuple[LabelCount, ...]
    empty: tuple[EmptyCells, ...]
