"""The rules of a run, from its records."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.customers.forecasting.shown import shown_amounts
from tessera.customers.summary import Period
from tessera.labels.history import stream_windows
from tessera.records.label_rules import LabelRules, PurchaseRule
from tessera.records.runs.prepare import PrepareRecord
from tessera.records.runs.ticket import Ticket
from tessera.records.scoring.score import ScoreRecord
from tessera.segments.definition import definition_for
from tessera.segments.thresholds import recorded_thresholds


def rules_of_run(
    ticket: Ticket, prepare: PrepareRecord, score: ScoreRecord, *, uploads: Iterable[str]
) -> LabelRules:
    """Return what a run decided for everybody.

    Parameters
    ----------
    ticket, prepare, score
        Its records.
    uploads
        The names of the uploads that count.
    """
    settings = ticket.settings
    definition = definition_for(settings)
    period = Period(
        as_of=score.as_of, window_months=settings.window_months, time_zone=prepare.time_zone
    )
    return LabelRules(
        run_id=ticket.run_id,
        as_of=score.as_of,
        preset=definition.name,
        measures=definition.measures,
        scale=definition.scale,
        floors=recorded_thresholds(score.thresholds),
        cells={cell: one.label for one in definition.segments for cell in one.cells},
        prospect=definition.everyone[-1].label,
        model=_model(score),
        start=period.start,
        last_event_at=prepare.last_event_at,
        time_zone=prepare.time_zone,
        currency=prepare.currency,
        currency_rates=settings.currency_rates,
        events=settings.events,
        doubtful_ids=settings.doubtful_ids,
        last_window=max(stream_windows(list(uploads)).values(), default=0),
    )


def _model(score: ScoreRecord) -> PurchaseRule | None:
    """Return the purchase model where the run shows the chance to be active."""
    models = score.models
    if models is None or models.model is None or "p_alive" not in shown_amounts(models):
        return None
    return PurchaseRule(name=models.model.name, parameters=models.model.parameters)
