"""The report card in a marketer's words: how the forecasts did in a test against what happened."""

from __future__ import annotations

import datetime as dt

from tessera.insights.report import fits
from tessera.insights.report.drawing import figures, plots
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.insights.report.facts import fact, verdict
from tessera.insights.report.fits import model_title
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.report_card import (
    Accuracy,
    Discrimination,
    Group,
    ModelDecision,
    ReportCard,
    ValueCaptured,
)

_BASELINES = {
    "same_rate": ("Same rate", "everybody keeps buying as often as so far"),
    "segment_average": (
        "Segment average",
        "everybody buys as often as customers with as many purchases do on average",
    ),
}
_STATES = {
    "active": ("Active", "silent no longer than four in five of the customer's gaps"),
    "at_risk": ("At risk", "silent for longer than these"),
    "lapsed": ("Lapsed", "silent for longer than the longest gap to expect of them"),
    "unknown": ("Unknown", "nobody has bought twice yet"),
}
_INSTEAD = (
    "No profile has a chance of ordering, an expected order or a lifetime value in this run: a "
    "wrong forecast is worse than none. Segments that would need one use the money spent so far "
    "and each customer's own gaps between purchases. A customer is active while the silence "
    "since the last purchase is no longer than usual, at risk when it is, and lapsed when it is "
    "longer than ever. For customers with fewer than five gaps, all customers' gaps are used."
)


def trust(records: RunRecords) -> Html | None:
    """Return the results of the models' test, or None for runs without models."""
    models = records.score.models
    if not models:
        return None
    card = models.card
    return section(
        "Can you trust the forecasts?",
        _verdict(models),
        _test(card, as_of=models.learnt_as_of) if card else None,
        _against(card) if card else None,
        _seen(card) if card else None,
        _instead(card) if not models.published else None,
        fits.details(models),
    )


def _verdict(models: ForecastModels) -> Html:
    published = models.published
    notes = models.card.decision.notes if models.card else ()
    sentences = [*models.reasons, *notes]
    if models.reused:
        learnt = figures.day(models.learnt_as_of)
        sentences.append(f"the models are those of the run as of {learnt}, used again in this one")
    head = (
        f"Yes, within the errors below. The forecasts are {model_title(published)}'s."
        if published
        else "Not in this run. The forecasts are withheld."
    )
    return verdict(head, sentences, good=bool(published))


def _test(card: ReportCard, *, as_of: dt.date) -> Html:
    return element(
        "p",
        "How we know: the history was cut "
        f"{plural(round(card.holdout_days), 'day')} before "
        f"{figures.day(as_of)}. The models saw only the history before the cut: "
        f"{plural(round(card.customers), 'customer')}, "
        f"{figures.number(card.repeat_buyers)} with a second purchase day. Their forecast of "
        "the days after the cut was then compared with what happened, and with what anybody "
        "could assume without a model.",
    )


def _against(card: ReportCard) -> Html:
    decision = card.decision
    rows: list[tuple[tuple[str, str], Accuracy]] = [
        (_named(one.name, decision), one.accuracy)
        for one in sorted(card.models, key=lambda one: one.accuracy.mae)
    ]
    rows += [
        (_BASELINES.get(name, (name, "")), accuracy) for name, accuracy in card.baselines.items()
    ]
    happened = next((accuracy.actual for _, accuracy in rows), 0)
    best_mae = min((accuracy.mae for _, accuracy in rows), default=0.0)
    best_rmse = min((accuracy.rmse for _, accuracy in rows), default=0.0)
    body: list[list[Child]] = [
        [
            [name, element("small", note)],
            figures.number(accuracy.predicted),
            figures.signed_share(accuracy.total_error),
            _error(accuracy.mae, best=best_mae),
            _error(accuracy.rmse, best=best_rmse),
        ]
        for (name, note), accuracy in rows
    ]
    columns = [
        Heading("Forecast"), Heading("Expected in all", number=True),
        Heading("Total off by", number=True), Heading("MAE", number=True),
        Heading("RMSE", number=True),
    ]  # fmt: skip
    caption = (
        f"Purchase days after the cut: {figures.number(happened)} happened. A customer's "
        "forecast is off by MAE on average; RMSE weighs large misses more. The lowest is bold"
    )
    return table(caption, columns, body)


def _named(name: str, decision: ModelDecision) -> tuple[str, str]:
    if name != decision.model:
        return model_title(name), "tested too"
    return model_title(name), "published" if decision.publish else "the best model, withheld"


def _error(value: float, *, best: float) -> Child:
    text = figures.number(value, 3)
    return element("b", text, class_="best") if text == figures.number(best, 3) else text


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


def _instead(card: ReportCard | None) -> Html:
    states = card.gap_states if card else ()
    body: list[list[Child]] = [
        [
            [name, element("small", note)],
            figures.number(row.customers),
            figures.share(row.ordered),
        ]
        for row in states
        for name, note in [_STATES.get(row.state, (row.state, ""))]
    ]
    columns = [Heading("State at the cut"), Heading("Customers", number=True),
               Heading("Ordered afterwards", number=True)]  # fmt: skip
    return element(
        "div",
        element("h3", "What is used instead"),
        element("p", _INSTEAD),
        table("The rule in the same test", columns, body) if body else None,
    )
