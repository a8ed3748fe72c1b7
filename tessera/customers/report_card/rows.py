"""A report card as rows of a table, so that runs can be compared in SQL."""

from __future__ import annotations

import dataclasses
from typing import Any

from tessera.records.scoring.report_card import ReportCard

PUBLISHED, WITHHELD, CANDIDATE, BASELINE = "published", "withheld", "candidate", "baseline"


def card_rows(card: ReportCard | None) -> list[dict[str, Any]]:
    """Return MODEL_CARDS' rows, but for ``as_of``: baselines first. None without a card."""
    if card is None:
        return []
    best = PUBLISHED if card.decision.publish else WITHHELD
    auc = card.discrimination.auc if card.discrimination else None
    shared = {"holdout_days": card.holdout_days, "customers": card.customers}
    return [
        *(
            {**shared, **dataclasses.asdict(accuracy), "name": name, "role": BASELINE}
            for name, accuracy in card.baselines.items()
        ),
        *(
            {
                **shared,
                **dataclasses.asdict(model.accuracy),
                "name": model.name,
                "role": best if model.name == card.decision.model else CANDIDATE,
                "log_likelihood": model.log_likelihood,
                "auc": auc if model.name == card.decision.model else None,
            }
            for model in card.models
        ),
    ]
