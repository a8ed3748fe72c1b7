"""The forecasts on the front page: figures with their ranges, ranks, or why there are none."""

from __future__ import annotations

from collections.abc import Iterator

from tessera.customers.report_card.words import RANKING, listed, quantities, without_season
from tessera.insights import figures
from tessera.insights.forecasts import MONEY, ORDERS, amount, range_of, ranks_only, sentence
from tessera.insights.report.drawing.markup import Html, element
from tessera.insights.report.facts import fact
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.report_card import Grade, Verdict, Verdicts

_TRUST = "can-you-trust-the-forecasts-"  # the section's id
_BAND, _CHANCE, _EVEN = "churn_band", "p_no_order_90d", 0.5
_RANKS = "By rank"
_NOTHING = "Not shown"


def forecasts(records: RunRecords) -> Html | None:
    """Return what may be expected, in short. None for runs without models."""
    models = records.score.models
    if models is None:
        return None
    verdicts = models.verdicts
    if verdicts is None or not models.published:
        reasons = " ".join(map(sentence, models.reasons))
        return element(
            "p", element("b", "No forecast is shown in this run."), f" {reasons} ", _link()
        )
    facts = [
        _total(records, ORDERS, "Orders in a year", verdicts.orders, currency=None),
        _total(records, MONEY, "Value in a year", verdicts.money, currency=records.currency),
        _risk(records, verdicts),
    ]
    return element(
        "div",
        element("h2", "What to expect"),
        element("dl", facts, class_="headline"),
        element("p", " ".join(_notes(models, verdicts)), " ", _link()),
        class_="expect",
    )


def _notes(models: ForecastModels, verdicts: Verdicts) -> Iterator[str]:
    if ranks_only(verdicts):
        yield RANKING
    if reason := without_season(models):
        yield sentence(reason)


def _link() -> Html:
    return element("a", "How the forecasts were tested", href=f"#{_TRUST}")


def _total(
    records: RunRecords, name: str, title: str, verdict: Verdict, *, currency: str | None
) -> Html:
    total = records.score.totals.get(name)
    if total is None:
        return _without(title, verdict.grade)
    return fact(
        amount(total.expected, currency=currency), title, range_of(total, currency=currency)
    )


def _without(name: str, grade: Grade) -> Html:
    if grade == "none":
        return fact(_NOTHING, name, "the test below says why")
    return fact(_RANKS, name, "each customer has a tenth from 1 to 10, and no amount")


def _risk(records: RunRecords, verdicts: Verdicts) -> Html:
    chances = [one for one in quantities(verdicts) if one.is_chance]
    full = [one for one in chances if one.verdict.grade == "full"]
    if not full:
        ranked = any(one.verdict.grade == "ranking" for one in chances)
        return _without("Chance of no order", "ranking" if ranked else "none")
    days = listed([one.days for one in full if one.days])
    note = f"each customer has a chance for {days} days"
    silent = _probably_silent(records)
    if silent is None:
        return fact("In figures", "Chance of no order", note)
    of_all = plural(records.score.customers, "customer")
    return fact(figures.number(silent), "Probably no order in 90 days", f"of {of_all}: {note}")


def _probably_silent(records: RunRecords) -> int | None:
    """Return how many customers are likelier than not to order nothing. None without chances."""
    band = records.score.sets.get(_BAND)
    if band is None or band.column != _CHANCE or _EVEN not in band.edges:
        return None
    return sum(row.customers for row in band.labels if row.low is not None and row.low >= _EVEN)
