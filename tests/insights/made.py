"""What insights are made of, beside a run's records: groups as Score counts them, and a bill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.pipeline.settings import JobSettings
from tessera.insights.cost.run_cost import Billing
from tessera.insights.statistics.insights import insights
from tessera.records.insights.insights import Insights
from tessera.records.runs.run import RunRecords

MACHINES = JobSettings().machines
BILLING = Billing(machines=MACHINES, region="us-east-1")


def insights_of(records: RunRecords) -> Insights:
    """Return insights of a run whose jobs did not report their seconds."""
    return insights(records, billing=BILLING)


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
