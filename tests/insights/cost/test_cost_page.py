"""docs/cost.md says of the example what its own run says."""

from __future__ import annotations

from pathlib import Path

from tests.insights.made import insights_of


def test_the_example_costs_what_the_page_says(make_records, root: Path):
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")
    cost = insights_of(make_records()).expected_cost
    assert cost is not None
    assert f"{100 * cost.usd:.2f} cents" in page
    for step in cost.steps:
        assert f"| {step.step} | {step.seconds:g} | {100 * step.usd:.2f} |" in page
