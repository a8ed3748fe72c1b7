"""A report card as rows of a table, so that runs can be compared in SQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from tessera.records.scoring.report_card import Accuracy, Grade, ReportCard

FORECAST = "forecast"
CANDIDATE, BASELINE, STARTED_FROM = "candidate", "baseline", "started_from"
ROLES: Mapping[Grade, str] = {"full": "published", "ranking": "ranked", "none": "withheld"}


def card_rows(card: ReportCard | None) -> list[dict[str, Any]]:
    """Return MODEL_CARDS' rows, but for ``as_of``: baselines first. None without a card."""
    return list(_rows(card)) if card else []


def _rows(card: ReportCard) -> Iterator[dict[str, Any]]:
    shared = {"holdout_days": card.holdout_days, "customers": card.customers}

    def row(name: str, role: str, accuracy: Accuracy, **more: float | None) -> dict[str, Any]:
        return {**shared, **dataclasses.asdict(accuracy), "name": name, "role": role, **more}

    for name, accuracy in card.baselines.items():
        yield row(name, BASELINE, accuracy)
    for model in card.models:
        role = STARTED_FROM if model.name == card.model else CANDIDATE
        yield row(model.name, role, model.accuracy, log_likelihood=model.log_likelihood)
    if card.forecast is not None:
        grade: Grade = card.verdicts.orders.grade if card.verdicts else "none"
        auc = card.discrimination.auc if card.discrimination else None
        yield row(FORECAST, ROLES[grade], card.forecast, auc=auc)
