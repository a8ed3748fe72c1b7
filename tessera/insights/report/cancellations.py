"""The attributes' model of cancellations: how good it is, and what it goes by."""

from __future__ import annotations

from tessera.insights import figures
from tessera.insights.report.drawing import plots
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, gauge, table, widest
from tessera.insights.report.facts import fact, verdict
from tessera.plurals import plural
from tessera.records.scoring.churn import ChurnRecord, Quality, RiskGroup, RiskReasons

_KINDS = {
    "logistic": "a logistic regression",
    "boosting": "boosted trees",
    "blend": "the mean of a logistic regression and boosted trees",
}


def cancellations(record: ChurnRecord) -> list[Child]:
    """Return the card of the record ``churn``: its verdict, quality and reasons."""
    title = element("h3", "Who cancels, by what is known of customers?")
    if record.metrics is None:  # not trained
        head = "There is no model of cancellations by attributes."
        return [title, verdict(head, [record.reason], good=False)]
    published = record.decision == "publish"
    head = (
        f"The model passed its test. It is {_KINDS.get(str(record.kind), record.kind)}."
        if published
        else "The model is withheld: no chance to cancel comes from it."
    )
    split = record.split.note if record.split else ""
    clicks = [record.clicks.reason] if record.clicks else []
    sentences = [record.reason, *([split] if split else []), *clicks, *record.notes]
    return [
        title,
        verdict(head, sentences, good=published),
        _quality(record, record.metrics),
        _reasons(record.reasons) if record.reasons else None,
    ]


def _quality(record: ChurnRecord, metrics: Quality) -> Html:
    rate = metrics.cancelled / metrics.customers
    facts = [
        fact(
            f"{metrics.auc:.3f}",
            "AUC",
            "Of two customers, one of which cancelled, it knew which in "
            f"{100 * metrics.auc:.0f} of 100 cases. A coin has 0.5.",
        ),
        fact(
            f"{metrics.ece:.3f}",
            "calibration error",
            "So far is a chance from the share who cancelled, on average.",
        ),
        fact(
            figures.share(rate),
            "base rate",
            f"{figures.number(metrics.cancelled)} of "
            f"{plural(metrics.customers, 'customer')} of the test cancelled within "
            f"{plural(record.horizon_days or 0, 'day')}.",
        ),
    ]
    return element(
        "div",
        element(
            "div",
            element(
                "p",
                "Each dot is a tenth of the customers that the model had not seen, from the "
                "least risk to the most. On the line, exactly so many cancelled. Both axes are "
                "shares by their square root.",
            ),
            plots.calibration(
                [_point(place, row) for place, row in enumerate(record.calibration_table, 1)],
                label="Calibration of the chance to cancel",
                across="predicted share",
                up="share who cancelled",
            ),
        ),
        element("div", element("dl", facts)),
        class_="pair",
    )


def _point(place: int, row: RiskGroup) -> plots.Point:
    title = (
        f"tenth {place}, {plural(row.customers, 'customer')}: "
        f"{figures.share(row.predicted)} predicted, {figures.share(row.observed)} cancelled"
    )
    return plots.Point(row.predicted, row.observed, title)


def _reasons(reasons: RiskReasons) -> Html | None:
    features = reasons.features
    if not features:
        return None
    texts = [figures.share(row.share) for row in features]
    most = widest(texts, [row.share for row in features])
    body: list[list[Child]] = [
        [
            row.feature,
            row.value or figures.NONE,
            gauge(text, row.share, most),
            f"{row.contribution:+.2f}".replace("-", "\u2212"),
        ]
        for row, text in zip(features, texts, strict=True)
    ]
    columns = [
        Heading("Attribute"), Heading("Mostly"),
        Heading("Among the strongest reasons of", number=True),
        Heading("Raises the log-odds by", number=True),
    ]  # fmt: skip
    caption = (
        f"What raises the risk of the {figures.number(reasons.customers)} customers most at "
        "risk, as the model sees it; reasons are no causes"
    )
    return table(caption, columns, body)
