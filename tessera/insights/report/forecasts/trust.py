"""The report card in a marketer's words: how the forecasts did in a test against what happened."""

from __future__ import annotations

import datetime as dt

from tessera.customers.report_card.words import RANKING, in_short, without_season
from tessera.insights import figures
from tessera.insights.forecasts import ranks_only
from tessera.insights.report.drawing import plots
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.insights.report.facts import fact, verdict
from tessera.insights.report.forecasts import fits
from tessera.insights.report.forecasts.accuracy import against, groups, ranges
from tessera.insights.report.forecasts.quantities import published
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.report_card import (
    Discrimination,
    Group,
    ReportCard,
    ValueCaptured,
    Verdicts,
)

_STATES = {
    "active": ("Active", "silent no longer than four in five of the customer's gaps"),
    "at_risk": ("At risk", "silent for longer than these"),
    "lapsed": ("Lapsed", "silent for longer than the longest gap to expect of them"),
    "unknown": ("Unknown", "nobody has bought twice yet"),
}
_EMPTY = "Profiles have no value for what is not shown: a wrong forecast is worse than none."
_TENTHS = (
    "Where ranks only are shown, profiles have tenths in place of figures, from 1 to 10 for the "
    "most. Segment sets use them."
)
_GAPS = (
    "Segments that would need a chance use each customer's own gaps between purchases. A customer "
    "is active while the silence since the last purchase is no longer than usual, at risk when it "
    "is, and lapsed when it is longer than ever. For customers with fewer than five gaps, all "
    "customers' gaps are used."
)
_SPENT = "Segments that would need a value use the money spent so far."


def trust(records: RunRecords) -> Html | None:
    """Return the results of the models' test, or None for runs without models."""
    models = records.score.models
    if not models:
        return None
    card = models.card
    return section(
        "Can you trust the forecasts?",
        _verdict(models),
        _card(card, as_of=models.learnt_as_of) if card else None,
        _instead(models.verdicts, card),
        fits.details(models),
    )


def _verdict(models: ForecastModels) -> Html:
    verdicts = models.verdicts if models.published else None
    notes = models.card.notes if models.card else ()
    season = without_season(models) if verdicts else None
    sentences = [*_of_ranks(verdicts), *models.reasons, *filter(None, [season]), *notes]
    if models.reused:
        learnt = figures.day(models.learnt_as_of)
        sentences.append(f"the models are those of the run as of {learnt}, used again in this one")
    return verdict(_head(verdicts), sentences, good=_passed(verdicts))


def _head(verdicts: Verdicts | None) -> str:
    if verdicts is None:
        return "Not in this run. The forecasts are withheld."
    head = "Yes, within their ranges." if _passed(verdicts) else "In part."
    return f"{head} {in_short(verdicts)}"


def _passed(verdicts: Verdicts | None) -> bool:
    """Return whether every quantity that could be tested is shown in figures."""
    tested = [one for one in verdicts.everyone if one.savings] if verdicts else []
    return bool(tested) and all(one.grade == "full" for one in tested)


def _of_ranks(verdicts: Verdicts | None) -> list[str]:
    return [RANKING] if verdicts is not None and ranks_only(verdicts) else []


def _card(card: ReportCard, *, as_of: dt.date) -> Html:
    return element(
        "div",
        _test(card, as_of=as_of),
        published(card.verdicts) if card.verdicts else None,
        element("h3", "How far off were they?"),
        against(card),
        groups(card),
        ranges(card),
        _seen(card),
    )


def _test(card: ReportCard, *, as_of: dt.date) -> Html:
    return element(
        "p",
        "How we know: the history was cut "
        f"{plural(round(card.holdout_days), 'day')} before "
        f"{figures.day(as_of)}. The forecasts saw only the history before the cut: "
        f"{plural(round(card.customers), 'customer')}, "
        f"{figures.number(card.repeat_buyers)} with a second purchase day. Their forecast of "
        "the days after the cut was then compared with what happened, and with what anybody "
        "could assume without a model.",
    )


def _seen(card: ReportCard) -> Html | None:
    groups = card.calibration
    if not groups:
        return None
    return element(
        "div",
        element(
            "div",
            element("h3", "Are the figures right?"),
            element(
                "p",
                "Each dot is a tenth of the customers, from those expected to buy least to those "
                "expected to buy most. On the line, exactly so much happened; above it "
                "more, below it less. Both axes count purchase days by their square root.",
            ),
            plots.calibration([_point(group) for group in groups], label="Calibration by tenths"),
        ),
        element(
            "div",
            element("h3", "Does it rank customers well?"),
            element("dl", _ranking(card), class_="ranking"),
        ),
        class_="pair",
    )


def _point(group: Group) -> plots.Point:
    title = (
        f"tenth {group.decile}, {plural(round(group.customers), 'customer')}: "
        f"{figures.number(group.predicted, 2)} predicted, "
        f"{figures.number(group.actual, 2)} happened"
    )
    return plots.Point(group.predicted, group.actual, title)


def _ranking(card: ReportCard) -> list[Html]:
    return [
        *(_risk_facts(card.discrimination) if card.discrimination else ()),
        *(_value_facts(card.value) if card.value else ()),
    ]


def _risk_facts(ranking: Discrimination) -> list[Html]:
    facts = []
    if ranking.auc is not None:
        recency = (
            f"; by the days since the last purchase alone {ranking.auc_of_recency:.3f}"
            if ranking.auc_of_recency is not None
            else ""
        )
        facts.append(
            fact(
                f"{ranking.auc:.3f}",
                "AUC of who does not order",
                "Of two customers, one of which ordered, it knew which in "
                f"{100 * ranking.auc:.0f} of 100 cases. A coin has 0.5{recency}.",
            )
        )
    facts.append(
        fact(
            figures.share(ranking.expected_share),
            "expected not to order",
            f"{figures.share(ranking.actual_share)} did not.",
        )
    )
    return facts


def _value_facts(value: ValueCaptured) -> list[Html]:
    if value.by_prediction is None:
        return []
    return [
        fact(
            figures.share(value.by_prediction),
            "of the money came from the tenth forecast to be worth most",
            f"The tenth who had spent most so far brought "
            f"{figures.share(value.by_past_spend)}. All spending together was forecast "
            f"{figures.signed_share(value.spend.total_error)} off.",
        )
    ]


def _instead(verdicts: Verdicts | None, card: ReportCard | None) -> Html | None:
    if verdicts and all(one.grade == "full" for one in verdicts.everyone):
        return None
    money = verdicts.money.grade if verdicts else "none"
    chances = {one.grade for one in verdicts.no_order.values()} if verdicts else {"none"}
    grades = {one.grade for one in verdicts.everyone} if verdicts else {"none"}
    gaps = chances == {"none"}
    texts = (
        _EMPTY if "none" in grades else "",
        _TENTHS if "ranking" in grades else "",
        _SPENT if money == "none" else "",
        _GAPS if gaps else "",
    )
    return element(
        "div",
        element("h3", "What is used instead"),
        element("p", " ".join(filter(None, texts))),
        _gap_states(card) if gaps and card else None,
    )


def _gap_states(card: ReportCard) -> Html | None:
    body: list[list[Child]] = [
        [
            [name, element("small", note)],
            figures.number(row.customers),
            figures.share(row.ordered),
        ]
        for row in card.gap_states
        for name, note in [_STATES.get(row.state, (row.state, ""))]
    ]
    columns = [Heading("State at the cut"), Heading("Customers", number=True),
               Heading("Ordered afterwards", number=True)]  # fmt: skip
    return table("The rule in the same test", columns, body) if body else None
