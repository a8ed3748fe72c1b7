"""Attributes as one matrix of numbers, the same for training and for every later scoring."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from tessera.customers.subscriptions.attributes import (
    Attribute,
    AttributeColumns,
    Bools,
    Floats,
    Ints,
    Kind,
)
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class Feature:
    """What one column of the matrix holds.

    Parameters
    ----------
    name, kind
        The attribute's.
    levels
        Of a category, the texts that training saw. Any other counts as unknown.
    typical
        What most customers have, to show beside a customer's own value: the median, or the most
        common level (its place in ``levels``) or flag. None where it is mostly unknown.
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    typical: float | None = None

    def column(self, attribute: Attribute, *, day: Floats) -> Floats:
        """Return the feature's values, shape (n,), NaN where unknown.

        Raises
        ------
        InvalidInput
            The attribute is of another kind than in training.
        """
        if attribute.kind != self.kind:
            raise InvalidInput(
                f"attribute {self.name!r} is a {attribute.kind}, and was a {self.kind} when the "
                "churn model was trained: correct the file, or train again"
            )
        if self.kind == "date":
            return day - attribute.values
        return _places(attribute, self.levels) if self.kind == "category" else attribute.values


@dataclasses.dataclass(frozen=True)
class Encoding:
    """The features, in the matrix's order."""

    features: tuple[Feature, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, in order."""
        return tuple(feature.name for feature in self.features)

    def matrix(self, attributes: AttributeColumns, *, day: Floats) -> Floats:
        """Return the features of customers.

        Parameters
        ----------
        attributes
            With at least the features' columns. Others are ignored.
        day : shape (n,)
            The day that each row describes, as days since 1970-01-01. A date becomes the number
            of days that it lies before this, so that a model can be used at another time.

        Returns
        -------
        shape (n, features)
            Column-major, NaN where unknown.

        Raises
        ------
        InvalidInput
            A feature's column is missing or of another kind.
        """
        by_name = {column.name: column for column in attributes.columns}
        missing = [feature.name for feature in self.features if feature.name not in by_name]
        if missing:
            raise InvalidInput(
                f"the attributes lack {', '.join(map(repr, missing))}, which the churn model was "
                "trained with: add the columns to the file, or train again"
            )
        matrix = np.empty((attributes.customers, len(self.features)), np.float64, order="F")
        for place, feature in enumerate(self.features):
            matrix[:, place] = feature.column(by_name[feature.name], day=day)
        return matrix

    def to_dict(self) -> list[dict[str, Any]]:
        """Return JSON-ready values. ``from_dict`` reads them back."""
        return [{**dataclasses.asdict(f), "levels": list(f.levels)} for f in self.features]

    @classmethod
    def from_dict(cls, document: Sequence[Mapping[str, Any]]) -> Self:
        """Read the features."""
        return cls(tuple(Feature(**{**row, "levels": tuple(row["levels"])}) for row in document))


@dataclasses.dataclass(frozen=True, eq=False)
class EncodedRows:
    """Customers as a matrix, and what became of them."""

    encoding: Encoding
    matrix: Floats
    cancelled: Bools

    def take(self, rows: Ints) -> EncodedRows:
        """Return some of the customers."""
        return EncodedRows(
            self.encoding, np.asfortranarray(self.matrix[rows]), self.cancelled[rows]
        )


def encode(attributes: AttributeColumns, *, day: Floats) -> Encoding:
    """Return the encoding of a training table: its levels and typical values."""
    return Encoding(tuple(_feature(column, day=day) for column in attributes.columns))


def _feature(column: Attribute, *, day: Floats) -> Feature:
    feature = Feature(name=column.name, kind=column.kind, levels=_seen(column))
    values = feature.column(column, day=day)
    return dataclasses.replace(feature, typical=_typical(values, kind=column.kind))


def _seen(column: Attribute) -> tuple[str, ...]:
    """Return the levels of a category that some customer has."""
    if column.kind != "category":
        return ()
    places = np.unique(column.values[~np.isnan(column.values)]).astype(np.int64)
    return tuple(column.levels[place] for place in places)


def _typical(values: Floats, *, kind: Kind) -> float | None:
    known = values[~np.isnan(values)]
    if len(known) < len(values) / 2:
        return None
    if kind in ("category", "flag"):
        return float(np.bincount(known.astype(np.int64)).argmax())
    return float(np.median(known))


def _places(attribute: Attribute, levels: tuple[str, ...]) -> Floats:
    """Return a category's values as places in other levels. NaN for a text that is not there."""
    place = {text: float(index) for index, text in enumerate(levels)}
    table = np.array([place.get(text, np.nan) for text in attribute.levels] + [np.nan])
    codes = np.where(np.isnan(attribute.values), len(attribute.levels), attribute.values)
    return np.asarray(table[codes.astype(np.int64)], np.float64)
