"""The cost of a run in a sentence, for the notification, the terminal and the report."""

from __future__ import annotations

from tessera.insights import figures
from tessera.records.run_cost import RunCost


def sentence(cost: RunCost) -> str:
    """Return what a run is expected to cost, and which step costs most.

    For example ``Expected cost of a run on AWS: $0.02, of which MapSchema $0.01 (list prices of
    us-east-1, 22 November 2026).``
    """
    known = [step for step in cost.steps if step.usd is not None]
    unknown = [step.step for step in cost.steps if step.usd is None]
    most = max(known, key=lambda step: step.usd or 0.0, default=None)
    which = f", of which {most.step} {usd(most.usd)}" if most else ""
    besides = f", and {', '.join(unknown)}, whose cost is not known" if unknown else ""
    return (
        f"Expected cost of a run on AWS: {usd(cost.usd)}{which}{besides} "
        f"(list prices of {cost.region}, {figures.day(cost.priced_on)})."
    )


def usd(amount: float | None) -> str:
    """Return US dollars, with the digits that small amounts need."""
    places = 2 if amount is None or amount >= 1 else 4
    return figures.money(amount, "USD", places)
