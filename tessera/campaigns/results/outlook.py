"""What a campaign could show, before it is sent: effect × holdout × weeks."""

from __future__ import annotations

import dataclasses
from typing import Literal

from tessera.campaigns.results.statistics.detectable import (
    POWER,
    detectable_lift,
    people_needed,
    smallest_share,
    weeks_until_known,
)
from tessera.campaigns.results.statistics.inference import Inference
from tessera.campaigns.results.words import rounded

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
LIFTS = (0.05, 0.1, 0.2, 0.5)
ASSUMED_CONVERSION = 0.03
_DAYS = 7
_WEEKS = 52

ConversionSource = Literal["given", "measured", "assumed"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutlookTerms:
    """What is planned.

    Parameters
    ----------
    people
        How many a campaign takes at once, or in a week, held-out people included.
    is_weekly
        Whether ``people`` enter each week. Otherwise all are taken on one day.
    conversion
        The share that buys within the days of result without a message.
    lift
        The smallest effect worth knowing, as a share of the buyers: 0.1 is a tenth more.
    result_days
        How long each person's purchases count.
    holdout
        A share that is looked at beside the usual ones. None for these alone.
    """

    people: int
    is_weekly: bool
    conversion: float
    lift: float
    result_days: int
    holdout: float | None = None

    @property
    def inference(self) -> Inference:
        """How often the results will be looked at."""
        return "always_valid" if self.is_weekly else "fixed_horizon"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutlookCell:
    """When an effect of one size is known, with one holdout.

    Parameters
    ----------
    lift
        The effect, as a share of the buyers.
    people
        How many show it in 80 of 100 campaigns, held-out people included, with two digits.
    weeks
        Until they count. None where one campaign does not take so many.
    """

    lift: float
    people: int
    weeks: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class OutlookRow:
    """What one holdout shows.

    Parameters
    ----------
    share
        Held out.
    detectable_lift
        The smallest effect that the people show: of one campaign, or those who count within a year.
    cells
        By effect.
    """

    share: float
    detectable_lift: float
    cells: tuple[OutlookCell, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class EffectOutlook:
    """What a campaign could show.

    Parameters
    ----------
    inference
        How often its results will be looked at.
    power
        In which share of campaigns an effect of the size is seen.
    conversion
        The share that buys without a message.
    conversion_from
        Whether that was ``given``, ``measured`` on the held-out people of earlier campaigns, or
        ``assumed``, because none was measured.
    lift
        The smallest effect worth knowing.
    smallest_share
        The smallest holdout that shows it, with the people of one campaign or of a year. None
        where no holdout does.
    rows
        By holdout.
    """

    inference: Inference
    power: float
    conversion: float
    conversion_from: ConversionSource
    lift: float
    smallest_share: float | None
    rows: tuple[OutlookRow, ...]


def outlook(terms: OutlookTerms, *, conversion_from: ConversionSource) -> EffectOutlook:
    """Return what a campaign could show.

    Parameters
    ----------
    terms
        What is planned.
    conversion_from
        Where its conversion is from.
    """
    lifts = tuple(sorted({*LIFTS, terms.lift}))
    chosen = () if terms.holdout is None else (terms.holdout,)
    return EffectOutlook(
        inference=terms.inference,
        power=POWER,
        conversion=terms.conversion,
        conversion_from=conversion_from,
        lift=terms.lift,
        smallest_share=smallest_share(
            _people(terms), conversion=terms.conversion, lift=terms.lift, inference=terms.inference
        ),
        rows=tuple(_row(terms, share, lifts) for share in sorted({*SHARES, *chosen})),
    )


def _row(terms: OutlookTerms, share: float, lifts: tuple[float, ...]) -> OutlookRow:
    return OutlookRow(
        share=share,
        detectable_lift=detectable_lift(
            _people(terms), conversion=terms.conversion, share=share, inference=terms.inference
        ),
        cells=tuple(_cell(terms, share, lift) for lift in lifts),
    )


def _cell(terms: OutlookTerms, share: float, lift: float) -> OutlookCell:
    people = people_needed(
        conversion=terms.conversion, lift=lift, share=share, inference=terms.inference
    )
    weeks: float | None = terms.result_days / _DAYS
    if terms.is_weekly:
        weeks = weeks_until_known(people, people_a_week=terms.people, result_days=terms.result_days)
    elif people > terms.people:
        weeks = None
    return OutlookCell(lift=lift, people=rounded(people), weeks=weeks)


def _people(terms: OutlookTerms) -> int:
    """Return who counts: of one campaign, or within a year, their days of result included."""
    if not terms.is_weekly:
        return terms.people
    weeks = max(0.0, _WEEKS - terms.result_days / _DAYS)
    return max(1, int(terms.people * weeks))
