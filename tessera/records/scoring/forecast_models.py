"""The forecast models of a run: parts of score.json and previous.json."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Literal

from tessera.records.fields import PRESENT_ONLY
from tessera.records.scoring.learnt_forecasts import LearntForecasts
from tessera.records.scoring.loyalty import LearntLoyalty
from tessera.records.scoring.report_card import ReportCard, Verdicts


@dataclasses.dataclass(frozen=True, kw_only=True)
class PurchaseFit:
    """A purchase model, fitted by maximum likelihood.

    Parameters
    ----------
    name
        Its kind.
    parameters, parameters_per_week
        By name, with days and with weeks as the unit of time.
    standard_errors
        Of ``parameters``. None where the likelihood has no peak inside the range.
    log_likelihood
        Of all customers, with days as the unit of time.
    warnings
        What to know before trusting it, in sentences.
    customers
        How many it was fitted on.
    """

    name: str
    parameters: Mapping[str, float]
    parameters_per_week: Mapping[str, float]
    standard_errors: Mapping[str, float] | None
    log_likelihood: float
    warnings: tuple[str, ...]
    customers: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpendParameters:
    """A Gamma-Gamma model's parameters.

    Parameters
    ----------
    name
        Its kind.
    p
        Shape of one purchase's value: the higher, the more alike are a customer's purchases.
    q, v
        Shape and scale of how customers differ. v carries the currency's unit.
    population_mean
        What a customer without any history spends per purchase.
    finite_mean
        Whether the model has that mean. If not, the mean of the fitted customers stands in.
    """

    p: float
    q: float
    v: float
    population_mean: float
    finite_mean: bool = True
    name: Literal["gamma_gamma"] = "gamma_gamma"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpendFit:
    """A spend model, fitted by maximum likelihood.

    Parameters
    ----------
    model
        Its parameters.
    log_likelihood
        Of the customers it was fitted on, at their winsorised spend.
    standard_errors
        By parameter. None where a parameter ran to a bound or the maximum is flat.
    warnings
        Sentences on what a reader of its predictions should know.
    customers
        Repeat buyers it was fitted on.
    """

    model: SpendParameters
    log_likelihood: float
    standard_errors: Mapping[str, float] | None
    warnings: tuple[str, ...]
    customers: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class InputDistribution:
    """How customers are distributed over one input of the models.

    Parameters
    ----------
    edges
        The values between the bins, ascending.
    shares
        The share of customers in each bin.
    """

    edges: tuple[float, ...]
    shares: tuple[float, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TotalRange:
    """A total over all customers and its 80 % range.

    Parameters
    ----------
    expected
        The forecast.
    low, high
        One in ten such totals is below, one in ten above.
    """

    expected: float
    low: float
    high: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class LearntModels:
    """What was learnt from the buyers of a run.

    Parameters
    ----------
    published
        The kind of purchase model that is used. None withholds all forecasts. What is published
        of each quantity is in the card's verdicts.
    reasons
        Why nothing is published, a sentence each. Empty where something is.
    model, spend
        The purchase model that is used, and the spend model. None without one.
    learnt
        What corrects the purchase model. None without one.
    tested
        Every kind that was tested.
    card
        The report card: how good each kind is on a holdout. None without a test.
    inputs, inputs_sha256
        The distributions that drift is measured against, by input, and the inputs' hash.
    loyalty
        The score of loyalty. None, and no member, where no segment set reads it.
    """

    published: str | None
    reasons: tuple[str, ...] = ()
    model: PurchaseFit | None
    tested: tuple[PurchaseFit, ...] = ()
    spend: SpendFit | None
    card: ReportCard | None
    inputs: Mapping[str, InputDistribution]
    inputs_sha256: str = ""
    learnt: LearntForecasts | None = None
    loyalty: LearntLoyalty | None = dataclasses.field(default=None, metadata=PRESENT_ONLY)

    @property
    def says_what_is_published(self) -> bool:
        """Whether this version can use the record: earlier ones published all or nothing."""
        return self.card is None or self.card.verdicts is not None

    @property
    def verdicts(self) -> Verdicts | None:
        """What is published, None without a test."""
        return self.card.verdicts if self.card else None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ForecastModels(LearntModels):
    """The purchase and spend models, and whether their forecasts may be used.

    Parameters
    ----------
    learnt_as_of, code_version
        The day and the version that learnt the models.
    reused
        Whether an earlier run learnt them.
    drift
        The population stability index of each input since then. None without an earlier run.
    terms
        What a lifetime value counts, in words.
    """

    learnt_as_of: dt.date
    code_version: str = ""
    reused: bool
    drift: Mapping[str, float] | None
    terms: str
