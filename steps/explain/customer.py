"""What there is to say about one customer of a run, put together from the run's files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from steps.explain.cancellation import cancellation
from steps.explain.forecast import forecast_of, loyalty_of
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.records.scoring.score import ScoreRecord
from tessera.segments.definition import definition_for
from tessera.segments.explanation import explain as explanation
from tessera.segments.explanation import explain_absence
from tessera.settings import RunSettings

_ORDERS = ("p_alive", "next_order_at", "next_order_from", "next_order_to")
_VALUES = ("clv", "historic_value", "total_value")

Row = Mapping[str, Any]


class ExplainedRun(Protocol):
    """A run's files, as far as an explanation reads them."""

    def settings(self) -> RunSettings:
        """Return the run's settings."""
        ...

    def score(self) -> ScoreRecord:
        """Return what Score recorded."""
        ...

    def profile(self, key: str) -> Row | None:
        """Return a customer's row of the profiles."""
        ...

    def summary(self, key: str) -> Row | None:
        """Return a customer's summary, which models read."""
        ...

    def subscription(self, key: str) -> Row | None:
        """Return when a customer's subscription began and ended."""
        ...

    def previous(self, key: str) -> Row | None:
        """Return a customer's profile in the previous run."""
        ...

    def move(self, key: str) -> Row | None:
        """Return a customer's row of the transitions."""
        ...


def explain_customer(run: ExplainedRun, key: str) -> dict[str, Any] | None:
    """Return an explanation (``tessera.segments.explanation``). None for an unknown customer.

    A customer who left since the previous run has one too.
    """
    row = run.profile(key)
    if row is None:
        previous = run.previous(key)
        return None if previous is None else explain_absence(previous, move=run.move(key))
    score, summary = run.score(), run.summary(key)
    labels = json.loads(row.get("labels") or "{}")
    return explanation(
        {**row, **labels},
        definition=definition_for(run.settings()),
        thresholds=score.thresholds,
        sets=score.sets,
        models=_models(score.models, summary=summary),
        forecast=forecast_of(score.models, summary=summary, as_of=score.as_of),
        loyalty=loyalty_of(score.models, summary=summary),
        cancellation=cancellation(
            row["p_cancel_30d"],
            churn=score.churn,
            retention=score.retention,
            subscription=run.subscription(key),
        ),
        previous=run.previous(key),
        move=run.move(key),
    )


def _models(record: ForecastModels | None, *, summary: Row | None) -> dict[str, dict[str, Any]]:
    """Return the models that scored a customer, with their inputs. Non-buyers have none."""
    if record is None or summary is None or not summary["purchase_days"]:
        return {}
    repeats = summary["purchase_days"] - 1
    withheld = None if record.published else "; ".join(record.reasons)
    seen: dict[str, object] = {
        "repeats": repeats,
        "last_day": summary["tenure_days"] - summary["recency_days"],
        "age_days": summary["tenure_days"],
    }
    purchase = {
        "name": record.published,
        "inputs": seen,
        "outputs": _ORDERS,
        "withheld": withheld,
    }
    return {"purchase": purchase, "spend": _spend(record, summary, repeats, withheld=withheld)}


def _spend(
    record: ForecastModels, summary: Row, repeats: int, *, withheld: str | None
) -> dict[str, Any]:
    money = summary["monetary"] - summary["first_day_monetary"]
    nobody = None if record.spend else "nobody has bought twice"
    return {
        "name": "gamma_gamma",
        "inputs": {
            "repeats": repeats,
            "money per repeat purchase day": round(float(money) / repeats, 2) if repeats else None,
        },
        "outputs": _VALUES,
        "withheld": nobody or withheld,
    }
