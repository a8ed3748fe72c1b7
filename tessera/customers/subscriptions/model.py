"""A churn model: one or two scorers, calibrated, with their probabilities and reasons.

It is kept as JSON, boosted trees included, rather than as a pickle: nothing is executed when it is
read, no library's version has to match, and one file's SHA-256 names the whole model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol, Self

import numpy as np
from scipy.special import expit

from tessera.customers.subscriptions.attributes import AttributeColumns, Floats
from tessera.customers.subscriptions.encoding import Encoding
from tessera.customers.subscriptions.logistic import Logistic
from tessera.customers.subscriptions.trees import Boosting
from tessera.errors import InvalidInput
from tessera.records.scoring.churn import TrainedChurn

KINDS = ("logistic", "boosting", "blend")
FORMAT = 2
_SUREST = 13.8  # log-odds of one in a million: no table supports more


class Scorer(Protocol):
    """Gives log-odds to the rows of an encoded matrix."""

    def log_odds(self, matrix: Floats) -> Floats:
        """Return the log-odds of a cancellation, shape (n,)."""

    def effects(self, matrix: Floats) -> Floats:
        """Return by how much each value raises the log-odds over their mean, as ``matrix``."""

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""


_SCORERS: Mapping[str, type[Logistic] | type[Boosting]] = {
    "logistic": Logistic,
    "boosting": Boosting,
}


@dataclasses.dataclass(frozen=True)
class Calibration:
    """Platt's: the log-odds of a cancellation are ``shift + slope * score``.

    References
    ----------
    Platt (1999), "Probabilistic outputs for support vector machines".
    """

    shift: float
    slope: float

    def log_odds(self, score: Floats) -> Floats:
        """Return calibrated log-odds."""
        return self.shift + self.slope * score


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnModel:
    """Scorers whose log-odds are averaged and calibrated.

    Parameters
    ----------
    kind
        ``logistic``, ``boosting``, or ``blend``: both.
    shares
        How much each scorer's log-odds count. They sum to 1.
    """

    kind: str
    encoding: Encoding
    scorers: Mapping[str, Scorer]
    shares: Mapping[str, float]
    calibration: Calibration

    def p_cancel(self, attributes: AttributeColumns, *, day: Floats) -> Floats:
        """Return each customer's chance to cancel within the horizon of the labels.

        Parameters
        ----------
        attributes
            With at least the columns of the training.
        day : shape (n,)
            The day that each row describes, as days since 1970-01-01.

        Returns
        -------
        shape (n,), each above 0 and below 1
            For customers who are still there: the model knows nothing of who has left.

        Raises
        ------
        InvalidInput
            A column of the training is missing or of another kind.
        """
        return self.probability(self.encoding.matrix(attributes, day=day))

    def probability(self, matrix: Floats) -> Floats:
        """Return the probabilities of encoded customers, shape (n,)."""
        score = blended(self.shares, {n: s.log_odds(matrix) for n, s in self.scorers.items()})
        surest = np.clip(self.calibration.log_odds(score), -_SUREST, _SUREST)
        return np.asarray(expit(surest), np.float64)

    def effects(self, matrix: Floats) -> Floats:
        """Return by how much each value raises the log-odds over their mean, as ``matrix``."""
        effects = blended(self.shares, {n: s.effects(matrix) for n, s in self.scorers.items()})
        return self.calibration.slope * effects

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values. ``from_dict`` reads them back."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "features": self.encoding.to_dict(),
            "scorers": {name: scorer.to_dict() for name, scorer in self.scorers.items()},
            "shares": dict(self.shares),
            "calibration": dataclasses.asdict(self.calibration),
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read a model, or raise InvalidInput when it is not one of ours."""
        if document.get("format") != FORMAT or document.get("kind") not in KINDS:
            raise InvalidInput(
                f"the churn model has format {document.get('format')!r} and kind "
                f"{document.get('kind')!r}, expected {FORMAT} and one of {', '.join(KINDS)}: "
                "train it with this version"
            )
        scorers = document["scorers"].items()
        return cls(
            kind=document["kind"],
            encoding=Encoding.from_dict(document["features"]),
            scorers={name: _SCORERS[name].from_dict(value) for name, value in scorers},
            shares=document["shares"],
            calibration=Calibration(**document["calibration"]),
        )


def blended(shares: Mapping[str, float], scores: Mapping[str, Floats]) -> Floats:
    """Return the mean of the scorers' scores, each with its share."""
    return np.asarray(sum(share * scores[name] for name, share in shares.items()), np.float64)


def published_model(record: TrainedChurn) -> ChurnModel | None:
    """Return a record's model, or None when there is none to use."""
    if record.decision == "withhold" or record.model is None:
        return None
    return ChurnModel.from_dict(record.model)
