"""Subscriptions: how long they last, and who is about to end one."""

from __future__ import annotations

from tessera.insights import figures
from tessera.insights.report.cancellations import cancellations
from tessera.insights.report.drawing import curves
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import section
from tessera.insights.report.facts import fact, verdict
from tessera.plurals import plural
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.churn import ChurnRecord
from tessera.records.scoring.retention import ChanceSources, RenewalSurvival, RetentionRecord


def subscriptions(records: RunRecords) -> Html | None:
    """Return retention and cancellations, or None for a shop that has neither."""
    retention, churn = records.score.retention, records.score.churn
    if not retention and not churn:
        return None
    return section(
        "Subscriptions",
        _retention(retention) if retention else None,
        cancellations(churn) if churn else None,
        _gave(retention, churn),
    )


# ---- how long they last ----------------------------------------------------------------------


def _retention(record: RetentionRecord) -> list[Child]:
    published = record.decision == "publish"
    head = (
        "The retention model passed its test."
        if published
        else "The retention model is withheld: no chance to cancel comes from it."
    )
    return [
        element("h3", "How long do subscribers stay?"),
        element(
            "p",
            f"{plural(record.subscribers, 'customer')} have subscribed, "
            f"{figures.number(record.active)} of them still are. A subscription is renewed "
            f"every {plural(record.period_days, 'day')}; each customer counts with the "
            "latest one. Those who leave quickly leave first, so the remaining ones seem more "
            "loyal from renewal to renewal.",
        ),
        verdict(head, [record.reason, *record.warnings], good=published),
        _curve(record),
        _parameters(record),
    ]


def _curve(record: RetentionRecord) -> Html | None:
    rows = record.survival
    if not rows:
        return None
    facts = _retention_facts(record)
    return element(
        "div",
        element(
            "div",
            element(
                "p",
                "Each dot is the share that was seen to be there after so many renewals"
                + ("; the line is the model, which goes on beyond." if record.parameters else "."),
            ),
            curves.falling(
                [_step(row) for row in rows],
                across="renewals",
                up="still there",
                label="Subscribers who are still there, by renewal",
            ),
        ),
        element("div", element("dl", facts)) if facts else None,
        class_="pair",
    )


def _step(row: RenewalSurvival) -> curves.CurvePoint:
    parts = []
    if row.observed is not None:
        of = f"{figures.number(row.cancelled)} of {figures.number(row.at_risk)} left"
        parts.append(f"{figures.share(row.observed)} there, {of}")
    if row.fitted is not None:
        parts.append(f"{figures.share(row.fitted)} by the model")
    title = f"{plural(row.renewals, 'renewal')}: {', '.join(parts)}"
    return curves.CurvePoint(row.renewals, row.observed, row.fitted, title)


def _retention_facts(record: RetentionRecord) -> list[Html]:
    facts, seen = [], [row for row in record.survival if row.observed is not None]
    if seen:
        first, last = seen[0], seen[-1]
        facts.append(
            fact(
                figures.share(first.left_share),
                "leave at the first renewal",
                f"Of {figures.number(first.at_risk)} who came to it. Of those who came to "
                f"renewal {last.renewals}, {figures.share(last.left_share)} left.",
            )
        )
    holdout = record.holdout
    if holdout:
        came = holdout.active - holdout.stayed
        facts.append(
            fact(
                figures.signed_share(holdout.total_error),
                "off: cancellations expected against those that came",
                f"Of {plural(holdout.active, 'subscriber')} of "
                f"{plural(holdout.periods, 'period')} ago "
                f"{figures.number(came)} have left since; the model expected "
                f"{figures.number(holdout.active - holdout.expected)}, the churn rate of "
                f"then {figures.number(holdout.active - holdout.naive)}.",
            )
        )
    return facts


def _parameters(record: RetentionRecord) -> Html | None:
    parameters = record.parameters
    if not parameters:
        return None
    errors = record.standard_errors or {}
    texts = [
        f"{name} {value:.4g}" + (f" ± {errors[name]:.2g}" if name in errors else "")
        for name, value in parameters.items()
    ]
    return element(
        "details",
        element("summary", "The model in figures"),
        element(
            "p",
            "Shifted-beta-geometric, fitted by maximum likelihood; ± is a standard error where "
            "there is one: ",
            element("code", ", ".join(texts)),
            f"; log-likelihood {figures.number(record.log_likelihood, 2)}, "
            f"{plural(record.cancelled, 'cancellation')} in periods that are over.",
        ),
    )


# ---- both ------------------------------------------------------------------------------------


def _gave(retention: RetentionRecord | None, churn: ChurnRecord | None) -> Html | None:
    """Say which model gave the chances that profiles have."""
    scored = churn.scored.customers if churn and churn.scored else 0
    gave = retention.gave if retention else None
    gave = gave or ChanceSources(attributes=scored, retention=0)
    if not gave.attributes + gave.retention:
        return element("p", "No profile has a chance to cancel (p_cancel_30d) in this run.")
    return element(
        "p",
        f"The chance to cancel within 30 days (p_cancel_30d) of "
        f"{plural(gave.attributes, 'customer')} comes from their attributes, of "
        f"{plural(gave.retention, 'customer')} from how long they have subscribed.",
        class_="note",
    )
