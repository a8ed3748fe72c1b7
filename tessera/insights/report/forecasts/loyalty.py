"""The score of loyalty: what it weighs, what its test proved, or why nobody has one."""

from __future__ import annotations

from collections.abc import Iterator

from tessera.customers.forecasting.words import FEATURES
from tessera.insights import figures
from tessera.insights.forecasts import sentence
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, section, table
from tessera.records.runs.run import RunRecords
from tessera.records.scoring.loyalty import LearntLoyalty, LoyaltyTest

_WEIGHTS = [
    Heading("A customer with more than usual in …"),
    Heading("Log-odds of an order", number=True),
    Heading("Standard error", number=True),
]
_TEST = [
    Heading("Customers ranked by"),
    Heading("Buyers in the first fifth", number=True),
    Heading("AUC", number=True),
]


def loyalty(records: RunRecords) -> Html | None:
    """Return the score of loyalty, or None where no segment set reads it."""
    models = records.score.models
    learnt = models.loyalty if models else None
    if learnt is None:
        return None
    return section(
        "Loyalty",
        element("p", " ".join(_sentences(learnt))),
        _gates(learnt),
        _tested(learnt.test) if learnt.test else None,
        _weights(learnt),
    )


def _sentences(learnt: LearntLoyalty) -> Iterator[str]:
    if learnt.published:
        yield (
            "Every buyer has a score from 0 to 100: the higher, the likelier is an order within 90 "
            "days. It ranks customers, and it is no chance."
        )
    else:
        yield "Nobody has a score of loyalty in this run, and nobody has a group by it."
    yield from map(sentence, learnt.reasons)


def _gates(learnt: LearntLoyalty) -> Html | None:
    items = [element("li", f"{gate.reason}.") for gate in (learnt.clicks, learnt.emails) if gate]
    return element("ul", items) if items else None


def _tested(test: LoyaltyTest) -> Html:
    body: list[list[Child]] = [
        ["The score", figures.share(test.top_share), figures.number(test.auc, 3)],
        [
            "Recency alone",
            figures.share(test.top_share_of_recency),
            figures.number(test.auc_of_recency, 3),
        ],
    ]
    return table("The score against recency, on customers of 90 days ago", _TEST, body)


def _weights(learnt: LearntLoyalty) -> Html | None:
    regression = learnt.regression
    errors: list[str] = [figures.number(one, 3) for one in learnt.standard_errors]
    errors = errors or [figures.NONE] * len(regression.names)
    rows = zip(regression.names, regression.coefficients, errors, strict=True)
    body: list[list[Child]] = [
        [FEATURES[name], figures.number(weight, 3), error]
        for name, weight, error in sorted(rows, key=lambda row: (-abs(row[1]), row[0]))
        if weight
    ]
    unit = "one standard deviation" if learnt.weights == "learnt" else "one unit of its logarithm"
    return table(f"The {learnt.weights} weights, for {unit} more", _WEIGHTS, body) if body else None
