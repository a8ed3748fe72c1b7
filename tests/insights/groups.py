"""The groups of a run's records, as Score counts them: for records of versions before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def groups_of(score: Mapping[str, Any], **more: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the member ``groups`` of a score record. ``more`` is added to every group."""
    own = [
        {
            "group": row["label"],
            "uuids": row["customers"],
            "buyers": row["customers"] if row["mean_frequency"] is not None else 0,
            "percentage": round(100 * row["share"], 4),
            "order_count_avg": row["mean_frequency"],
            "timeliness_avg_days": row["mean_recency_days"],
            "monetary": row["monetary"],
            "monetary_percentage": round(100 * row["monetary_share"], 4),
            "mean_order_value": row["mean_order_value"],
            **more,
        }
        for row in score["segments"]
    ]
    sets = {
        name: [
            {
                "group": label["label"],
                "uuids": label["customers"],
                "buyers": label["customers"],
                "percentage": round(100 * label["customers"] / score["customers"], 4),
                "order_count_avg": None,
                "timeliness_avg_days": None,
                "monetary": "0.00",
                "monetary_percentage": 0.0,
                "mean_order_value": None,
                **more,
            }
            for label in one["labels"]
        ]
        for name, one in score.get("sets", {}).items()
    }
    return {"rfm": own} | sets
