"""Seconds × price, by step."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tessera.environments.machines import StageMachines
from tessera.insights.cost.price_list import PriceList, price_list
from tessera.insights.cost.steps import (
    GLUE_LEAST_SECONDS,
    BilledStep,
    RunSize,
    billed_steps,
    expected_seconds,
    in_functions,
)
from tessera.records.run_cost import RunCost, StepCost

_HOUR_SECONDS = 3600


@dataclasses.dataclass(frozen=True, kw_only=True)
class Billing:
    """What a run is billed by.

    Parameters
    ----------
    machines, region
        Of the stage.
    seconds
        How long the run's jobs were billed for, by the name of the step. Steps that did not run,
        or did not report, are missing.
    """

    machines: StageMachines
    region: str
    seconds: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def expected(self, size: RunSize) -> RunCost | None:
        """Return what a run of a size is expected to cost, None without a price list."""
        return self._cost(expected_seconds(size), size)

    def measured(self, size: RunSize) -> RunCost | None:
        """Return what the run cost. None without a price list, and where no step reported."""
        return self._cost(self.seconds, size) if self.seconds else None

    def _cost(self, seconds: Mapping[str, float], size: RunSize) -> RunCost | None:
        prices = price_list(self.region)
        if prices is None:
            return None
        billed = in_functions(
            billed_steps(size, machines=self.machines), seconds, machines=self.machines
        )
        steps = tuple(_cost(step, seconds.get(step.name), prices=prices) for step in billed)
        return RunCost(
            region=self.region,
            priced_on=prices.priced_on,
            steps=steps,
            usd=round(sum(step.usd for step in steps if step.usd is not None), 6),
        )


def _cost(step: BilledStep, seconds: float | None, *, prices: PriceList) -> StepCost:
    services = {"sagemaker": prices.sagemaker, "glue": prices.glue, "lambda": prices.functions}
    price = services[step.service].get(step.kind)
    hourly = None if price is None else round(price * step.count, 6)
    billed = None if hourly is None or seconds is None else hourly * _billed(step, seconds)
    return StepCost(
        step=step.name,
        runs_on=step.words,
        usd_per_hour=hourly,
        seconds=seconds,
        usd=None if billed is None else round(billed / _HOUR_SECONDS, 6),
    )


def _billed(step: BilledStep, seconds: float) -> float:
    """Return the seconds on the bill: Glue's runs have a least."""
    return max(seconds, GLUE_LEAST_SECONDS) if step.service == "glue" else seconds
