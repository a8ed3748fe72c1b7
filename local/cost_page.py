"""The parts of docs/cost.md that are computed: prices, and what a run of the example costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from infra.pipeline.settings import JobSettings
from tessera.insights import figures
from tessera.insights.cost.messages import message_cost
from tessera.insights.cost.run_cost import Billing
from tessera.insights.cost.steps import RunSize
from tessera.records.run_cost import RunCost

Table = tuple[Sequence[str], Iterable[Sequence[str]]]  # its header and rows

_ONLY = {
    "TrainChurn": ", with attribute files only",
    "PrepareOnSpark": ", in place of Prepare for large uploads",
}


def priced_on() -> str:
    """Return the day of the price list, as people read it."""
    return figures.day(_example().priced_on)


def run_prices() -> Table:
    """Return the steps of a run that are billed by the second, and their prices."""
    size = RunSize(events=0, customers=0, attributes=1)
    steps = [*_cost(size).steps, *_cost(dataclasses.replace(size, on_spark=True)).steps[:1]]
    rows = [
        (
            f"{one.step}{_ONLY.get(one.step, '')}",
            f"`{one.runs_on}`",
            _price(one.usd_per_hour),
        )
        for one in steps
    ]
    return ("Step", "Runs on", "Price per hour"), rows


def _price(usd: float | None) -> str:
    return f"${usd:.3f}".removesuffix("0")


_BILLED = {
    "mails": "Amazon SES, a mail each",
    "writes": "DynamoDB, what becomes of each recipient",
    "reads": "DynamoDB, consent before each message",
}


def message_prices() -> Table:
    """Return what a million messages of campaigns cost, by part."""
    cost = message_cost(1_000_000, by_mail=True)
    rows = [
        *((_BILLED[one.part], f"{one.units:,}", f"${one.usd:.2f}") for one in cost.parts),
        ("together", "", f"${cost.usd:.2f}"),
    ]
    return ("What", "Units", "Price"), rows


def example_total() -> str:
    """Return what a run of the example is expected to cost, in cents."""
    return f"{100 * _example().usd:.2f} cents"


def example_cost() -> Table:
    """Return the expected seconds and cost of each step of a run of the example."""
    cost = _example()
    rows = [(one.step, f"{one.seconds:g}", f"{100 * (one.usd or 0):.2f}") for one in cost.steps]
    return ("Step", "Seconds", "Cents"), [*rows, ("All", "", f"{100 * cost.usd:.2f}")]


def _example() -> RunCost:
    return _cost(RunSize(events=397_884, customers=4_338))


def _cost(size: RunSize) -> RunCost:
    billing = Billing(machines=JobSettings().machines, region="us-east-1")
    cost = billing.expected(size)
    assert cost is not None  # noqa: S101 (the region has a price list)
    return cost
