"""Why a customer's risk is high: the attributes that raise it most, in numbers and in words.

A reason's contribution is the model's log-odds less their mean over the values that customers have
of that attribute, everything else as it is. Contributions are not shares of the risk: attributes
that say the same, such as tenure and lifetime spend, divide it between them or hold each other's
part. They explain the model, not the customer's mind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.special import expit, logit

from tessera.customers.subscriptions.attributes import AttributeColumns, Floats, Ints
from tessera.customers.subscriptions.encoding import Encoding, Feature
from tessera.customers.subscriptions.model import ChurnModel

MOST = 3
NONE = -1
_LEAST = 0.05  # log-odds, about one percentage point of risk: less is no reason


@dataclasses.dataclass(frozen=True, kw_only=True)
class CancelReason:
    """One attribute that raises a customer's risk.

    Parameters
    ----------
    feature, value
        The attribute, and the customer's value in words.
    typical
        What customers usually have, in words.
    contribution
        By how much the value raises the log-odds.
    otherwise
        The chance to cancel with an average value in its place.
    """

    feature: str
    value: str
    typical: str
    contribution: float
    otherwise: float


@dataclasses.dataclass(frozen=True, eq=False)
class Reasons:
    """The strongest reasons of many customers, strongest first.

    Parameters
    ----------
    probability : shape (n,)
        The chance to cancel.
    places : shape (n, most)
        The features' places in the encoding. ``NONE`` where there are fewer reasons.
    contributions : shape (n, most)
        In log-odds. 0 where there are fewer.
    """

    encoding: Encoding
    matrix: Floats
    probability: Floats
    places: Ints
    contributions: Floats

    def of(self, row: int) -> tuple[CancelReason, ...]:
        """Return one customer's reasons."""
        pairs = zip(self.places[row].tolist(), self.contributions[row].tolist(), strict=True)
        return tuple(self._reason(row, place, value) for place, value in pairs if place != NONE)

    def _reason(self, row: int, place: int, contribution: float) -> CancelReason:
        feature = self.encoding.features[place]
        return CancelReason(
            feature=feature.name,
            value=_text(feature, float(self.matrix[row, place])),
            typical=_text(feature, np.nan if feature.typical is None else feature.typical),
            contribution=contribution,
            otherwise=float(expit(logit(self.probability[row]) - contribution)),
        )


def top_reasons(
    model: ChurnModel, attributes: AttributeColumns, *, day: Floats, most: int = MOST
) -> Reasons:
    """Return what raises each customer's risk most.

    Parameters
    ----------
    attributes, day
        As for ``ChurnModel.p_cancel``.
    most
        How many reasons to look for.
    """
    matrix = model.encoding.matrix(attributes, day=day)
    effects = model.effects(matrix)
    order = np.argsort(-effects, axis=1, kind="stable")[:, :most]
    strongest = np.take_along_axis(effects, order, axis=1)
    weak = strongest < _LEAST
    return Reasons(
        encoding=model.encoding,
        matrix=matrix,
        probability=model.probability(matrix),
        places=np.where(weak, NONE, order),
        contributions=np.where(weak, 0.0, strongest),
    )


def in_words(probability: float, reasons: Sequence[CancelReason], *, horizon_days: int = 30) -> str:
    """Return a sentence or two for the person who talks to the customer."""
    start = f"The chance to cancel within {horizon_days} days is {_percent(probability)}"
    if not reasons:
        return f"{start}; no attribute raises it above what is usual."
    texts = "; ".join(map(_reason_text, reasons))
    return f"{start}. What raises it most: {texts}."


def _reason_text(reason: CancelReason) -> str:
    usual = "" if reason.typical == reason.value else f" (usually {reason.typical})"
    otherwise = _percent(reason.otherwise)
    return f"{reason.feature} is {reason.value}{usual}, otherwise it would be {otherwise}"


def _text(feature: Feature, value: float) -> str:
    if np.isnan(value):
        return "unknown"
    if feature.kind == "category":
        return repr(feature.levels[int(value)])
    if feature.kind == "flag":
        return "yes" if value else "no"
    if feature.kind == "date":
        return f"{abs(value):,.0f} days {'ago' if value >= 0 else 'ahead'}"
    return f"{value:,.10g}"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"
