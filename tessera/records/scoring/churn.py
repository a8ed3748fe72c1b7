"""The attributes' model of cancellations: churn.json, and a part of score.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from tessera.records.fields import PRESENT_ONLY
from tessera.records.scoring.clicks import ClickGate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quality:
    """Measures of predictions that were made without their outcomes.

    Parameters
    ----------
    customers, cancelled
        How many predictions there are, and how many of these customers cancelled.
    auc
        The chance that a customer who cancelled has a higher probability than one who did not.
    ece
        Expected calibration error over ten bins of equal width: the mean distance between
        predicted probability and observed share, weighted by customers.
    brier, log_loss
        Mean squared error, and mean negative log-likelihood (in nats).
    base_log_loss
        The log loss of giving everyone the training rows' share of cancellations.
    gain_error
        The standard error of ``base_log_loss - log_loss``.
    top_decile_lift
        Cancellations among the tenth with the highest probabilities, relative to all.
    """

    customers: int
    cancelled: int
    auc: float
    ece: float
    brier: float
    log_loss: float
    base_log_loss: float
    gain_error: float
    top_decile_lift: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class RiskGroup:
    """A tenth of the customers of the test, by their predicted risk.

    Parameters
    ----------
    customers
        How many.
    predicted, observed
        The mean probability, and the share who cancelled.
    """

    customers: int
    predicted: float
    observed: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnSplit:
    """How customers were divided into those to learn from and those to test on.

    Parameters
    ----------
    kind, note
        Its name, and a sentence for readers. The note may be empty.
    """

    kind: str
    note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnChoice:
    """What held-out customers chose.

    Parameters
    ----------
    leaves, rate, features, rounds
        Of the trees: the most leaves of each, how much of its error each round corrects, the
        share of attributes that a question may ask for, and how many trees there are.
    knots
        Of the regression: 2 for straight lines, more for lines that bend.
    boosting_share
        The share of the trees in the blend of both.
    """

    leaves: int
    rate: float
    features: float
    rounds: int
    knots: int
    boosting_share: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnTraining:
    """What was learnt of cancellations, and whether it may be used.

    Parameters
    ----------
    trained
        Whether there was enough to learn from. If not, all but ``reason``, ``customers`` and
        ``cancelled`` is empty.
    reason
        Why there is no model, or why it is used or not.
    customers, cancelled
        Customers with a known outcome, and those of them who cancelled.
    decision
        Whether the model is used.
    kind
        The kind of model that is used.
    horizon_days
        Within how many days a customer of the training cancelled, or did not.
    seed
        Of folds, samples and trees.
    notes
        What else a reader should know, in sentences.
    split
        How customers were divided for the test.
    metrics, kinds
        The quality of the whole procedure, and of each kind of model.
    choice
        How the model was fitted. None of runs of earlier versions.
    calibration_table
        Ten groups by predicted risk, lowest first.
    features
        The attributes that the model reads.
    clicks
        Whether it reads clicks too. None, and no member, where customers did not look at the shop.
    """

    trained: bool
    reason: str
    customers: int = 0
    cancelled: int = 0
    decision: Literal["publish", "withhold"] | None = None
    kind: str | None = None
    horizon_days: int | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()
    split: ChurnSplit | None = None
    metrics: Quality | None = None
    kinds: Mapping[str, Quality] = dataclasses.field(default_factory=dict)
    choice: ChurnChoice | None = None
    calibration_table: tuple[RiskGroup, ...] = ()
    features: tuple[str, ...] = ()
    clicks: ClickGate | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainedChurn(ChurnTraining):
    """churn.json, which TrainChurn writes into its archive.

    Parameters
    ----------
    model
        The model in the form of ``ChurnModel.to_dict``. None where it is not used.
    """

    model: Mapping[str, Any] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnScored:
    """The customers that the model of attributes was asked about.

    Parameters
    ----------
    customers
        Customers with a chance to cancel.
    left, known_too_long_ago
        Customers without one: they have left, or their attributes are too old.
    mean
        The mean chance. None of nobody.
    """

    customers: int
    left: int
    known_too_long_ago: int
    mean: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RiskReason:
    """An attribute as a reason of the customers most at risk.

    Parameters
    ----------
    feature
        Its name.
    customers, share
        How many of them have it among their three strongest reasons, and which share that is.
    contribution
        By how much it raises the log-odds, on average.
    value
        Its commonest value. None where it is a number or a date.
    """

    feature: str
    customers: int
    share: float
    contribution: float
    value: str | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RiskReasons:
    """What raises the risk of the customers most at risk.

    Parameters
    ----------
    customers
        How many were looked at.
    features
        The most frequent reason first.
    """

    customers: int
    features: tuple[RiskReason, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChurnRecord(ChurnTraining):
    """What was learnt of cancellations, and what it says of this run's customers.

    Parameters
    ----------
    sha256
        Of churn.json.
    scored, reasons
        The customers that it was asked about, and their reasons. None where it is not used.
    """

    sha256: str
    scored: ChurnScored | None = None
    reasons: RiskReasons | None = None
