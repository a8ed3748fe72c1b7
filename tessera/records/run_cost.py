"""What a run costs, expected and measured: a part of insights.json and of a plan."""

from __future__ import annotations

import dataclasses
import datetime as dt


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepCost:
    """One step of a run and its price.

    Parameters
    ----------
    step
        The state of the state machine.
    runs_on
        The machines, in words.
    usd_per_hour
        List price of all of them together. None where the price list lacks them.
    seconds
        How long they ran. None where it is not known.
    usd
        Billed seconds × price: Glue bills a minute at least. None where either is not known.
    """

    step: str
    runs_on: str
    usd_per_hour: float | None
    seconds: float | None = dataclasses.field(metadata={"unit": "s"})
    usd: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunCost:
    """The cost of a run at list prices.

    Parameters
    ----------
    region
        Of the prices.
    priced_on
        The day of the price list.
    steps
        One row a step.
    usd
        The sum of the steps whose cost is known.
    """

    region: str
    priced_on: dt.date
    steps: tuple[StepCost, ...]
    usd: float
