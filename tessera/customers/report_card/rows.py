"""A report card as rows of a table, so that runs can be compared in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PUBLISHED, WITHHELD, CANDIDATE, BASELINE = "published", "withheld", "candidate", "baseline"


def card_rows(card: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return MODEL_CARDS' rows, but for ``as_of``: baselines first; none without a card.

    Parameters
    ----------
    card
        As ``ReportCard.to_dict`` gives it.
    """
    if card is None:
        return []
    decision = card["decision"]
    best = PUBLISHED if decision["publish"] else WITHHELD
    ranking = card["discrimination"] or {}
    shared = {name: float(card[name]) for name in ("holdout_days", "customers")}
    return [
        *(
            {**shared, **accuracy, "name": name, "role": BASELINE}
            for name, accuracy in card["baselines"].items()
        ),
        *(
            {
                **shared,
                **model["accuracy"],
                "name": model["name"],
                "role": best if model["name"] == decision["model"] else CANDIDATE,
                "log_likelihood": model["log_likelihood"],
                "auc": ranking.get("auc") if model["name"] == decision["model"] else None,
            }
            for model in card["models"]
        ),
    ]
