"""A run's forecasts in a few sentences: for the terminal, the notification and the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from tessera.customers.report_card.words import RANKING, in_short
from tessera.insights import figures
from tessera.records.scoring.forecast_models import ForecastModels, TotalRange
from tessera.records.scoring.report_card import Verdicts

ORDERS, MONEY, CLV = "orders", "money", "clv"  # the totals of a score record


class Forecasted(Protocol):
    """What a run's records say of forecasts."""

    @property
    def models(self) -> ForecastModels | None:
        """The models."""
        ...

    @property
    def totals(self) -> Mapping[str, TotalRange]:
        """All customers together."""
        ...


def sentences(run: Forecasted, *, currency: str) -> str:
    """Return what is published, and the totals with their ranges. Empty without models."""
    models = run.models
    if models is None:
        return ""
    verdicts = models.verdicts
    if not models.published or verdicts is None:
        texts = [f"No forecasts in this run: {'; '.join(models.reasons) or 'none was tested'}."]
    else:
        ranking = f" {RANKING}" if ranks_only(verdicts) else ""
        texts = ["Forecasts.", in_short(verdicts) + ranking, *_totals(run, currency=currency)]
    return " ".join([*texts, *_without_loyalty(models)])


def _without_loyalty(models: ForecastModels) -> Iterator[str]:
    """Yield why nobody has a group of loyalty, where a segment set asked for one."""
    if models.loyalty is not None and not models.loyalty.published:
        yield f"No groups of loyalty in this run: {models.loyalty.reasons[-1].rstrip('.')}."


def ranks_only(verdicts: Verdicts) -> bool:
    """Return whether the order of customers can be trusted and amounts cannot."""
    return "ranking" in {verdicts.orders.grade, verdicts.money.grade}


def range_of(total: TotalRange, *, currency: str | None) -> str:
    """Return a total's range, such as ``80 % range 2,500 to 4,100``. Money has a currency."""
    low, high = (amount(value, currency=currency) for value in (total.low, total.high))
    return f"80 % range {low} to {high}"


def amount(value: float, *, currency: str | None) -> str:
    """Return a total: of money with a currency, which may be empty, of orders with None."""
    return figures.number(value) if currency is None else figures.money(value, currency)


def sentence(text: str) -> str:
    """Return a reason as a sentence: with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _totals(run: Forecasted, *, currency: str) -> Iterator[str]:
    if orders := run.totals.get(ORDERS):
        yield (
            f"Expected in 365 days: {amount(orders.expected, currency=None)} orders "
            f"({range_of(orders, currency=None)})."
        )
    if money := run.totals.get(MONEY):
        yield (
            f"Value of these days: {amount(money.expected, currency=currency)} "
            f"({range_of(money, currency=currency)})."
        )
