"""The report card's terms as people read them. Needs no NumPy."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from tessera.customers.forecasting.horizons import SEASON_DAYS
from tessera.records.scoring.forecast_models import LearntModels
from tessera.records.scoring.report_card import Grade, Verdict, Verdicts

SAME_RATE = "same_rate"
SEGMENT_AVERAGE = "segment_average"
SILENCE = "silence"
SAME_CHANCE = "same_chance"
PAST_SPEND = "past_spend"
MEANINGS: Mapping[str, str] = {
    SAME_RATE: "everybody keeps buying at the same rate",
    SEGMENT_AVERAGE: "everybody buys at the average rate of customers with as many purchases",
    SILENCE: "everybody buys as customers do who have been silent for as long",
    SAME_CHANCE: "everybody has the same chance",
    PAST_SPEND: "everybody keeps spending at the same rate",
    f"{SAME_RATE}_money": "everybody keeps buying at the same rate, at the usual price",
    f"{SEGMENT_AVERAGE}_money": "everybody buys at the average rate of their kind, at the usual "
    "price",
    f"{SILENCE}_money": "everybody buys as others silent for as long, at the usual price",
}

GRADES: Mapping[Grade, str] = {"full": "figures", "ranking": "ranks only", "none": "not shown"}
RANKING = "The order of customers can be trusted, the amounts cannot."
_HEADS: Mapping[Grade, str] = {
    "full": "In figures",
    "ranking": "By rank only",
    "none": "Not shown",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quantity:
    """One quantity that is forecast, and what may be published of it.

    Parameters
    ----------
    name
        ``orders``, ``money``, or ``no_order_90d`` and the like.
    title
        In words, such as ``No order in 90 days``.
    verdict
        What may be published.
    days
        A chance's horizon, as text. None for a number.
    """

    name: str
    title: str
    verdict: Verdict
    days: str | None = None

    @property
    def is_chance(self) -> bool:
        """Whether it is between 0 and 1: its level is off by points, not by a share."""
        return self.days is not None


def quantities(verdicts: Verdicts) -> tuple[Quantity, ...]:
    """Return each quantity with its verdict: orders, chances by horizon, money."""
    chances = sorted(verdicts.no_order.items(), key=lambda item: int(item[0]))
    return (
        Quantity(name="orders", title="Orders", verdict=verdicts.orders),
        *(
            Quantity(
                name=f"no_order_{days}d",
                title=f"No order in {days} days",
                verdict=verdict,
                days=days,
            )
            for days, verdict in chances
        ),
        Quantity(name="money", title="Money", verdict=verdicts.money),
    )


def in_short(verdicts: Verdicts) -> str:
    """Return one sentence for each grade that some quantity has, the best first."""
    return " ".join(
        f"{head}: {listed(names)}."
        for grade, head in _HEADS.items()
        if (names := _names(verdicts, grade))
    )


def without_season(models: LearntModels) -> str | None:
    """Return why no season is in the forecasts, None where the history has two years or a test."""
    card = models.card
    if card is None or (models.learnt is not None and models.learnt.season is not None):
        return None
    days = card.calibration_days + card.holdout_days
    if days >= SEASON_DAYS:
        return None
    return (
        f"the history has {days:,.0f} days. With less than two years no season can be learnt, so a "
        "first Christmas, or another first peak of the year, cannot be forecast"
    )


def _names(verdicts: Verdicts, grade: Grade) -> list[str]:
    chances = sorted(int(days) for days, one in verdicts.no_order.items() if one.grade == grade)
    names = ["orders"] if verdicts.orders.grade == grade else []
    if chances:
        names.append(f"the chance of no order in {listed(list(map(str, chances)))} days")
    return names + (["money"] if verdicts.money.grade == grade else [])


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: ``30, 90 and 180``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
